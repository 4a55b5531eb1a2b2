"""The doctor: is the store's file whole, private and in step with itself?"""

from __future__ import annotations

from contextlib import closing, suppress

from bacatui.i18n import _
from bacatui.store.keeping import size
from bacatui.store.opening import Store
from bacatui.store.sql import connect, named
from bacatui.store.types import Finding


def doctor(store: Store) -> list[Finding]:
    """What is right with the store's file and what is not; what is derived is made anew, and the file private."""
    is_private, wrong = True, _("{n} differences; made anew")
    lacks = _("{n} entries were not in it; made anew")
    for place in (store.path, store.path.parent):
        with suppress(OSError):
            place.chmod(place.stat().st_mode & 0o700)
        is_private = is_private and not place.stat().st_mode & 0o077
    with closing(connect(store.path, "read")) as db:
        broken = [row[0] for row in db.execute("PRAGMA integrity_check(5)") if row[0] != "ok"]
        lists, missing = (db.execute(named(check)).fetchone()[0] for check in ("check_lists", "check_index"))
        version, megabytes = db.execute("PRAGMA user_version").fetchone()[0], round(size(db)[0] / 1e6, 1)
    if (lists or missing) and not store.readonly:
        store.write.repair().result()
    return [
        Finding(_("file"), not broken, "; ".join(broken) or _("whole")),
        Finding(_("lists and counts"), not lists, wrong.format(n=lists) if lists else _("right")),
        Finding(_("search index"), not missing, lacks.format(n=missing) if missing else _("complete")),
        Finding(_("schema"), True, _("version {n}").format(n=version)),
        Finding(_("size"), True, _("{n} MB").format(n=megabytes)),
        Finding(_("privacy"), is_private, _("only you can read it") if is_private else _("others can read it")),
    ]
