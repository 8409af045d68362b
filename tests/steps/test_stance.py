"""The local analyst's stance of one sentence, rule by rule."""

from __future__ import annotations

from datetime import date

import pytest

from factcheck import compare
from factcheck.analysts.local import difference, stance
from factcheck.analysts.local.difference import exchanged
from factcheck.analysts.local.elements import Pair, elements_of
from factcheck.models import Claim, ClaimKind, Stance
from factcheck.reading import read

BASE = date(2013, 11, 15)


def pair(
    text: str,
    sentence: str,
    language: str = "en",
    *,
    other: str = "en",
    margin: float = 0.0,
    similarity: float = 0.82,
) -> Pair:
    claim = Claim(
        id="c1", start=0, end=len(text), said=text, statement=text, kind=ClaimKind.EVENT, sentence=0
    )
    theirs = read(sentence, other, BASE)
    return Pair(
        claim=claim, own=read(text, language, BASE), theirs=theirs, report=theirs,
        similarity=similarity, margin=margin,
    )  # fmt: skip


def stance_of(text: str, sentence: str, language: str = "en", **how: float) -> Stance:
    return stance.judge(pair(text, sentence, language, **how)).stance


# ---------------------------------------------------------------- spelt out


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Hezbollah fighters attacked the hospital and the school with rockets."),
        ("id", "Pejuang Hizbullah menyerang rumah sakit dan sekolah dengan roket."),
        ("de", "Kämpfer der Hisbollah griffen das Krankenhaus und die Schule mit Raketen an."),
    ],
)
def test_a_claim_of_many_parts_that_stands_whole_in_a_sentence_is_borne_out(language, text) -> None:
    told = "Rockets hit as fighters of Hezbollah attacked a school and a hospital."
    near = pair(text, told, language, margin=-0.03)
    assert len(elements_of(near)) >= 5
    assert stance.support(stance.features(near, elements_of(near))) < stance.weights()["threshold"]
    assert stance.judge(near).stance is Stance.SUPPORTS
    half = "Fighters of Hezbollah attacked on Monday."
    assert stance_of(text, half, language, margin=-0.02) is Stance.CONTEXT


# ---------------------------------------------------------------- what only describes a source


@pytest.mark.parametrize(
    ("language", "beside", "apart"),
    [
        ("en", "Lebanon's Hezbollah backed the army.", "Hezbollah backed the army in Lebanon."),
        (
            "id",
            "Hizbullah asal Lebanon membantu tentara.",
            "Hizbullah membantu tentara di Lebanon.",
        ),
        ("fr", "Le Hezbollah du Liban aide l'armée.", "Le Hezbollah aide l'armée au Liban."),
        ("es", "Hezbolá del Líbano ayuda al ejército.", "Hezbolá ayuda al ejército en Líbano."),
        ("ar", "حزب الله لبنان يدعم الجيش", "حزب الله يدعم الجيش في لبنان"),
    ],
)
def test_the_land_that_describes_a_body_weighs_less_than_the_land_of_the_event(
    language, beside, apart
) -> None:
    def weight(text: str) -> float:
        found = elements_of(pair(text, "The army was backed.", language))
        return next(e.weight for e in found if e.kind == "country")

    assert weight(beside) < weight(apart)


# ---------------------------------------------------------------- exchanged numbers


@pytest.mark.parametrize(
    ("language", "swapped", "right"),
    [
        ("en", "12 soldiers and 34 civilians died", "34 soldiers and 12 civilians died"),
        ("id", "12 tentara dan 34 warga sipil tewas", "34 tentara dan 12 warga sipil tewas"),
        ("fr", "12 soldats et 34 civils sont morts", "34 soldats et 12 civils sont morts"),
        ("es", "12 soldados y 34 civiles murieron", "34 soldados y 12 civiles murieron"),
        ("de", "12 Soldaten und 34 Zivilisten starben", "34 Soldaten und 12 Zivilisten starben"),
        ("ar", "قتل 12 جنديا و34 مدنيا", "قتل 34 جنديا و12 مدنيا"),
    ],
)
def test_two_numbers_that_changed_places_contradict(language, swapped, right) -> None:
    told = "The fighting killed 34 soldiers and 12 civilians."
    assert exchanged(read(swapped, language, BASE), read(told, "en", BASE))
    assert exchanged(read(right, language, BASE), read(told, "en", BASE)) is None
    assert stance_of(swapped, told, language, margin=-0.02) is Stance.CONTRADICTS


