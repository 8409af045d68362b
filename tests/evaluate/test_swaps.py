"""Swaps differ in the one thing they are said to differ in, in every language."""

from __future__ import annotations

from collections import Counter
from datetime import date
from difflib import SequenceMatcher

import pytest

from bench import swaps, tables

LANGUAGES = ("ar", "de", "en", "es", "fr", "id", "tr")


def of(text: str, lang: str = "en") -> dict[str, str]:
    claim = swaps.True_("claims", lang, text, date(2013, 11, 20))
    return {s.kind: s.text for s in swaps.swaps(claim)}


def test_there_are_enough_true_claims_in_each_language() -> None:
    counts = Counter(c.lang for c in swaps.true_claims() if c.source == "claims")
    assert set(counts) == set(LANGUAGES) and min(counts.values()) >= 25


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_language_has_swaps_of_each_kind(lang: str) -> None:
    made = [
        s for c in swaps.true_claims() if (c.source, c.lang) == ("claims", lang)
        for s in swaps.swaps(c)
    ]  # fmt: skip
    kinds = Counter(s.kind for s in made)
    assert all(kinds[k] >= 15 for k in swaps.KINDS), kinds
    for swap in made:
        if swap.kind == "none":
            continue
        blocks = [
            (a, b)
            for tag, a, b, _, _ in SequenceMatcher(
                None, swap.claim.text, swap.text, autojunk=False
            ).get_opcodes()
            if tag != "equal"
        ]
        assert blocks, swap
        assert swap.at <= blocks[0][0] and blocks[-1][1] - swap.at <= 20, swap


def test_figures_days_and_places() -> None:
    text = "On 4 January OCHA said at least 189,000 people were displaced in South Sudan."
    assert of(text) == {
        "none": text,
        "number": text.replace("189,000", "819,000"),
        "date": text.replace("4 January", "13 January"),
        "place": text.replace("South Sudan", "Chad"),
    }
    assert of("نزح ١٨٩ ألف شخص في ٤ كانون الثاني.", "ar")["number"].startswith("نزح ٨١٩")
    assert of("نزح ١٨٩ ألف شخص في ٤ كانون الثاني.", "ar")["date"].endswith("١٣ كانون الثاني.")


def test_years_and_names_with_a_number_are_left_alone() -> None:
    assert set(of("The army took Base 80 in 2013.")) == {"none"}
    assert set(of("Geneva 2 opened in 2014.")) == {"none", "place"}
    assert of("In 2013 they took 15 tanks.")["number"] == "In 2013 they took 51 tanks."


def test_rates_count_what_is_not_supported_too() -> None:
    claim = swaps.True_("claims", "en", "x", date(2013, 1, 1))
    results = [
        swaps.Result(swaps.Swap(claim, "number", "x", 0), v)
        for v in ("contradicted", "supported", "not_enough_evidence", "no claim")
    ]
    assert swaps.rates(results) == {
        "n": 4, "contradicted": 0.25, "supported": 0.25, "not_supported": 0.75,
    }  # fmt: skip
    assert swaps.rates([])["n"] == 0


def test_a_table_takes_the_place_of_the_one_before() -> None:
    page = "# Page\n\n### One\n\nold\n\n### Two\n\nkept\n"
    assert tables.replaced(page, "One", "### One\n\nnew") == (
        "# Page\n\n### One\n\nnew\n\n### Two\n\nkept\n"
    )
    assert tables.replaced(page, "Two", "### Two\n\nnew").endswith("### Two\n\nnew\n")
    assert tables.replaced(page, "Three", "### Three\n\nnew").endswith("kept\n\n### Three\n\nnew\n")
    once = tables.replaced(page, "Two", "### Two\n\nnew")
    assert tables.replaced(once, "Two", "### Two\n\nnew") == once
