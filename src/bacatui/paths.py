"""Where things live: the folders of one user, and the files that ship with the package."""

import errno
import logging
import os
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path

from bacatui.text import sanitize

HERE = Path(__file__).parent
STYLES = next(
    (p for p in (HERE / "styles", HERE.parents[1] / "styles") if p.is_dir()), HERE / "styles"
)


@dataclass(frozen=True, slots=True)
class Home:
    """The three folders of one user, and what lies in them.

    Nothing is created until something is written.
    """

    config: Path
    data: Path
    cache: Path
    store: Path
    settings: Path
    pictures: Path
    backups: Path
    log: Path


def home(folder: str | os.PathLike[str] | None = None) -> Home:
    """The folders under `folder`, else under BACATUI_HOME, else where XDG puts them."""
    chosen = folder or os.environ.get("BACATUI_HOME")
    if chosen:
        root = Path(chosen).expanduser().absolute()
        config, data, cache = root / "config", root / "data", root / "cache"
    else:
        from platformdirs import PlatformDirs

        dirs = PlatformDirs("bacatui", appauthor=False)
        config, data, cache = dirs.user_config_path, dirs.user_data_path, dirs.user_cache_path
    store, settings, log = data / "bacatui.db", config / "config.toml", cache / "bacatui.log"
    return Home(config, data, cache, store, settings, cache / "pictures", data / "backups", log)


def make_private(folder: Path) -> None:
    """Create `folder` for this user alone (mode 0700). Raises OSError."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def refuse_strangers(home: Home) -> None:
    """Raises PermissionError where the library is a link, or where it or its folder belong to
    another user.
    """
    for place in filter(Path.exists, (home.data, home.store)):
        if place.stat().st_uid not in {0, os.geteuid()} or home.store.is_symlink():
            raise PermissionError(errno.EPERM, os.strerror(errno.EPERM), str(place))


class LogFile(logging.FileHandler):
    """A file that is made, for this user alone, when there is something to say; a link in its place
    is let be.

    What a fault says may be a stranger's words, and is cleaned; an address is told without a
    password typed into it.
    """

    def format(self, record: logging.LogRecord) -> str:
        """The record as one line, cleaned of what a terminal would obey."""
        return sanitize.code(sanitize.without_password(super().format(record)))

    def _open(self) -> TextIOWrapper:
        try:
            make_private(Path(self.baseFilename).parent)
            handle = os.open(
                self.baseFilename, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW, 0o600
            )
        except OSError:
            handle = os.open(os.devnull, os.O_WRONLY)
        return os.fdopen(handle, "a", encoding="utf-8")
