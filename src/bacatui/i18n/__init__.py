"""Every string that a user meets, in the user's language.

Source strings are English; `locale/id.po` holds Bahasa Indonesia. `make i18n` collects and compiles
them; the compiled catalogue is kept in the tree, so that a clean clone needs no tools, and a test
compares the two.
"""

import gettext
import os
from pathlib import Path

LANGUAGES = ("en", "id")
_catalogue: gettext.NullTranslations = gettext.NullTranslations()
_language = "en"


def use(language: str = "") -> str:
    """Speak `language`, or the one that the environment asks for; returns what is spoken from now
    on.
    """
    global _catalogue, _language  # noqa: PLW0603 - one process speaks one language
    _language = language if language in LANGUAGES else _from_environment()
    _catalogue = gettext.NullTranslations()
    if _language != "en":
        with (Path(__file__).parent / "locale" / f"{_language}.mo").open("rb") as file:
            _catalogue = gettext.GNUTranslations(file)
    return _language


def language() -> str:
    """The language that is spoken now."""
    return _language


def _from_environment() -> str:
    for variable in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        for choice in os.environ.get(variable, "").split(":"):
            code = choice.split(".")[0].split("_")[0].lower()
            if code in LANGUAGES:
                return code
            if code in {"c", "posix"}:
                return "en"
    return "en"


def _(message: str) -> str:
    """`message` in the user's language."""
    return _catalogue.gettext(message) if message else ""


def ngettext(one: str, many: str, n: int) -> str:
    """The form that fits the number `n`, which still has to be filled in."""
    return _catalogue.ngettext(one, many, n)


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for it
    """Marks a string of a table for translation; it is translated where it is shown."""
    return message


def NN_(one: str, many: str) -> tuple[str, str]:  # noqa: N802
    """Marks two forms of a table for `ngettext`, which is called where they are shown."""
    return one, many
