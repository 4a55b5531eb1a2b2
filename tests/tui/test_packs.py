"""Choosing a starter pack, with a site on loopback: what can be read is there, and what cannot is told."""

from __future__ import annotations

from bacatui.paths import Home
from bacatui.store import Store
from tests.fetch.server import Server, answer
from tests.sync.conftest import feed
from tests.tui.conftest import Opened


def write_pack(home: Home, url: str, *titles: str) -> None:
    """The user's own file of packs, with one pack of the feeds that stand under these titles."""
    home.config.mkdir(parents=True, exist_ok=True)
    feeds = "".join(
        f'[[pack.feeds]]\ntitle = "{one}"\nurl = "{url}/{one}"\nabout = "a"\n' for one in titles
    )
    (home.config / "packs.toml").write_text(
        f'[[pack]]\ntitle = "Loopback"\nabout = "here"\n{feeds}'
    )


def titles(store: Store) -> list[str]:
    return sorted(one.title for one in store.read.feeds())


async def test_a_dead_address_of_a_pack_is_told_and_skipped_and_the_others_go_on(
    store: Store, home: Home, opened: Opened
) -> None:
    async with Server() as server:
        server.answers = {
            "/Alpha": answer(feed(server.url, "The harbour opens", title="A")),
            "/Beta": answer(feed(server.url, "The market moves", title="B")),
            "/Page": answer(b"<html><body><p>Welcome", Content_Type="text/html"),
            "/Busy": answer(b"", 503),
        }
        write_pack(home, server.url, "Alpha", "Beta", "Gone", "Page", "Busy")
        async with opened(110, 32) as screen:
            await screen.press("enter")
            await screen.press("enter")
            picture = await screen.sees("3 of 5 could not be read now")
            assert titles(store) == ["Alpha", "Beta", "Busy"]
            for line in (
                "Left out",
                "Gone",
                "has nothing at this address (404)",
                "Page",
                "a web page, not a feed",
            ):
                assert line in picture
            for line in ("Kept, and asked again later", "Busy", "an error (503)"):
                assert line in picture
            await screen.press("enter")
            picture = await screen.sees("The harbour opens")
            assert "could not be read now" not in picture and "online" in picture
            await screen.sees("The market moves")


async def test_a_pack_that_is_chosen_without_a_network_is_kept_and_waits(
    store: Store, home: Home, opened: Opened
) -> None:
    async with Server() as closed:
        write_pack(home, closed.url, "Alpha", "Beta")
    async with opened(110, 32) as screen:
        await screen.press("enter")
        await screen.press("enter")
        picture = await screen.sees("asked once the network is there")
        assert titles(store) == ["Alpha", "Beta"]
        assert "offline" in picture and "could not be read" not in picture
    back = Server(
        {"/Alpha": answer(feed("http://a.example", "The harbour opens"))}, port=closed.port
    )
    async with back, opened(110, 32) as screen:
        await screen.press("R")
        await screen.sees("The harbour opens")


async def test_a_pack_that_is_here_already_is_not_asked_again(
    store: Store, home: Home, opened: Opened
) -> None:
    async with Server() as server:
        write_pack(home, server.url, "Alpha")
        store.write.add_feed(f"{server.url}/Alpha", "Alpha").result()
        async with opened(110, 32) as screen:
            screen.app.main.do("packs")
            await screen.sees("Loopback")
            await screen.press("enter")
            await screen.press("enter")
            await screen.sees("All of Loopback is here already.")
        assert server.asked == []


async def test_a_pack_file_that_is_wrong_is_told_of(
    store: Store, home: Home, opened: Opened
) -> None:
    home.config.mkdir(parents=True)
    (home.config / "packs.toml").write_text("[[pack]]\ntitle = 'Mine'\n")
    async with opened(160, 32) as screen:
        picture = await screen.sees("Starter packs")
        assert "Mine has no feeds." in picture.replace("\n", " ") or "are left out" in picture
