"""Whom a report goes back to: read out of its words, its dateline, and its likeness to others."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from factcheck.lineage import near_copies, origins_in, with_origins
from factcheck.models import Reference
from factcheck.sources import Register

REPORT = Reference(
    id="A", publisher="Example Gazette", kind="newspaper", title="Homs", text="",
    published=date(2013, 11, 5), language="en",
)  # fmt: skip


def read(text: str, language: str = "en", publisher: str = "Example Gazette") -> tuple[str, ...]:
    report = replace(REPORT, text=text, language=language, publisher=publisher)
    return origins_in(report, Register.load())


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "At least 12 people were killed in Homs, according to SOHR."),
        ("en", "SOHR said that 12 people were killed in Homs."),
        ("id", "Sedikitnya 12 orang tewas di Homs, menurut SOHR."),
        ("fr", "Au moins 12 personnes ont été tuées à Homs, selon l'OSDH."),
        ("ar", "قتل 12 شخصا على الأقل في حمص بحسب المرصد السوري لحقوق الإنسان."),
        ("de", "Laut SOHR wurden mindestens 12 Menschen in Homs getötet."),
    ],
)
def test_an_attribution_in_the_languages_served(language: str, text: str) -> None:
    assert read(text, language) == ("SOHR",)


def test_who_was_told_only_carried_it() -> None:
    assert read("A resident of Homs told Reuters that 12 people were killed.") == ()


def test_who_is_merely_mentioned_is_none() -> None:
    assert read("The convoy of the ICRC waited at the gate. It rained in Homs.") == ()


@pytest.mark.parametrize(
    "text",
    [
        "BEIRUT (Reuters) - Twelve people were killed in Homs on Monday.",
        "By Reuters\nTwelve people were killed in Homs on Monday.",
        "Twelve people were killed in Homs on Monday. (Reuters)",
    ],
)
def test_the_agency_of_a_dateline_or_byline(text: str) -> None:
    assert read(text) == ("Reuters",)


def test_whose_text_it_is_counts_less_than_whom_it_quotes() -> None:
    assert read("BEIRUT (Reuters) - SOHR said that twelve people were killed.") == ("SOHR",)


TEXT = (
    "Twelve people were killed in the old market when a shell hit a queue for bread early on Monday,"
    " residents of the quarter and two aid workers said by telephone."
)


def test_a_near_copy_takes_over_the_origins_of_the_earlier_report() -> None:
    register = Register.load()
    earlier = replace(REPORT, id="E", text=TEXT, origins=("SOHR",))
    later = replace(REPORT, id="L", text=TEXT + " It rained.", published=date(2013, 11, 6))
    (pair,) = near_copies([later, earlier])
    assert (pair.earlier, pair.later) == ("E", "L") and pair.likeness >= 0.9
    made = with_origins(later, register, [earlier])
    assert (made.origins, made.origins_from) == (("SOHR",), "read")
    assert with_origins(earlier, register, [later]) == earlier  # it states its own
    first = replace(earlier, origins=())
    assert with_origins(first, register, [replace(later, origins=("SOHR",))]) == first


def test_other_texts_are_no_copies() -> None:
    other = (
        "Prices of bread rose in the old market on Monday, and a queue formed before the bakery."
    )
    assert near_copies([replace(REPORT, text=TEXT), replace(REPORT, id="B", text=other)]) == []
