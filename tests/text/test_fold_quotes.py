"""Folding keeps words and digits; a quotation is found where it stands and nowhere else."""

from __future__ import annotations

import re

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from factcheck.models import Span
from factcheck.text.fold import fold, folded, invisible
from factcheck.text.quotes import Match, anchor, cuts, whole

steady = settings(settings.get_profile("text"), max_examples=300)

# Letters, digits and marks that a newsroom's text brings; no combining marks.
_PLAIN = [
    *"abcZ0176 .,:-'\"éß¹²½",
    *"‘’“”„«»–—‑\u00ad",
    *"قتلجيش٠٧٦٫٬،؟",
    *"\u00a0\u202f\t\n",
    "\r\n",
    *"\u200b\u200e\u200f\u202a\u202b\u202c\u2066\u2069\ufeff",
    *"😀👩",
]
_MARKS = ["e\u0301", "a\u0308", "\u064e", "\u0651", "\u0301", "…"]
plain = st.lists(st.sampled_from(_PLAIN), max_size=40).map("".join)
marked = st.lists(st.sampled_from([*_PLAIN, *_MARKS]), max_size=40).map("".join)
_WORDS = (
    "army killed 76 16 1,076 2.5 people “we won” rebels' الجيش قُتِلَ ٧٦ l’armée co-op 12/11 "
    "Straße U.S. 😀 kota"
).split()
_GAPS = [" ", " ", " ", "\u00a0", "\r\n", ", ", ". ", "\n\n", " \u200f"]


@st.composite
def prose(draw: st.DrawFn) -> str:
    parts = draw(st.lists(st.tuples(st.sampled_from(_WORDS), st.sampled_from(_GAPS)), min_size=1))
    return "".join(word + gap for word, gap in parts)


@steady
@given(marked)
def test_the_map_has_one_rising_offset_for_each_folded_character(text: str) -> None:
    out, at = fold(text)
    assert len(out) == len(at)
    assert list(at) == sorted(at)
    assert all(0 <= offset < len(text) for offset in at)


@steady
@given(marked)
def test_a_folded_letter_or_digit_lies_where_the_map_says(text: str) -> None:
    out, at = fold(text)
    for char, offset in zip(out, at, strict=True):
        if char.isascii() and char.isalnum():
            assert text[offset] == char
        if char == " ":
            assert text[offset].isspace()


@steady
@given(marked)
def test_folding_loses_no_letter_or_digit(text: str) -> None:
    def bare(said: str) -> list[str]:
        return [c for c in said if c.isascii() and c.isalnum()]

    composed = text.replace("e\u0301", "é").replace("a\u0308", "ä")
    assume("a\u0301" not in composed and "e\u0308" not in composed)
    assume(not re.search("[A-Za-z0-9]\u0301", composed))
    assert bare(fold(text)[0]) == bare(composed)


@steady
@given(marked)
def test_folded_text_has_no_invisible_characters_and_no_double_blanks(text: str) -> None:
    assume(not re.search("[\\s\u200b][\u0301\u0308\u064e\u0651]", text))  # marks without a letter
    out, _ = fold(text)
    assert not any(invisible(c) for c in out)
    assert "  " not in out
    assert not set(out) & set("“”„«»‘’–—‑\u00a0\n\r\t…")


@steady
@given(plain)
def test_folding_twice_is_folding_once(text: str) -> None:
    once = folded(text)
    assert folded(once) == once


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“We won”", '"We won"'),
        ("«Nous»", '"Nous"'),
        ("„Wir“", '"Wir"'),
        ("l’armée", "l'armée"),
        ("10–20", "10-20"),
        ("a — b", "a - b"),
        ("co\u00adop", "coop"),
        ("a\u00a0\u202f b", "a b"),
        ("wait…", "wait..."),
        ("cafe\u0301", "café"),
        ("\u202bالجيش\u202c", "الجيش"),
        ("ال\u200fجيش", "الجيش"),
        ("one\r\ntwo", "one two"),
        ("76¹", "76¹"),
        ("x²", "x²"),
        ("ﬁre", "ﬁre"),
        ("½", "½"),
        ("٧٦", "٧٦"),
        ("①", "①"),
        ("   ", ""),
        ("", ""),
    ],
)
def test_what_folds_and_what_stays(text: str, expected: str) -> None:
    assert folded(text) == expected


