"""Days that lie ahead, bounds that hold another, and acts that each count their own figure."""

from __future__ import annotations

from datetime import date

import pytest

from factcheck.reading import read
from factcheck.text.dates import dates

BASE = date(2013, 11, 26)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The talks will open on January 22."),
        ("en", "He said the talks would open on 22 January."),
        ("id", "Perundingan akan dibuka pada 22 Januari."),
        ("fr", "Les pourparlers s'ouvriront le 22 janvier."),
        ("es", "Las conversaciones se abrirán el 22 de enero."),
        ("it", "I colloqui si apriranno il 22 gennaio."),
        ("pt", "As negociações abrirão a 22 de janeiro."),
        ("nl", "De gesprekken zullen op 22 januari beginnen."),
        ("de", "Die Gespräche werden am 22. Januar beginnen."),
    ],
)
def test_a_day_of_what_is_to_come_lies_ahead(language: str, text: str) -> None:
    [when] = dates(text, language, BASE)
    assert when.first == when.last == date(2014, 1, 22)


def test_a_day_of_what_was_lies_behind() -> None:
    [when] = dates("The rebels took the base on January 22.", "en", BASE)
    assert when.first == date(2013, 1, 22)
    [near] = dates("They will remember what happened on November 20.", "en", BASE)
    assert near.first == date(2013, 11, 20)
    [leap] = dates("The law will end on February 29.", "en", date(2013, 1, 9))
    assert leap.first == date(2012, 2, 29)


def test_a_year_that_was_guessed_may_be_the_next_and_no_other() -> None:
    guessed, told = dates("On 22 January they meet.", "en", BASE)[0], "on 22 January {} they met"
    year = {y: dates(told.format(y), "en", BASE)[0] for y in (2012, 2013, 2014, 2015)}
    assert [guessed.overlaps(year[y]) for y in year] == [False, True, True, False]
    assert year[2014].overlaps(guessed)


@pytest.mark.parametrize(
    ("language", "text", "bound"),
    [
        ("en", "no more than 40 people", "most"),
        ("en", "more than 40 people", "more"),
        ("en", "no fewer than 40 people", "more"),
        ("en", "fewer than 40 people", "less"),
        ("es", "no más de 40 personas", "most"),
        ("de", "nicht mehr als 40 Menschen", "most"),
        ("id", "tidak lebih dari 40 orang", "most"),
    ],
)
def test_the_longest_bound_counts(language: str, text: str, bound: str) -> None:
    [figure] = read(text, language).figures
    assert figure.bound == bound


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "A blast hit the gate, killing 23 people and wounding over 140."),
        ("en", "The strike killed 23 and wounded 140 people."),
        ("id", "Serangan itu menewaskan 23 orang dan melukai 140 orang."),
        ("fr", "Il y a eu 23 tués et 140 blessés."),
    ],
)
def test_each_act_counts_its_own_figure(language: str, text: str) -> None:
    first, second = read(text, language).figures
    assert first.counts == {"killed"} and second.counts == {"wounded"}


def test_a_range_may_begin_at_nothing() -> None:
    [figure] = read("Between 0 and 2,500 people died.", "en").figures
    assert (figure.low, figure.high) == (0.0, 2500.0)