# ---------------------------------------------------------------- how near a difference must be


def test_a_difference_counts_in_a_sentence_that_stands_out_of_the_rest() -> None:
    told = "Hezbollah captured the town of Safira on 8 November."
    text = "Hizbullah merebut kota Safira pada 7 November."
    assert stance_of(text, told, "id", margin=0.021) is Stance.CONTRADICTS
    assert (
        stance_of(text, told, "id", margin=0.01) is Stance.CONTRADICTS
    )  # it would bear it out otherwise
    # the town and who did it hold it to the claim's matter; the town alone does not
    assert stance_of(text, told, "id", margin=0.004) is Stance.CONTRADICTS
    told, text = told.replace("Hezbollah", "The army"), text.replace("Hizbullah", "Tentara")
    assert stance_of(text, told, "id", margin=0.021) is Stance.CONTRADICTS
    assert stance_of(text, told, "id", margin=0.004) is not Stance.CONTRADICTS


def test_one_thing_exchanged_in_the_same_words_counts_however_near_the_sentence_is() -> None:
    told = "Hezbollah captured the city of Aleppo on 8 November 2013, 41 rebels were killed."
    same = told
    assert stance_of(same, told, margin=0.004) is not Stance.CONTRADICTS
    for text, what in (
        (same.replace("8 November", "7 November"), "another day"),
        (same.replace("41", "14"), "another figure"),
        (same.replace("Aleppo", "Homs"), "another place"),
    ):
        judged = stance.judge(pair(text, told, margin=0.004))
        assert judged.stance is Stance.CONTRADICTS, text
        assert judged.reason.startswith(what), judged.reason


# ---------------------------------------------------------------- parts and what is definite


def test_a_third_of_the_many_things_a_claim_speaks_of_bears_out_a_part() -> None:
    text = "Six groups urged residents, students and police to defend the hospital and the bridge."
    near = pair(
        text, "Six groups urged their residents in a call on Monday.", margin=0.06, similarity=0.88
    )
    assert stance.judge(near).stance is Stance.QUALIFIES
    most = "Six groups urged residents and students to defend the hospital and the bridge."
    assert stance_of(text, most, margin=0.06, similarity=0.88) is Stance.SUPPORTS


def test_a_name_that_tells_whose_forces_they_are_is_nothing_definite() -> None:
    text = "Pasukan pemerintah Assad merebut basis strategis penting itu."
    told = "Government forces loyal to Assad drove rebels out of a strategic base."
    minor = pair(text, told, "id", margin=0.05, similarity=0.88)
    assert [e.weight < 1 for e in elements_of(minor) if e.kind == "name"] == [True]
    assert stance.judge(minor).stance is Stance.SUPPORTS
    assert stance_of(text, told, "id", margin=0.03, similarity=0.88) is Stance.CONTEXT


