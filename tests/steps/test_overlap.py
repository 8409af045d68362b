"""Words of one language side by side: what is told, what is denied, what goes further."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from factcheck.analysts.local.difference import denying, negators
from factcheck.analysts.local.overlap import overlap, weights
from factcheck.models import Stance
from factcheck.reading import read
from tests.steps.test_stance import stance_of

TOLD = {
    "en": "The minister opened the new hospital in the northern province on Friday morning.",
    "id": "Menteri meresmikan rumah sakit baru di provinsi utara pada Jumat pagi.",
    "ar": "افتتح الوزير المستشفى الجديد في المحافظة الشمالية صباح الجمعة.",
    "fr": "Le ministre a inauguré le nouvel hôpital dans la province du nord vendredi matin.",
    "es": "El ministro inauguró el nuevo hospital en la provincia del norte el viernes por la mañana.",
    "de": "Der Minister eröffnete am Freitagmorgen das neue Krankenhaus in der nördlichen Provinz.",
    "tr": "Bakan, kuzeydeki ilde yeni hastaneyi cuma sabahı açtı.",
}
DENIED = {
    "en": "The minister did not open the new hospital in the northern province.",
    "id": "Menteri tidak meresmikan rumah sakit baru di provinsi utara.",
    "ar": "لم يفتتح الوزير المستشفى الجديد في المحافظة الشمالية.",
    "fr": "Le ministre n’a pas inauguré le nouvel hôpital dans la province du nord.",
    "es": "El ministro no inauguró el nuevo hospital en la provincia del norte.",
    "de": "Der Minister eröffnete das neue Krankenhaus in der nördlichen Provinz nicht.",
    "tr": "Bakan, kuzeydeki ilde yeni hastaneyi açmadı.",
}


def beside(claim: str, sentence: str, language: str, cosine: float = 0.9):
    return overlap(read(claim, language), read(sentence, language), cosine)


@pytest.mark.parametrize("language", sorted(TOLD))
def test_a_sentence_beside_itself_is_covered_whole_and_in_order(language: str) -> None:
    found = beside(TOLD[language], TOLD[language], language)
    assert found is not None
    assert found.covered == found.order == found.longest == found.whole == 1.0
    assert found.missing == found.scattered == found.parted == 0.0
    assert found.score >= weights()["enough"]


@pytest.mark.parametrize("language", sorted(TOLD))
def test_a_claim_that_denies_what_the_same_words_affirm_is_contradicted(language: str) -> None:
    assert negators(read(DENIED[language], language)), "its negator is known"
    assert (
        stance_of(DENIED[language], TOLD[language], language, other=language) is Stance.CONTRADICTS
    )
    assert (
        stance_of(DENIED[language], DENIED[language], language, other=language)
        is not Stance.CONTRADICTS
    )


def test_what_is_denied_in_another_word_contradicts_no_denial() -> None:
    claim = "Half a million children in the province have not been vaccinated."
    told = "Half a million children in the province missed being vaccinated."
    assert denying(read(told, "en"))
    assert stance_of(claim, told) is not Stance.CONTRADICTS
    assert stance_of(claim, told.replace("missed being", "have been")) is Stance.CONTRADICTS


def test_other_words_are_missed_and_cost() -> None:
    told = "The minister opened the new hospital in the northern province."
    other = "The minister praised the old bridge in the southern village."
    found = beside(other, told, "en")
    assert found is not None and found.covered < 0.6
    assert found.score < beside(told, told, "en").score


def test_a_claim_that_says_all_goes_further_than_a_sentence_that_does_not() -> None:
    assert beside("All villages were flooded.", "Villages were flooded.", "en").goes_further == 1.0
    assert beside("Villages were flooded.", "All villages were flooded.", "en").goes_further == 0.0


def test_two_languages_cannot_be_laid_side_by_side() -> None:
    assert overlap(read(TOLD["en"], "en"), read(TOLD["id"], "id"), 0.9) is None
    assert overlap(read("…", "en"), read(TOLD["en"], "en"), 0.9) is None


def test_the_weights_stand_for_every_number_and_the_score_is_a_share() -> None:
    found = beside(TOLD["en"], DENIED["en"], "en")
    by_word = replace(found, met=0.4, unmet=0.5)
    assert set(found.__slots__) == set(by_word.numbers) == {*found.numbers, "met", "unmet"}
    for one in (found, by_word):
        assert {*one.numbers, "bias", "enough", "least"} == set(weights(by_word=one.by_word))
        assert 0.0 < one.score < 1.0 and math.isfinite(one.score)
