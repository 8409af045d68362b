"""One thing exchanged: a day beside another that stayed, an end of a stretch, a place that no word
names, a bound; and what only looks like it."""

from __future__ import annotations

from datetime import date

import pytest

from factcheck import compare
from factcheck.analysts.local.elements import same_number
from factcheck.compare import Match
from factcheck.reading import Reading, read

BASE = date(2013, 11, 20)


def told(text: str, language: str = "en") -> Reading:
    return read(text, language, BASE, frozenset({"SY", "LB"}))


@pytest.mark.parametrize(
    ("claim", "evidence", "exchanged"),
    [
        ("said on 15 March that since 1 January", "said on 6 March that since 1 January", True),
        ("said on 6 March that since 1 January", "said on 6 March that since 1 January", False),
        ("said on 6 March that they fled", "said on 15 March that they fled", False),  # one each
        ("on 6 March and 1 January", "since 1 January", False),  # silent on the other
        ("on 6 March and 1 January", "on 2 March, 3 March and 1 January", False),  # which of them?
    ],
)
def test_one_of_two_days(claim: str, evidence: str, *, exchanged: bool) -> None:
    assert compare.day_exchanged(told(claim), told(evidence)) is exchanged


def test_the_other_day_of_a_saying_is_seen_where_one_day_stayed() -> None:
    said = told("UNHCR said on 15 March that 400,000 had fled since 1 January.")
    assert compare.said_another_day(
        said, told("UNHCR said on 6 March that 400,000 fled since 1 January.")
    )
    assert not compare.said_another_day(
        said, told("OCHA said on 6 March that 400,000 fled since 1 January.")
    )


@pytest.mark.parametrize(
    ("claim", "evidence", "match"),
    [
        ("from 8 to 19 November", "from 8 to 10 November", Match.DIFFER),
        ("from 8 to 10 November", "from 8 to 10 November", Match.AGREE),
        ("on 9 November", "from 8 to 10 November", Match.AGREE),
        ("from 7 to 12 November", "from 8 to 10 November", Match.AGREE),  # one lies in the other
        ("since March 2011", "on 31 October 2013, since March 2011", Match.AGREE),
    ],
)
def test_a_stretch_of_days(claim: str, evidence: str, match: Match) -> None:
    assert compare.date_match(told(claim), told(evidence)) is match


def test_a_report_is_of_the_country_that_its_source_is_named_after() -> None:
    report = told("SOHR documented 120,296 deaths since March 2011.")
    assert report.countries == frozenset()
    assert compare.homes(report) == {"SY"}
    assert compare.elsewhere(told("SOHR documented 120,296 deaths in Yemen."), report)
    assert not compare.elsewhere(told("SOHR documented 120,296 deaths in Syria."), report)
    assert compare.homes(told("The United Nations counted 4,460 dead.")) == frozenset()


def test_a_body_of_many_places_counts_not_everywhere() -> None:
    """Its count of a storm is none of a war, though both were counted by the UN."""
    claim = told("OCHA said at least 819,000 people were displaced in South Sudan.")
    storm = told("The UN gave 4,460 dead from Haiyan, with more than 900,000 displaced.")
    assert compare.figure_pairs(claim, storm, storm) == ()
    bare = told("At least 819,000 people were displaced, OCHA said.")
    war = told("OCHA said that more than 900,000 people were displaced.")
    assert compare.figure_pairs(bare, war, war)


@pytest.mark.parametrize(
    ("claim", "evidence", "differs"),
    [
        ("Lebanon hosted 182,000 refugees.", "UNHCR in Beirut said Lebanon hosted 812,000.", True),
        ("Lebanon hosted 182,000 refugees.", "In Beirut there were 812,000 refugees.", False),
    ],
)
def test_a_town_that_a_source_speaks_from(claim: str, evidence: str, *, differs: bool) -> None:
    evidence = evidence.replace("812,000.", "812,000 refugees.")
    pairs = compare.figure_pairs(told(claim), told(evidence), told(evidence))
    assert [p.agree for p in pairs] == ([False] if differs else [])


@pytest.mark.parametrize(
    "evidence",
    [
        "SOHR, a UK-based monitor, counted 45 dead in Aleppo.",
        "SOHR, which is based in Britain, counted 45 dead.",
    ],
)
def test_a_seat_is_no_place_of_the_event(evidence: str) -> None:
    claim = told("45 people were killed in Syria.")
    assert compare.place_match(claim, told(evidence)) is not Match.DIFFER
    assert compare.place_match(claim, told("45 people were killed in Britain.")) is Match.DIFFER
    base = told("El ejército tomó la base en Homs.", "es")  # a base, and nobody based there
    assert compare.place_match(told("The army took the base in Idlib."), base) is Match.DIFFER


@pytest.mark.parametrize(
    ("claim", "language"),
    [("Líbano acogía a más de 182.000 refugiados sirios.", "es"),
     ("Lübnan 182.000'den fazla Suriyeli mülteci barındırıyor.", "tr")],
)  # fmt: skip
def test_whose_refugees_they_are_may_be_left_unsaid(claim: str, language: str) -> None:
    evidence = told("Lebanon hosted more than 812,000 Syrian refugees.")
    [pair] = compare.figure_pairs(told(claim, language), evidence, evidence)
    assert not pair.agree


def test_the_end_of_a_stretch_is_no_number_that_a_bound_may_take() -> None:
    stretch = told("Another report put rebel deaths at 60 to 80.")
    [more] = told("More than 80 were killed.").figures
    [exact] = told("80 were killed.").figures
    assert not same_number(more, stretch)
    assert same_number(exact, stretch)
    assert same_number(more, told("80 rebels died."))


def test_a_compass_point_goes_with_the_nearest_name() -> None:
    claim = told("L’OMS compte 3 944 cas d’Ebola en Afrique de l’Ouest.", "fr")
    assert (
        compare.compass_match(claim, told("WHO counts 3,944 cases of Ebola in West Africa."))
        is Match.AGREE
    )
    assert (
        compare.compass_match(claim, told("WHO counts 3,944 cases of Ebola in East Africa."))
        is Match.DIFFER
    )


def test_a_compass_point_without_a_name_stands_against_its_opposite() -> None:
    claim = told("The front line is moving north.")
    assert compare.compass_match(claim, told("The front line is moving south.")) is Match.DIFFER
    assert compare.compass_match(claim, told("The front line is moving.")) is not Match.DIFFER
    both = told("The front line is moving north, not south.")
    assert compare.compass_match(claim, both) is not Match.DIFFER
    town = told("The front line south of Damascus is moving.")
    assert compare.compass_match(claim, town) is not Match.DIFFER


def test_what_is_less_than_a_number_is_not_that_number() -> None:
    [less] = told("Fewer than 22,800 people live there.").figures
    assert not same_number(less, told("22,800 people live there."))
    assert same_number(less, told("Fewer than 22,800 people live there."))