@pytest.mark.parametrize(
    "char", list("\u00ad\u200b\u200d\u200e\u200f\u202a\u202e\u2066\ufeff\ufe0f")
)
def test_invisible_characters_are_known(char: str) -> None:
    assert invisible(char)
    assert fold(f"a{char}b")[0] == "ab"


@pytest.mark.parametrize("char", list(" a1.\u064eé😀\n\u00a0"))
def test_visible_characters_are_not_invisible(char: str) -> None:
    assert not invisible(char)


# ---------------------------------------------------------------- anchoring


def _slices(text: str) -> list[tuple[int, int]]:
    """Slices of `text` that begin and end between words, without white space or marks around."""
    clean = [i for i in range(len(text) + 1) if not cuts(text, i)]
    return [
        (a, b)
        for a in clean
        for b in clean
        if a < b and not (text[a].isspace() or text[b - 1].isspace()) and folded(text[a:b])
    ]


@steady
@given(prose(), st.data())
def test_every_whole_slice_anchors_to_itself(text: str, data: st.DataObject) -> None:
    start, end = data.draw(st.sampled_from(_slices(text)))
    said = text[start:end]
    hits = anchor(said, text)
    assert hits
    # A quotation that overlaps its own repetition may be reported once for both.
    assert any(h.span.overlap(Span(start, end)) for h in hits)


@steady
@given(prose(), st.data())
def test_a_slice_of_unique_words_is_found_exactly_once(text: str, data: st.DataObject) -> None:
    start, end = data.draw(st.sampled_from(_slices(text)))
    said = text[start:end]
    assume(text.find(said) == text.rfind(said))
    assert anchor(said, text) == ((Match.EXACT, Span(start, end)),)


@steady
@given(st.one_of(plain, prose()), st.one_of(plain, st.sampled_from(_WORDS)))
def test_every_hit_folds_to_the_quotation(text: str, quote: str) -> None:
    for hit in anchor(quote, text):
        assert folded(text[hit.span.start : hit.span.end]) == folded(quote)
        if hit.match is Match.EXACT:
            assert text[hit.span.start : hit.span.end] == quote.strip()


@steady
@given(plain, st.data())
def test_no_hit_cuts_a_word_or_a_figure(text: str, data: st.DataObject) -> None:
    assume(text)
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, min(len(text), start + 6)))
    for hit in anchor(text[start:end], text):
        for at in (hit.span.start, hit.span.end):
            if 0 < at < len(text):
                assert not (text[at - 1].isalnum() and text[at].isalnum())
            if 1 < at < len(text):
                assert not (text[at - 2].isdigit() and text[at - 1] in ".," and text[at].isdigit())
            if 0 < at < len(text) - 1:
                assert not (text[at - 1].isdigit() and text[at] in ".," and text[at + 1].isdigit())


@steady
@given(st.integers(0, 9999), st.integers(0, 9999))
def test_a_number_anchors_only_in_itself(wanted: int, there: int) -> None:
    hits = anchor(f"killed {wanted}", f"The blast killed {there} people.")
    assert bool(hits) is (wanted == there)


@steady
@given(prose(), st.sampled_from(["\u200b", "\u200f", "\u00ad", "\u2066"]), st.data())
def test_an_invisible_mark_inside_a_word_does_not_hide_a_quotation(
    text: str, mark: str, data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(text)))
    broken = f"He said {text[:at]}{mark}{text[at:]} then"
    assume(not (at < len(text) and "\u064b" <= text[at] <= "\u0652"))
    assume(folded(text))
    assert anchor(f"said {text.strip()} then", broken)


