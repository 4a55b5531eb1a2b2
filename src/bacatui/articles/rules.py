"""Boilerplate rules: what is known about the boilerplate of pages, as data.

The package's rules lie in `rules/*.toml`, the user's own beside the settings; `docs/articles.md` says how to
write one. Each carries an example, which is its test. A rule takes only what is short and labelled or full of
links, unless it says `sure`; `keep` protects.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bacatui.articles.text_blocks import TextBlock
from bacatui.text import first_token, tokens

SHORT = 33  # words: a longer block is never taken by its label alone
# Patterns not to be rewritten: with references, numbered letters, other flags than `(?-i:`, or what that would exclude.
_STUBBORN = re.compile(
    r"\\[1-9uxUN]|\(\?(?:P=|\(|(?!-i:)[a-zA-Z-]+[:)])"
    r"|(?s:(?=.*\(\?-i:).*(?:\(\?<?!|\[\^(?:\\.|[^\]\\])*(?<!\\)[^\W\d_]))|[A-Z]-[a-z]"
)
NOTHING = "(?!)"  # a pattern that nothing matches
LONGEST, LARGEST = 60, 2_000  # words and characters of a block that is looked at as a whole line
ALL, VAST = 0.8, 100  # share and words of a block that is links throughout
BARE = 7  # words: a shorter one needs no links
LINKED = 0.25  # share of a block's letters inside links
_KEYS: dict[str, type] = dict.fromkeys(("starts", "holds", "classes", "sites"), list)
_KEYS |= {"limit": int, "links": bool, "sure": bool, "pictures": bool}
DOES = ("cut", "end", "byline", "credit", "keep")


class RuleError(ValueError):
    """A rule file that cannot be read; `str(error)` names the file and says why."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. `does`: cut the block; end the article there; take names from it; cut a credit; keep it."""

    id: str
    does: str = "cut"
    starts: tuple[str, ...] = ()  # the block begins with these words
    matches: str = ""  # the whole block is this regular expression
    holds: tuple[
        str, ...
    ] = ()  # in small letters: one of them is in the block, or `matches`, if slow, is not tried
    classes: tuple[str, ...] = ()  # words in the class or id of the block or of what holds it
    sites: tuple[str, ...] = ()  # hosts, with their subdomains; none for all
    limit: int = SHORT
    links: bool = False  # blocks of links right after it go too
    sure: bool = False  # the label alone is enough, however long and unlinked
    pictures: bool = False  # pictures in such a holder go too
    example: str = ""
    spares: str = ""


@dataclass(frozen=True)
class Rules:
    """All valid rules, prepared for matching. `version` is a hash that changes with any of them."""

    all: tuple[Rule, ...] = ()
    version: str = ""
    errors: tuple[str, ...] = ()
    _starts: dict[str, list[tuple[list[str], bool, Rule]]] = field(default_factory=dict)
    _matches: list[tuple[re.Pattern[str], Rule]] = field(default_factory=list)
    _classes: list[tuple[re.Pattern[str], Rule]] = field(default_factory=list)
    _small: re.Pattern[str] = re.compile(
        NOTHING
    )  # `matches` as one for small letters, which may know too many
    _apart: list[re.Pattern[str]] = field(default_factory=list)  # those that cannot be part of it
    _held: list[re.Pattern[str]] = field(
        default_factory=list
    )  # those that are tried where `_telling` is found
    _telling: tuple[str, ...] = ()  # what one of them `holds`

    def suspects(self, blocks: Sequence[str]) -> Iterator[str]:
        """The texts that `labelled` may match; it matches no other. Quick."""
        whole = "\n".join(blocks).lower()
        slow = (
            self._apart + self._held
            if any(word in whole for word in self._telling)
            else self._apart
        )
        for text in blocks:
            small = text.lower()
            first = first_token(small)
            if first in self._starts:
                words = tokens(text)
                if any(words[: len(start)] == start for start, _, _ in self._starts[first]):
                    yield text
                    continue
            is_short = text.count(" ") < 2 * LONGEST and len(text) < LARGEST
            if is_short and (
                self._small.fullmatch(small) or any(each.fullmatch(text) for each in slow)
            ):
                yield text

    def labelled(self, block: TextBlock, host: str) -> Rule | None:
        """The rule that knows this block by its words."""
        best: Rule | None = None
        for words, colon, rule in self._starts.get(block.words[0], ()) if block.words else ():
            if (
                block.words[: len(words)] != words
                or (best and rule.does != "keep")
                or not _fits(rule, block, host)
            ):
                continue
            if not colon or re.match(
                r"\W*" + r"\W+".join(words) + r"\s*[:：]", block.text, re.IGNORECASE
            ):
                best = rule
        if best is None and block.count < LONGEST and len(block.text) < LARGEST:
            for pattern, rule in self._matches:
                is_known = (
                    block.count <= rule.limit
                    and pattern.fullmatch(block.text)
                    and on_site(rule, host)
                )
                if is_known and (
                    not rule.holds or any(word in block.text.lower() for word in rule.holds)
                ):
                    return rule
        return best

    def classed(self, names: str, host: str) -> Rule | None:
        """The rule that knows a block by the class and id words of its holders."""
        for pattern, rule in self._classes:
            if on_site(rule, host) and pattern.search(names):
                return rule
        return None


def on_site(rule: Rule, host: str) -> bool:
    """Whether a rule holds for a host."""
    return not rule.sites or any(host == site or host.endswith("." + site) for site in rule.sites)


def _fits(rule: Rule, block: TextBlock, host: str) -> bool:
    if not on_site(rule, host):
        return False
    if rule.links and block.link_share > ALL:
        return block.count < VAST
    is_taken = block.count < rule.limit and (
        rule.sure or block.link_share > LINKED or block.count < BARE
    )
    return rule.does == "keep" or is_taken


