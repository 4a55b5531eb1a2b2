"""What is known of text; and one text in many scripts, for every test that needs it."""

import tomllib
from pathlib import Path

DECLARATION: dict[str, str] = tomllib.loads(
    (Path(__file__).parent / "declaration.toml").read_text("utf-8")
)
UNSPACED = (
    "zh",
    "ja",
    "th",
    "lo",
    "km",
    "my",
)  # those of its languages that write no blanks between words


def paragraphs(language: str) -> str:
    """The text in that language, as HTML."""
    return "".join(f"<p>{line}</p>" for line in DECLARATION[language].strip().split("\n"))