@pytest.mark.parametrize(
    ("quote", "text"),
    [
        ("76", "1,076 people"),
        ("76", "1.076 orang"),
        ("76", "1\u00a0076 morts"),
        ("76", "76.5 percent"),
        ("76", "0.76"),
        ("076", "1,076"),
        ("6 killed", "76 killed"),
        ("killed 16", "killed 76"),
        ("killed 7", "killed 76"),
        ("761", "76¹"),
        ("76", "76¹"),
        ("2013", "12/11/2013"),
        ("2", "12:30"),
        ("30", "12:30"),
        ("7", "7-9"),
        ("٧٦", "١٬٠٧٦"),
        ("76", "76٨"),
        ("kill", "was killed"),
        ("led", "was killed"),
        ("و", "وقتل"),
        ("قتل", "قُتِلَ"),
        ("cafe", "cafe\u0301"),
        ("won we", "we won"),
        ("We won", "we won"),
        ("", "anything"),
        ("  \n", "anything"),
        ("long quotation", "long"),
        ("x", ""),
    ],
)
def test_what_is_not_there_is_not_found(quote: str, text: str) -> None:
    assert anchor(quote, text) == ()


@pytest.mark.parametrize(
    ("quote", "text", "expected"),
    [
        ('"we won"', "he said “we won” now", "“we won”"),
        ("“we won”", 'he said "we won" now', '"we won"'),
        ("it's", "and it’s here", "it’s"),
        ("10-20", "from 10–20 people", "10–20"),
        ("a b", "x a\u00a0b y", "a\u00a0b"),
        ("cooperate", "they co\u00adoperate", "co\u00adoperate"),
        ("café", "le cafe\u0301 est", "cafe\u0301"),
        ("cafe\u0301", "le café est", "café"),
        ("the army left", "the army\r\nleft", "the army\r\nleft"),
        ("wait...", "“wait…” she", "wait…"),
        ("الجيش", "قال ال\u200fجيش", "ال\u200fجيش"),
        ("killed 76 people", "killed\u200b 76  people.", "killed\u200b 76  people"),
        ("won 😀 now", "He won\u00a0😀 now", "won\u00a0😀 now"),
    ],
)
def test_typographic_variants_are_found_folded(quote: str, text: str, expected: str) -> None:
    (hit,) = anchor(quote, text)
    assert hit.match is Match.FOLDED
    assert text[hit.span.start : hit.span.end] == expected


@pytest.mark.parametrize(
    ("quote", "text"),
    [
        ("الجيش", "\u202bالجيش\u202c"),
        ("قُتِلَ", "قُتِلَ هنا"),
        ("won 😀 now", "He won 😀 now"),
        ("the\r\narmy", "and the\r\narmy left"),
        ("  killed 76 ", "killed 76"),
        ("5", "5, then 6"),
        ("80", "Base-80"),
        ("al", "al-Safira"),
        ("killed", "was killed."),
    ],
)
def test_exact_places_are_found_exact(quote: str, text: str) -> None:
    (hit,) = anchor(quote, text)
    assert hit.match is Match.EXACT
    assert text[hit.span.start : hit.span.end] == quote.strip()


def test_all_places_are_found_and_exact_ones_come_alone() -> None:
    assert [h.span for h in anchor("the army", "the army and the army")] == [
        Span(0, 8),
        Span(13, 21),
    ]
    hits = anchor("it's", "it’s, it's")
    assert [(h.match, h.span) for h in hits] == [(Match.EXACT, Span(6, 10))]


def test_cuts_at_the_ends_of_a_text_is_false() -> None:
    assert not cuts("abc", 0)
    assert not cuts("abc", 3)
    assert cuts("abc", 1)
    assert cuts("e\u0301", 1)
    assert not whole("1,076", Span(2, 5))
    assert whole("1,076", Span(0, 5))