def load_rules(user: Path | None = None) -> Rules:
    """The package's rules and, after them, those of the `*.toml` files in the folder `user`.

    A file or rule that cannot be read is left out and named in `errors`.
    """
    found: dict[str, Rule] = {}
    errors: list[str] = []
    for folder in (Path(__file__).parent / "rules", user):
        rules, wrong = _in_folder(folder) if folder else ([], ())
        found.update((rule.id, rule) for rule in rules)
        errors += wrong
    return compiled(found.values(), tuple(errors))


def rule_errors(user: Path) -> tuple[str, ...]:
    """The errors in the user's own rules. Runs at every start, so it reads only these."""
    return _in_folder(user)[1]


def _in_folder(folder: Path) -> tuple[list[Rule], tuple[str, ...]]:
    rules: list[Rule] = []
    errors: list[str] = []
    for path in sorted(folder.glob("*.toml")):
        try:
            rules += read_rules(path.read_text("utf-8"), path.stem)
        except (OSError, UnicodeError, ValueError) as error:
            errors.append(f"{path.name}: {error}")
    return rules, tuple(errors)


def read_rules(text: str, prefix: str) -> list[Rule]:
    """The rules of one TOML file. Raises RuleError."""
    try:
        tables = tomllib.loads(text).get("rule", [])
    except tomllib.TOMLDecodeError as error:
        raise RuleError(str(error)) from None
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise RuleError("rules are [[rule]] tables")
    return [_rule(table, prefix) for table in tables]


def _rule(table: dict[str, Any], prefix: str) -> Rule:
    name = table.get("id")
    if not isinstance(name, str) or not re.fullmatch(r"[a-z0-9-]{1,40}", name):
        raise RuleError(f"id {name!r}: a rule needs an id of small letters, digits and hyphens")
    if isinstance(parts := table.get("matches"), list):
        table = table | {"matches": "".join(map(str, parts))}
    given: dict[str, Any] = {}
    for key, value in table.items():
        kind: type = _KEYS.get(key, str)
        if key not in Rule.__dataclass_fields__ or not isinstance(value, kind):
            raise RuleError(f"{name}: {key} = {value!r} is not known")
        given[key] = tuple(map(str, value)) if isinstance(value, list) else value
    rule = Rule(**(given | {"id": f"{prefix}.{name}"}))
    if rule.does not in DOES or not (rule.starts or rule.matches or rule.classes):
        raise RuleError(
            f"{name}: it needs starts, matches or classes, and does one of {', '.join(DOES)}"
        )
    try:
        re.compile(f"(?:{rule.matches})")
    except re.error as error:
        raise RuleError(f"{name}: matches: {error}") from None
    return rule


def compiled(rules: Iterable[Rule], errors: tuple[str, ...] = ()) -> Rules:
    """Rules prepared for matching."""
    rules = tuple(rules)
    starts: dict[str, list[tuple[list[str], bool, Rule]]] = {}
    for rule in rules:
        for start in rule.starts:
            if words := tokens(start):
                starts.setdefault(words[0], []).append((words, start.endswith((":", "：")), rule))
    version = hashlib.sha256(repr(rules).encode()).hexdigest()[:12]
    matches = [(re.compile(r.matches, re.IGNORECASE), r) for r in rules if r.matches]
    classes = [
        (re.compile(rf"(?:^|[\s_-])(?:{'|'.join(r.classes)})(?:$|[\s_-])", re.IGNORECASE), r)
        for r in rules
        if r.classes
    ]
    held = [pattern for pattern, rule in matches if rule.holds]
    telling = tuple({word for rule in rules for word in rule.holds})
    quick = [(pattern, rule) for pattern, rule in matches if not rule.holds]
    return Rules(
        rules, version, errors, starts, matches, classes, *_for_small(quick), held, telling
    )


def _for_small(
    matches: list[tuple[re.Pattern[str], Rule]],
) -> tuple[re.Pattern[str], list[re.Pattern[str]]]:
    """One pattern for lower-case text made of all, and those that cannot be part of it.

    Matching takes half the time where case need not be looked at.
    """
    apart = [pattern for pattern, _ in matches if _STUBBORN.search(pattern.pattern)]
    anonymous = (
        re.sub(r"\(\?(?:P<\w+>|-i:)", "(?:", one.pattern) for one, _ in matches if one not in apart
    )
    small = (
        re.sub(r"(\\.)|[^\W\d_]", lambda one: one[1] or one[0].lower(), each) for each in anonymous
    )
    try:
        return re.compile("|".join(small) or NOTHING), apart
    except re.error:  # letters whose small ones stand elsewhere in the alphabet
        return re.compile(NOTHING), [pattern for pattern, _ in matches]


def rule_for(site: str, words: str, *, keep: bool, where: str = "") -> str:
    """A rule in TOML that keeps or cuts blocks like one that the user pointed at, on its site from now on.

    Blocks are known by their label (the words before a colon, or the first four); a rule that keeps names no
    more than that either. `where` (see `Cut.where`) goes into a comment for whoever edits the file later.
    """
    label = re.split(r"[:：]", words, maxsplit=1)[0] if re.search(r"[:：]", words[:40]) else words
    start = " ".join(tokens(label)[:4])
    name = re.sub(r"[^a-z0-9]+", "-", f"{site} {start}".lower()).strip("-")[:40].strip("-")
    lines = (
        f"[[rule]]  # {where}" if where else "[[rule]]",
        f'id = "{name}"',
        f'does = "{"keep" if keep else "cut"}"',
        f'sites = ["{site}"]',
        f'starts = ["{start}"]',
        "sure = true",
        "limit = 200",
    )
    return "\n" + "\n".join(lines) + "\n"
