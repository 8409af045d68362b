"""One thing exchanged in a claim that a sentence otherwise tells whole, across languages."""

from __future__ import annotations

import pytest

from factcheck.analysts.local.elements import elements_of
from factcheck.analysts.local.odd_one import ALL_ELSE, odd_one
from tests.steps.test_stance import pair

TOLD = "UNHCR said on 6 November 2013 that Lebanon hosted 812,000 refugees."
SAME = {
    "en": "UNHCR said on 6 November 2013 that Lebanon hosted 812,000 refugees.",
    "id": "UNHCR mengatakan pada 6 November 2013 bahwa Lebanon menampung 812.000 pengungsi.",
    "fr": "Le HCR a dit le 6 novembre 2013 que le Liban accueillait 812 000 réfugiés.",
    "de": "Das UNHCR sagte am 6. November 2013, Libanon beherberge 812.000 Flüchtlinge.",
    "es": "ACNUR dijo el 6 de noviembre de 2013 que el Líbano acogía a 812.000 refugiados.",
}


def odd(text: str, language: str, told: str = TOLD) -> str:
    made = pair(text, told, language, similarity=0.9, margin=0.05)
    return odd_one(made, elements_of(made))


@pytest.mark.parametrize("language", sorted(SAME))
def test_nothing_is_odd_in_what_is_the_same(language: str) -> None:
    assert odd(SAME[language], language) == ""


@pytest.mark.parametrize("language", sorted(SAME))
def test_a_figure_exchanged(language: str) -> None:
    swapped = SAME[language].replace("812", "182")
    assert odd(swapped, language) == f"another figure, {ALL_ELSE}: 812,000"


@pytest.mark.parametrize("language", sorted(SAME))
def test_a_day_exchanged(language: str) -> None:
    assert odd(SAME[language].replace("6", "9", 1), language) == f"another day, {ALL_ELSE}"


@pytest.mark.parametrize(
    ("language", "here", "there"),
    [("en", "Lebanon", "Jordan"), ("id", "Lebanon", "Yordania"), ("fr", "le Liban", "la Jordanie"),
     ("de", "Libanon", "Jordanien"), ("es", "el Líbano", "Jordania")],
)  # fmt: skip
def test_a_place_exchanged(language: str, here: str, there: str) -> None:
    assert odd(SAME[language].replace(here, there), language) == f"another place, {ALL_ELSE}"


def test_two_things_that_differ_are_not_one() -> None:
    assert odd(SAME["en"].replace("812", "182").replace("Lebanon", "Jordan"), "en") == ""


def test_of_several_figures_the_one_that_counts_the_same() -> None:
    told = "UNHCR said on 6 November 2013 that Lebanon hosted 812,000 refugees in 240,000 houses."
    assert odd(SAME["en"].replace("812", "182"), "en", told).endswith("812,000")


def test_a_figure_without_a_day_or_another_figure_may_be_of_another_time() -> None:
    told = "UNHCR said that Lebanon hosted 812,000 refugees in its camps."
    assert odd("UNHCR said that Lebanon hosted 182,000 refugees in its camps.", "en", told) == ""


def test_a_sentence_that_shares_little_else_says_nothing() -> None:
    assert odd("Floods in Lebanon destroyed 182,000 houses on 6 November 2013.", "en") == ""
