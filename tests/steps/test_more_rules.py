"""Names in a script without capitals, whose fate it was, who lost what another took, who else said
it, and what a weak contradiction is worth."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from factcheck import compare
from factcheck.analysts.local import difference, judge, stance
from factcheck.analysts.local.aligned import Aligned
from factcheck.analysts.local.elements import elements_of
from factcheck.attribution import frame
from factcheck.models import Stance
from factcheck.reading import read
from tests.steps.test_stance import BASE, pair


@pytest.mark.parametrize(
    ("text", "language"),
    [("سيطر الجيش على بلدة حجيرة", "ar"), ("ارتش شهر حجیره را گرفت", "fa")],
)
def test_an_unknown_word_that_spells_a_name_of_the_report_is_that_name(text, language) -> None:
    here = elements_of(pair(text, "The army took the town of Hejira.", language))
    other = elements_of(pair(text, "The army took the town of Melihah.", language))
    assert [e.found for e in here if e.kind == "name"] == [1.0]
    assert not [e for e in other if e.kind == "name" and e.found == 1.0]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The strike wounded Karim Dawood, a commander.", "en"),
        ("Saldırıda komutan Karim Dawood yaralandı.", "tr"),
        ("Serangan itu melukai Karim Dawood, seorang komandan.", "id"),
    ],
)
def test_the_fate_of_one_is_not_that_of_another(text: str, language: str) -> None:
    own = read(text, language, BASE)
    killed = read("The strike killed Karim Dawood and wounded Omar Hariri.", "en", BASE)
    wounded = read("The strike killed Omar Hariri and wounded Karim Dawood.", "en", BASE)
    alone = read("The strike killed Karim Dawood.", "en", BASE)
    assert difference._other_fate(own, killed) == "kill, not injure"
    assert difference._other_fate(own, wounded) == ""
    assert difference._other_fate(own, alone) == ""  # nobody else was wounded: he may be both


def test_one_sides_word_is_enough_for_numbers_that_changed_places() -> None:
    theirs = read("At least 53 were killed: 33 rebels and 20 on the government side.", "en", BASE)
    swapped = read(
        "Mindestens 53 starben: 20 Rebellen und 33 Mann auf Regierungsseite.", "de", BASE
    )
    right = read("Mindestens 53 starben: 33 Rebellen und 20 Mann auf Regierungsseite.", "de", BASE)
    assert difference.exchanged(swapped, theirs) is not None
    assert difference.exchanged(right, theirs) is None


def test_what_one_side_lost_the_other_took() -> None:
    lost = read("Kota Safira lepas dari tangan pemberontak.", "id", BASE)
    took = read("Government forces took control of Safira.", "en", BASE)
    kept = read("The rebels took control of Safira.", "en", BASE)
    assert compare.opposed(lost, took) is None
    assert compare.opposed(lost, kept)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Cenevre’deki görüşmelerde anlaşma çıkmadı.", "tr"),
        ("Pembicaraan di Jenewa berakhir tanpa kesepakatan.", "id"),
    ],
)
def test_two_that_deny_the_same_agree(text: str, language: str) -> None:
    theirs = read("The talks in Geneva ended without agreement.", "en", BASE)
    assert not difference.polarity_differs(read(text, language, BASE), theirs)


def test_a_year_in_common_is_something_definite() -> None:
    near = pair("Das Land kannte seit 1999 keinen Fall.", "It had had no case since 1999.", "de")
    other = pair("Das Land kannte seit 1999 keinen Fall.", "It had had no case since 1989.", "de")
    assert stance._definite(near, elements_of(near))
    assert not stance._definite(other, elements_of(other))


def test_a_body_speaks_for_the_one_that_it_belongs_to() -> None:
    own = read("The UN counts two million refugees.", "en", BASE)
    unhcr = read("UNHCR said that refugees had passed two million.", "en", BASE)
    bank = read("The World Bank said that refugees had passed two million.", "en", BASE)
    assert not stance._somebody_else(own, unhcr)
    assert stance._somebody_else(own, bank)


def test_the_same_words_of_another_speaker_bear_out_a_part() -> None:
    text = "ACNUR achacó el retraso al trauma emocional de los responsables en la zona."
    told = "Amnesty blamed the delay on the emotional trauma of officials in the zone."
    made = pair(text, told, "es", similarity=0.88, margin=0.06)
    words = tuple((w.start, w.end) for w in made.own.words)
    near = [0.2 if w.text in ("ACNUR", "achacó") else 0.47 for w in made.own.words]
    weights = [1.0 if len(w.text) < 4 else 8.0 for w in made.own.words]
    aligned = Aligned(words, words, np.array(near, np.float32), np.array(weights, np.float32))
    judged = stance.judge(replace(made, aligned=aligned))
    assert (judged.stance, judged.reason) == (Stance.QUALIFIES, "the report names somebody else")


def test_a_weak_word_of_another_day_or_figure_disputes_nothing() -> None:
    weak = stance.Judged(Stance.CONTRADICTS, "another day", 0.2)
    strong = replace(weak, score=0.5)
    act = replace(weak, reason="kill, not injure")
    exchanged = replace(weak, reason="another figure, all else the same: 12")
    assert judge._of_something_else(weak, 0.6)
    assert judge._of_something_else(replace(weak, reason="another figure: 12"), 0.6)
    for judged in (strong, act, exchanged):
        assert not judge._of_something_else(judged, 0.6)


@pytest.mark.parametrize(
    ("text", "language", "who"),
    [
        (
            "Eight days after the strike, on November 22, seven groups announced that they would"
            " merge.",
            "en",
            "seven groups",
        ),
        ("Die Gruppe teilte mit, dass sie sich auflöst.", "de", "Die Gruppe"),
    ],
)
def test_who_speaks_is_named_without_the_verb_and_what_stands_before(text, language, who) -> None:
    assert [a.who for a in frame(read(text, language, BASE)).chain] == [who]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Almost two weeks after the storm, nobody can say how many people it killed.", "en"),
        ("Zwei Wochen nach dem Sturm kann niemand sagen, wie viele starben.", "de"),
        ("Hiç kimse kaç kişinin öldüğünü söylemedi.", "tr"),
    ],
)
def test_nobody_is_no_speaker(text: str, language: str) -> None:
    assert not frame(read(text, language, BASE)).chain
