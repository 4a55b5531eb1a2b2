"""mark, undo, save: what the reader does, durable before the command ends."""

from __future__ import annotations

from bacatui import sanitize
from bacatui.cli.call import Call, entry_id, scope_of
from bacatui.cli.output import Refusal, say, tell
from bacatui.i18n import _, ngettext, when


def mark(call: Call) -> int:
    words = [word for given in call.args.query for word in given.split()]
    with call.store() as store:
        if all(word.isascii() and word.isdigit() for word in words):
            ids = list(dict.fromkeys(entry_id(store.read, word) for word in words))
        else:
            ids = list(store.read.ids(scope_of(call.args.query)))
        if not ids:
            tell(_("nothing found."))
            return 0
        state = call.args.state
        if state in {"read", "unread"}:
            store.write.set_read(ids, state == "read").result()
        else:
            store.write.set_bookmark(ids, state == "bookmark").result()
    tell(ngettext("{n} entry marked; bacatui undo takes it back.",
                  "{n} entries marked; bacatui undo takes it back.", len(ids)).format(n=len(ids)))  # fmt: skip
    return 0


def undo(call: Call) -> int:
    with call.store() as store:
        if call.args.list:
            for did in store.read.journal(50):
                say(f"{did.id:>5}  {when.date(did.at)} {when.clock(did.at)}  {did.author}  {did.text}")
            return 0
        act = store.write.undo(call.args.act).result()
        if act is None:
            tell(_("there is nothing to take back."))
        else:
            say(_("Taken back: {what}").format(what=act.text))
    return 0


def save(call: Call) -> int:
    url = sanitize.url(call.args.url)
    if not url:
        raise Refusal(_("{url} is no web address.").format(url=call.args.url))
    number = call.online(lambda session, _store: session.save(url))
    say(_("Saved and bookmarked: bacatui read {id}").format(id=number))
    return 0
