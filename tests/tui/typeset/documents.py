"""Wild documents for property tests: every kind of block, nested, in many scripts."""

from hypothesis import strategies as st

from bacatui.document import (
    Block,
    Code,
    Definitions,
    Divider,
    Figure,
    Heading,
    Listing,
    Notes,
    Paragraph,
    Picture,
    Quote,
    Run,
    Style,
    Table,
)

_SAMPLES = (
    "kata", "well-known", "a/b/c", "https://contoh.id/jalan/panjang?x=1&y=2", "支払い、", "「東京」", "한국어",
    "ประเทศไทย", "កម្ពុជា", "हिन्दी", "العربية", "עברית", "👩‍👩‍👧", "👍🏽", "🇮🇩🇲🇾", "❤️", "1️⃣", "e\u0301\u0323", "\u200d",
    "\ufe0f", "ﷺ", "x" * 90, "漢" * 40, "-", "—", " ", "\n", "\u3000", "\u00a0", "…", "𝔘𝔫𝔦", "\t", "\x1b[31m", "\u202e",
)  # fmt: skip
words = st.sampled_from(_SAMPLES) | st.text(max_size=12)
texts = st.lists(words, max_size=12).map(" ".join) | st.lists(words, max_size=6).map("".join)
hrefs = st.sampled_from(("", "", "https://contoh.id/a", "#n1", "javascript:alert(1)"))
run = st.builds(Run, texts, st.integers(0, 127).map(Style), hrefs)
runs = st.lists(run, max_size=5).map(tuple)
pictures = st.builds(
    Picture, st.just("https://contoh.id/a.png"), texts, st.integers(0, 3000), st.integers(0, 3000)
)
tables = st.builds(
    Table,
    st.lists(st.lists(runs, max_size=6).map(tuple), min_size=1, max_size=5).map(tuple),
    st.integers(0, 2),
    runs,
)


def _containers(inner: st.SearchStrategy[Block]) -> st.SearchStrategy[Block]:
    bodies = st.lists(inner, max_size=3).map(tuple)
    return (
        st.builds(Quote, bodies)
        | st.builds(
            Listing, st.lists(bodies, max_size=4).map(tuple), st.none() | st.integers(-5, 999_998)
        )
        | st.builds(Definitions, st.lists(st.tuples(runs, bodies), max_size=3).map(tuple))
        | st.builds(
            Notes,
            st.lists(st.tuples(st.sampled_from(("", "n1", "n2")), bodies), max_size=3).map(tuple),
        )
    )


leaves: st.SearchStrategy[Block] = (
    st.builds(Paragraph, runs)
    | st.builds(Heading, st.integers(1, 6), runs)
    | st.builds(Code, texts, st.sampled_from(("", "python", "nonsense", "html")))
    | tables
    | st.builds(Figure, st.lists(pictures, min_size=1, max_size=2).map(tuple), runs)
    | st.just(Divider())
)
blocks: st.SearchStrategy[Block] = st.recursive(leaves, _containers, max_leaves=8)
documents = st.lists(blocks, max_size=5).map(tuple)
