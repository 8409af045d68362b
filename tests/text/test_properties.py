"""Properties that must hold for any text in any script."""

from __future__ import annotations

import unicodedata
from datetime import date, timedelta

from babel.dates import format_date
from babel.numbers import format_decimal
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from factcheck.models import Span
from factcheck.text import figures, lexicon, scrub
from factcheck.text.dates import dates
from factcheck.text.fold import fold
from factcheck.text.names import names, skeleton
from factcheck.text.numbers import parse_number
from factcheck.text.quotes import anchor, whole
from factcheck.text.split import sentences
from factcheck.text.words import words

FEW = settings(max_examples=150, deadline=None, derandomize=True)
MIXED = st.text(
    alphabet=st.sampled_from(
        "abcdeABC 012345 .,;:!?()[]“”«»\"'-–\n\r\t قالنزحو٠١٢؟،؛.éüñç\u00a0\u00ad\u200b\u200f😀مليون"
    ),
    max_size=160,
)
LANGUAGE = st.sampled_from(["id", "en", "ar", "fr", "es", "de", "tr", "und", "zz"])


@given(MIXED, LANGUAGE)
@FEW
def test_sentences_cover_the_text(text: str, language: str) -> None:
    at = 0
    for span in sentences(text, language):
        assert span.start >= at and span.start < span.end
        assert not text[at : span.start].strip()
        said = text[span.start : span.end]
        assert said == said.strip()
        at = span.end
    assert not text[at:].strip()


@given(st.text(max_size=120), st.data())
@FEW
def test_every_whole_slice_anchors_to_itself(text: str, data: st.DataObject) -> None:
    a = data.draw(st.integers(0, len(text)))
    b = data.draw(st.integers(a, len(text)))
    said = text[a:b]
    assume(said.strip())
    span = Span(a + len(said) - len(said.lstrip()), a + len(said.rstrip()))
    assume(whole(text, span))
    assert any(text[h.span.start : h.span.end].strip() == said.strip() for h in anchor(said, text))


@given(MIXED, MIXED)
@FEW
def test_every_hit_folds_to_the_quote_and_cuts_nothing(text: str, quote: str) -> None:
    for hit in anchor(quote, text):
        found = text[hit.span.start : hit.span.end]
        assert fold(found)[0].strip() == fold(quote.strip())[0].strip()
        assert whole(text, hit.span)


@given(st.text(max_size=120))
@FEW
def test_the_fold_map_rises_and_stays_inside(text: str) -> None:
    folded, at = fold(text)
    assert len(folded) == len(at) and list(at) == sorted(at)
    assert all(0 <= i < len(text) for i in at)


@given(st.integers(1_000, 999_999_999), st.sampled_from(["id", "de", "es", "fr", "en"]))
@FEW
def test_a_number_written_by_a_language_is_read_back(value: int, language: str) -> None:
    written = format_decimal(value, locale=language)
    assert parse_number(written, language) == value


@given(
    st.dates(date(1950, 1, 1), date(2049, 12, 31)), st.sampled_from(["id", "en", "fr", "es", "de"])
)
@FEW
def test_a_written_date_is_read_back(day: date, language: str) -> None:
    pattern = (
        "d 'de' MMMM 'de' y"
        if language == "es"
        else "d. MMMM y"
        if language == "de"
        else "d MMMM y"
    )
    written = format_date(day, format=pattern, locale=language)
    found = dates(f"X {written} Y", language)
    assert [(w.first, w.last) for w in found] == [(day, day)], written


@given(st.integers(1, 28), st.integers(1, 12), st.dates(date(2000, 1, 1), date(2040, 1, 1)))
@FEW
def test_a_date_without_a_year_does_not_lie_ahead(day: int, month: int, base: date) -> None:
    written = format_date(date(2001, month, day), format="d MMMM", locale="en")
    (found,) = dates(f"On {written} it fell.", "en", base)
    assert found.first is not None
    assert base - timedelta(days=370) < found.first <= base + timedelta(days=3)


@given(MIXED, LANGUAGE)
@FEW
def test_readers_never_fail_and_keep_offsets(text: str, language: str) -> None:
    for figure in figures.figures(text, language):
        assert text[figure.start : figure.end] == figure.text
        assert figure.low <= figure.value * 1.001 and figure.low <= figure.high
    for when in dates(text, language, date(2013, 11, 15)):
        assert text[when.start : when.end] == when.text
    for name in names(text, language):
        assert text[name.start : name.end] == name.text
    for word in words(text, language):
        assert text[word.start : word.end] == word.text
    for mention in lexicon.mentions(text, language):
        assert text[mention.start : mention.end] == mention.text


FIGURE = st.builds(
    lambda v, b: figures.figures(f"{b} {v:,} people were killed", "en")[0],
    st.integers(2, 500_000),
    st.sampled_from(["", "more than", "at least", "about", "nearly", "up to"]),
)


@given(FIGURE, FIGURE)
@FEW
def test_agreement_is_symmetric_and_reflexive(a: figures.Figure, b: figures.Figure) -> None:
    assert figures.agree(a, b) == figures.agree(b, a)
    assert figures.agree(a, a)
    assert figures.comparable(a, b) == figures.comparable(b, a)


@given(st.text(max_size=120))
@FEW
def test_nothing_reaches_the_terminal_that_could_steer_it(text: str) -> None:
    shown = scrub.for_terminal(text)
    assert not [c for c in shown if unicodedata.category(c) == "Cc" and c not in "\n\t"]
    assert "\x1b" not in shown and "\u202e" not in shown and "\u2066" not in shown
    assert "\n" not in scrub.one_line(text)


@given(st.text(alphabet="ab[]()<>`*_#!|~-+=1. \n:/\\https", max_size=80))
@FEW
def test_markdown_from_outside_is_inert(text: str) -> None:
    shown = scrub.for_markdown(text)
    for i, char in enumerate(shown):
        if shown.startswith("#58;", i) and shown[i - 1 : i] == "&":
            continue  # the colon of an address, as an entity
        if char in "[]<>`*_#|":
            backslashes = len(shown[:i]) - len(shown[:i].rstrip("\\"))
            assert backslashes % 2 == 1, shown
    assert "\n" not in shown and "http:" not in shown and "https:" not in shown


@given(st.text(alphabet=st.characters(categories=["Lu", "Ll"]), min_size=1, max_size=20))
@FEW
def test_a_skeleton_is_one_plain_word(word: str) -> None:
    key = skeleton(word)
    assert not any(c.isspace() or c.isdigit() for c in key)
    assert skeleton(word) == skeleton(word.casefold())