# ---------------------------------------------------------------- denials and opposites


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The Hezbollah fighters never captured the hospital in Safira."),
        ("id", "Pejuang Hizbullah tidak pernah merebut rumah sakit di Safira."),
        ("fr", "Les combattants du Hezbollah n'ont jamais capturé l'hôpital de Safira."),
        ("es", "Los combatientes de Hezbolá nunca lograron capturar el hospital de Safira."),
        ("de", "Kämpfer der Hisbollah haben das Krankenhaus in Safira nie erobert."),
        ("ar", "لم يسيطر مقاتلو حزب الله على المستشفى في السفيرة"),
        ("tr", "Hizbullah savaşçıları hastaneyi hiçbir zaman ele geçirdi değil."),
    ],
)
def test_what_a_claim_denies_is_not_borne_out_by_a_sentence_that_denies_nothing(language, text):
    told = "Hezbollah fighters captured the hospital in Safira on Friday."
    assert stance_of(text, told, language, margin=0.01) is not Stance.SUPPORTS


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "In Safira no fewer than 900 people were killed."),
        ("en", "In Safira not only soldiers but 900 people were killed."),
        ("id", "Di Safira tidak kurang dari 900 orang tewas."),
        ("es", "En Safira murieron no menos de 900 personas."),
    ],
)
def test_the_negator_of_a_bound_denies_nothing(language: str, text: str) -> None:
    near = pair(text, "At least 950 people were killed in Safira.", language, margin=0.05)
    assert not difference.polarity_differs(near.own, near.theirs)


def test_a_negator_in_a_clause_without_an_act_denies_nothing_of_the_next() -> None:
    text = "He had been no kinder to them, and condemned the theft of the aid."
    near = pair(text, "He condemned the theft of aid.")
    assert not difference.polarity_differs(near.own, near.theirs)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The army secured the town near Aleppo and the bridge."),
        ("de", "Die Armee zog aus der Stadt nahe Aleppo und von der Brücke ab."),
        ("id", "Tentara menarik diri dari kota dekat Aleppo dan jembatan."),
    ],
)
def test_an_act_that_excludes_the_claims_bears_nothing_out(language: str, text: str) -> None:
    opposite = "besieged" if language == "en" else "secured"
    told = f"The army {opposite} the town near Aleppo and the bridge."
    assert stance_of(text, told, language, margin=0.01) is not Stance.SUPPORTS


def test_another_year_bears_nothing_out() -> None:
    text = "Hezbollah captured the hospital in Safira in 2012."
    told = "Hezbollah captured the hospital in Safira in {}."
    assert stance_of(text, told.format(2011), margin=0.024) is Stance.CONTEXT
    assert stance_of(text, told.format(2012), margin=0.024) is Stance.SUPPORTS


# ---------------------------------------------------------------- when, not how long


@pytest.mark.parametrize(
    ("language", "text", "long"),
    [
        ("en", "Nine days later the UN counted 900 dead.", "It lasted nine days."),
        ("id", "Sembilan hari kemudian PBB mencatat 900 tewas.", "Itu berlangsung sembilan hari."),
        ("fr", "Neuf jours plus tard, l'ONU comptait 900 morts.", "Cela a duré neuf jours."),
        ("es", "Nueve días después la ONU contó 900 muertos.", "Duró nueve días."),
        ("de", "Neun Tage später zählten die UN 900 Tote.", "Es dauerte neun Tage."),
        ("de", "Vor neun Tagen zählten die UN 900 Tote.", "Es dauerte neun Tage."),
        ("ar", "بعد تسعة أيام أحصت الأمم المتحدة ٩٠٠ قتيل", "استمر القتال تسعة أيام"),
        ("tr", "Dokuz gün sonra BM 900 ölü saydı.", "Dokuz gün sürdü."),
    ],
)
def test_a_stretch_of_time_that_says_when_is_no_duration(language, text, long) -> None:
    def kinds(said: str) -> set[str]:
        return {e.kind for e in elements_of(pair(said, "Nothing is known.", language))}

    assert "duration" not in kinds(text)
    assert "duration" in kinds(long)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Hezbollah will leave Syria."),
        ("id", "Hizbullah meninggalkan Suriah."),
        ("fr", "Le Hezbollah quitte la Syrie."),
        ("de", "Die Hisbollah verließ Syrien."),
    ],
)
def test_to_leave_and_to_stay_exclude_one_another(language: str, text: str) -> None:
    told = read("Hezbollah would stay in Syria.", "en", BASE)
    assert compare.opposed(read(text, language, BASE), told)
    assert compare.opposed(read(text, language, BASE), read("Hezbollah left.", "en", BASE)) is None
