"""A name server that lies: what was public when it was chosen leads inside later, and nobody there is asked.

Two servers have the same port: 127.0.0.2 is made to count as the open Internet here, 127.0.0.1 lies inside.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import pytest

from bacatui.fetch import address, route
from bacatui.model import Article, Network, Offline, Scope
from bacatui.store import Store, open_store
from bacatui.sync import FeedDone
from tests.fetch.server import Asked, Server, answer
from tests.sync.conftest import PARAGRAPH, Library, feed, page

PUBLIC, INSIDE = "127.0.0.2", "127.0.0.1"


@dataclass
class World:
    """The servers, and what the resolver says: a name's addresses, or the error that it answers with."""

    outside: Server
    inside: Server
    names: dict[str, str | OSError] = field(default_factory=dict)

    def url(self, name: str, path: str = "/") -> str:
        return f"http://{name}:{self.outside.port}{path}"

    def lie(self, *names: str) -> None:
        """From now on these names lead inside."""
        self.names |= dict.fromkeys(names, INSIDE)


@pytest.fixture
async def world(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    real, is_public = socket.getaddrinfo, address.is_public
    outside, inside = Server(host=PUBLIC), Server(host=INSIDE)
    for _try in range(50):  # a port that is free on both
        with suppress(OSError):
            await outside.__aenter__()
            inside.port = outside.port
            await inside.__aenter__()
            break
        await outside.__aexit__()
        outside.port = 0
    made = World(outside, inside)

    def look_up(host: str, port: int, *args: Any, **more: Any) -> list[Any]:
        found = made.names.get(host, PUBLIC if host.endswith(".test") else host)
        if isinstance(found, OSError):
            raise found
        return real(found, port, *args, **more)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    monkeypatch.setattr(
        address, "is_public", lambda ip: ip == ipaddress.ip_address(PUBLIC) or is_public(ip)
    )
    monkeypatch.setattr(route, "NAMES_LAST", 0.0)
    inside.answers = {
        "/feed": answer(feed(made.url("kabar.test"), "rahasia")),
        "/": page("rahasia"),
    }
    yield made
    await outside.__aexit__()
    await inside.__aexit__()


async def add(library: Library, url: str, **more: Any) -> int:
    async with library.session() as session:
        added = await session.add(url, **more)
    assert added.feed is not None, added.error
    return added.feed.id


def network_of(store: Store, number: int) -> str | None:
    found = store.read.feed(number)
    assert found is not None
    return found.settings.get("network")


def reasons(store: Store) -> list[str]:
    return [why for _row, why in store.read.offline().missing]


async def test_a_public_feed_that_leads_inside_later_is_refused_until_it_is_allowed(
    library: Library, world: World
) -> None:
    url = world.url("kabar.test", "/feed")
    world.outside.answers["/feed"] = answer(
        feed(world.url("kabar.test"), "satu", text=PARAGRAPH * 4), ETag='"1"'
    )
    number = await add(library, url)
    assert network_of(library.store, number) == "public"
    world.lie("kabar.test")
    for is_new in (True, False):
        report, events = await library.sync()
        (told,) = (event for event in events if isinstance(event, FeedDone))
        assert told.leads_inside and (told.feed.error != told.error) is is_new
        assert f"bacatui add --inside {url}" in report.errors[0].error
    assert (world.inside.connections, library.titles(), network_of(library.store, number)) == (
        0,
        ["satu"],
        "refused",
    )
    state = library.store.read.fetch_state(number)
    assert (state.status, state.errors, state.etag) == ("failing", 0, '"1"')
    assert await add(library, url, inside=True) == number
    assert world.inside.connections == 0
    await library.sync(articles=False)
    assert (world.inside.connections > 0, library.titles()) == (True, ["rahasia", "satu"])
    library.store.write.undo().result()
    assert network_of(library.store, number) == "refused"


async def test_it_is_asked_again_without_a_word_once_it_is_public_again(
    library: Library, world: World
) -> None:
    world.outside.answers["/feed"] = answer(feed(world.url("kabar.test"), "satu"))
    number = await add(library, world.url("kabar.test", "/feed"))
    world.lie("kabar.test")
    await library.sync()
    world.names.clear()
    report, _events = await library.sync(articles=False)
    assert (report.errors, network_of(library.store, number), world.inside.connections) == (
        [],
        "public",
        0,
    )


@pytest.mark.parametrize("status", [301, 302, 307])
async def test_a_redirect_does_not_lead_inside(library: Library, world: World, status: int) -> None:
    world.outside.answers["/feed"] = answer(feed(world.url("kabar.test"), "satu"))
    number = await add(library, world.url("kabar.test", "/feed"))
    world.lie("lain.test")
    for target in (
        world.url("lain.test", "/feed"),
        world.url(INSIDE, "/feed"),
        world.url("localhost", "/feed"),
    ):
        world.outside.answers["/feed"] = answer(b"", status, Location=target)
        for _sighting in range(3):
            await library.sync(retry=True)
    found = library.store.read.feed(number)
    assert found is not None
    assert (found.url, network_of(library.store, number)) == (
        world.url("kabar.test", "/feed"),
        "public",
    )
    assert world.inside.connections == 0


async def test_a_redirect_to_its_own_name_does_not_lead_inside_either(
    library: Library, world: World
) -> None:
    async def lying(asked: Asked, writer: object) -> bytes:
        world.lie("kabar.test")
        return answer(b"", 302, Location="/else")

    world.outside.answers["/feed"] = lying
    async with library.session() as session:
        added = await session.add(world.url("kabar.test", "/feed"))
    assert (added.feed, bool(added.error), world.inside.connections) == (None, True, 0)


def linking(**links: str) -> bytes:
    """A feed whose entries have these titles and links, and only a teaser each."""
    items = "".join(
        f"<item><title>{name}</title><link>{link}</link><description>Singkat …</description></item>"
        for name, link in links.items()
    )
    return answer(
        f'<rss version="2.0"><channel><title>Kabar</title>{items}</channel></rss>'.encode()
    )


async def test_pages_and_pictures_of_a_public_feed_do_not_lead_inside(
    library: Library, world: World
) -> None:
    here, there = world.url("kabar.test"), world.url("lain.test")
    world.outside.answers |= {
        "/feed": linking(
            satu=f"{here}satu",
            hop=f"{there}hop",
            foto=f"{here}foto",
            other=f"{there}satu",
            spelled=world.url(INSIDE),
        ),
        "/satu": answer(b"", 503),
        "/hop": answer(b"", 302, Location=f"{here}satu"),
        "/foto": page("foto", f'{PARAGRAPH * 4}<figure><img src="/foto.png"></figure>'),
        "/foto.png": answer(b"", 503),
    }
    world.inside.answers |= dict.fromkeys(("/satu", "/foto.png"), page("rahasia"))
    await add(library, world.url("kabar.test", "/feed"))
    await library.sync()
    states = {row.title: row.offline for row in library.store.read.first(Scope(), 9)}
    assert states.pop("foto") is Offline.PARTIAL
    assert set(states.values()) == {Offline.FAILED}
    world.lie("kabar.test", "lain.test")
    for _time in range(2):
        await library.sync(retry=True)
    assert world.inside.connections == 0
    told = {row.title: why for row, why in library.store.read.offline().missing}
    assert set(told) == {"satu", "hop", "other", "spelled"}
    assert all("this machine or its network" in why for why in told.values())
    picture = library.store.read.picture(f"{here}foto.png")
    assert picture is not None and "this machine or its network" in picture.error


async def test_a_further_part_of_a_public_page_does_not_lead_inside(
    library: Library, world: World
) -> None:
    async def first_part(asked: Asked, writer: object) -> bytes:
        world.lie("kabar.test")
        return page("bagian", extra="<link rel='next' href='/2'>")

    world.outside.answers |= {
        "/feed": linking(bagian=world.url("kabar.test", "/1")),
        "/1": first_part,
    }
    world.inside.answers["/2"] = page("rahasia")
    number = await add(library, world.url("kabar.test", "/feed"))
    await library.sync([number], articles=True)
    (row,) = library.store.read.first(Scope(), 9)
    assert (row.offline, world.inside.connections) == (Offline.PARTIAL, 0)


async def test_what_a_public_page_announces_or_suggests_does_not_lead_inside(
    library: Library, world: World
) -> None:
    link = "<link rel='alternate' type='application/rss+xml' title='{0}' href='{1}'>"
    one, two = (link.format(name, world.url(f"{name}.test", "/feed")) for name in ("satu", "dua"))

    def lying(html: str, *names: str) -> Any:
        async def told(asked: Asked, writer: object) -> bytes:
            world.lie(*names)
            return answer(
                f"<html><head>{html}</head><body>x</body></html>".encode(), Content_Type="text/html"
            )

        return told

    world.outside.answers |= {
        "/one": lying(one, "satu.test"),
        "/none": lying(
            "", "kabar.test"
        ),  # its own name, for addresses where sites commonly have their feed
        "/two": lying(one + two),
    }
    async with library.session() as session:
        for path in ("/one", "/none"):
            world.names.clear()
            assert (await session.add(world.url("kabar.test", path))).feed is None
        world.names.clear()
        seen = await session.preview(world.url("kabar.test", "/two"))
        assert len(seen.choices) == 2
        world.lie("satu.test")
        chosen = await session.preview(seen.choices[0].url, seen.trusted)
        assert (chosen.parsed, chosen.can_wait, bool(chosen.error)) == (None, False, True)
        assert (await session.add(seen.choices[0].url, seen=chosen)).feed is None
    assert (world.inside.connections, library.store.read.feeds()) == (0, [])


async def test_a_saved_page_is_fetched_inside_only_where_it_lay_there_when_it_was_saved(
    library: Library, world: World
) -> None:
    world.outside.answers["/"] = answer(b"", 503)
    for name in ("kabar.test", "rumah.test"):
        async with library.session() as session:
            await session.save(world.url(name))
        world.lie("rumah.test")  # before it is saved
    library.store.close()
    library.store = open_store(library.home.store)
    asked = world.inside.connections
    assert asked == 1
    world.lie("kabar.test")
    world.inside.answers["/"] = page("rahasia")
    await library.sync([], retry=True)
    hosts = {one.headers["host"].partition(":")[0] for one in world.inside.asked}
    assert hosts == {"rumah.test"}
    assert any(f"bacatui save {world.url('kabar.test')}" in why for why in reasons(library.store))
    async with library.session() as session:
        number = await session.save(world.url("kabar.test"))
    assert (library.store.read.article(number) or Article()).text


async def test_a_link_of_a_public_page_is_not_saved_from_inside(
    library: Library, world: World
) -> None:
    world.lie("kabar.test")
    async with library.session() as session:
        assert not await session.allows(world.url("kabar.test"), "")
        assert not await session.allows(world.url(INSIDE), "")
        await session.save(world.url("kabar.test"), "")
    await library.sync([], retry=True)
    assert world.inside.connections == 0


async def test_any_page_is_opened_where_it_was_typed_and_its_further_parts_are_not_trusted(
    library: Library, world: World
) -> None:
    world.lie("rumah.test")
    async with library.session() as session:
        assert (await session.open_page(world.url("rumah.test"))).text
        asked = world.inside.connections

        async def first_part(asked: Asked, writer: object) -> bytes:
            world.lie("kabar.test")
            return page("bagian", extra="<link rel='next' href='/2'>")

        world.outside.answers["/"] = first_part
        article = await session.open_page(world.url("kabar.test"))
    assert article.text and "machine or its network" in article.error
    assert world.inside.connections == asked


async def test_feeds_of_an_older_library_are_decided_at_their_first_sync(
    library: Library, world: World
) -> None:
    world.outside.answers["/feed"] = answer(feed(world.url("kabar.test"), "satu"))
    world.lie("rumah.test")
    public, inside, spelled = (
        library.subscribe(world.url(name, "/feed")) for name in ("kabar.test", "rumah.test", INSIDE)
    )
    report, _events = await library.sync(articles=False)
    assert [network_of(library.store, number) for number in (public, inside, spelled)] == [
        "public",
        "refused",
        "inside",
    ]
    assert [error.feed for error in report.errors] == [inside]
    assert {asked.headers["host"].partition(":")[0] for asked in world.inside.asked} == {INSIDE}


async def test_a_feed_that_could_not_be_asked_when_it_was_added_is_decided_later(
    library: Library, world: World
) -> None:
    world.names["rumah.test"] = socket.gaierror(
        socket.EAI_AGAIN, "Temporary failure in name resolution"
    )
    number = await add(library, world.url("rumah.test", "/feed"))
    other = await add(library, world.url("rumah.test", "/other"), inside=True)
    assert (network_of(library.store, number), network_of(library.store, other)) == (None, "inside")
    world.lie("rumah.test")
    await library.sync(articles=False)
    assert network_of(library.store, number) == "refused"
    assert {asked.target for asked in world.inside.asked} == {"/other"}


async def test_a_feed_inside_that_moves_to_a_public_address_is_public_from_then_on(
    library: Library, world: World
) -> None:
    world.lie("rumah.test")
    number = await add(library, world.url("rumah.test", "/feed"))
    assert network_of(library.store, number) == "inside"
    world.inside.answers["/feed"] = answer(b"", 301, Location=world.url("kabar.test", "/feed"))
    world.outside.answers["/feed"] = answer(feed(world.url("kabar.test"), "satu"))
    for _sighting in range(2):
        await library.sync(articles=False)
    found = library.store.read.feed(number)
    assert found is not None and found.url == world.url("kabar.test", "/feed")
    asked = world.inside.connections
    world.lie("kabar.test")
    await library.sync(articles=False)
    assert (world.inside.connections, network_of(library.store, number)) == (asked, "refused")


async def test_a_feed_inside_stays_so_when_it_moves_at_home(library: Library, world: World) -> None:
    world.lie("rumah.test")
    number = await add(library, world.url("rumah.test", "/feed"))
    world.inside.answers["/old"] = world.inside.answers["/feed"]
    world.inside.answers["/feed"] = answer(b"", 301, Location="/old")
    for _sighting in range(3):
        report, _events = await library.sync(articles=False)
    found = library.store.read.feed(number)
    assert found is not None
    assert (found.url, network_of(library.store, number)) == (
        world.url("rumah.test", "/old"),
        "inside",
    )
    assert report.errors == []


async def test_a_new_address_of_a_feed_is_decided_anew(library: Library, world: World) -> None:
    world.lie("rumah.test", "lain.test")
    number = await add(library, world.url("rumah.test", "/feed"))
    library.store.write.edit_feed(number, url=world.url("lain.test", "/feed")).result()
    assert network_of(library.store, number) is None
    asked = world.inside.connections
    await library.sync(articles=False)
    assert (world.inside.connections, network_of(library.store, number)) == (asked, "refused")
    library.store.write.undo().result()
    found = library.store.read.feed(number)
    assert found is not None and found.url == world.url("rumah.test", "/feed")


async def test_two_feeds_that_become_one_keep_the_decision_of_the_one_that_stays(
    library: Library, world: World
) -> None:
    world.outside.answers |= {"/feed": answer(feed(world.url("kabar.test"), "satu"))}
    stays = await add(library, world.url("kabar.test", "/feed"))
    world.lie("rumah.test")
    await add(library, world.url("rumah.test", "/feed"))
    world.inside.answers["/feed"] = answer(b"", 301, Location=world.url("kabar.test", "/feed"))
    for _sighting in range(2):
        await library.sync(articles=False)
    assert [each.id for each in library.store.read.feeds()] == [stays]
    assert network_of(library.store, stays) == "public"


async def test_what_a_sync_decides_leaves_the_users_own_changes_undoable(
    library: Library, world: World
) -> None:
    world.outside.answers["/feed"] = answer(feed(world.url("kabar.test"), "satu"))
    number = library.subscribe(world.url("kabar.test", "/feed"))
    library.store.write.edit_feed(number, settings={"interval": "90"}).result()
    await library.sync(articles=False)
    assert library.store.read.journal()[0].author == "reader"
    found = library.store.read.feed(number)
    assert found is not None and found.settings == {"interval": "90", "network": "public"}
    library.store.write.undo().result()
    found = library.store.read.feed(number)
    assert found is not None and found.settings == {"network": "public"}
    library.store.write.redo().result()
    found = library.store.read.feed(number)
    assert found is not None and found.settings == {"interval": "90", "network": "public"}


async def test_a_sync_does_not_take_back_what_the_user_allows_meanwhile(
    library: Library, world: World
) -> None:
    world.lie("rumah.test")
    number = library.subscribe(world.url("rumah.test", "/feed"))
    found = library.store.read.feed(number)
    assert found is not None
    library.store.write.edit_feed(number, settings={"network": "inside"}).result()
    library.store.write.settle_networks({number: (found.url, Network.REFUSED)}).result()
    assert network_of(library.store, number) == "inside"
    library.store.write.edit_feed(number, url=world.url("lain.test")).result()
    library.store.write.settle_networks({number: (found.url, Network.PUBLIC)}).result()
    assert network_of(library.store, number) is None
