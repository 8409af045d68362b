"""Turkish writes a verb's tense and a name's case onto the word: both come off."""

from __future__ import annotations

from datetime import date

import pytest

from factcheck.sources import Register
from factcheck.text import lexicon
from factcheck.text.dates import dates
from factcheck.text.words import stem


@pytest.mark.parametrize(
    "forms",
    [
        "kaçtı kaçtığını kaçacak kaçmış kaçıyor kaçarak kaçması kaçmak kaçmıştı",
        "öldürdü öldürüldü öldürdüğünü öldürüldüğünü öldürecek",
        "açıkladı açıkladığını açıklandı açıklanacak açıklıyor",
        "imzaladı imzalamadı imzaladığı imzalamadığını",
        "vurdu vurmuş vuracak",
    ],
)
def test_the_forms_of_a_verb_have_one_stem(forms: str) -> None:
    assert len({stem(w, "tr") for w in forms.split()}) == 1, [stem(w, "tr") for w in forms.split()]


def test_other_verbs_and_nouns_keep_their_own() -> None:
    words = "kaçtı vurdu öldürdü geldi kadın haber hastane asker petrol".split()
    assert len({stem(w, "tr") for w in words}) == len(words)


def test_an_act_is_found_in_a_form_that_is_not_listed() -> None:
    told = lexicon.mentions("Grubun kampı ele geçireceğini söyledi.", "tr")
    assert "capture" in {m.concept.name for m in told}


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("AFP’ye konuştu", "AFP"),
        ("Suriye İnsan Hakları Gözlemevi’nin verileri", "SOHR"),
        ("DSÖ'ye göre", "WHO"),
        ("the UN's own count", "UN"),
        ("l’ONU a dit", "UN"),
    ],
)
def test_a_source_is_known_with_a_case_written_on(text: str, short: str) -> None:
    assert [n.source.short for n in Register.load().find(text)] == [short]


def test_a_suffix_makes_no_abbreviation_of_a_word() -> None:
    assert Register.load().find("who's there, and who’s next") == ()


@pytest.mark.parametrize(
    ("text", "language", "first", "last"),
    [
        ("17 Kasım Pazar gecesi", "tr", date(2013, 11, 17), date(2013, 11, 17)),
        ("2 ile 3 Kasım arasında", "tr", date(2013, 11, 2), date(2013, 11, 3)),
        ("entre el 2 y el 3 de noviembre", "es", date(2013, 11, 2), date(2013, 11, 3)),
        ("from November 2 to 3", "en", date(2013, 11, 2), date(2013, 11, 3)),
        ("zwischen dem 2. und dem 3. November", "de", date(2013, 11, 2), date(2013, 11, 3)),
    ],
)
def test_a_range_of_days_is_one_date(text: str, language: str, first: date, last: date) -> None:
    [found] = dates(text, language, date(2013, 11, 26))
    assert (found.first, found.last) == (first, last)


def test_a_weekday_of_the_next_sentence_is_none_of_the_date() -> None:
    found = dates("It fell on 8 November. Sunday was calm.", "en", date(2013, 11, 26))
    assert [w.weekday for w in found] == [None, 6]
