"""Turkish writes a verb's tense and a name's case onto the word: both come off."""

from __future__ import annotations

from datetime import date

import pytest

from factcheck.analysts.local.extract import extract
from factcheck.attribution import frame
from factcheck.models import Span
from factcheck.reading import read
from factcheck.sources import Register
from factcheck.steps.acquire import article
from factcheck.text import lexicon
from factcheck.text.dates import dates
from factcheck.text.split import sentences
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


@pytest.mark.parametrize(
    ("text", "content", "who"),
    [
        (
            "Ban Ki-moon'un ofisi, görüşmelerin 22 Ocak'ta Cenevre'de başlayacağını duyurdu.",
            "görüşmelerin 22 Ocak'ta Cenevre'de başlayacağını",
            "Ban Ki-moon'un",
        ),
        (
            "SOHR Halep'te en az 517 kişinin öldüğünü açıkladı.",
            "Halep'te en az 517 kişinin öldüğünü",
            "SOHR",
        ),
        (
            "UNHCR 3 Kasım'da Lübnan'ın 812.000 mülteciyi barındırdığını açıkladı.",
            "Lübnan'ın 812.000 mülteciyi barındırdığını",
            "UNHCR",
        ),
        (
            "İsyancılar 18 Kasım'da, Halep'in batısındaki üssü ele geçirdiklerini söyledi.",
            "Halep'in batısındaki üssü ele geçirdiklerini",
            "İsyancılar",
        ),
        ("SOHR'a göre Halep'te 517 kişi öldü.", "Halep'te 517 kişi öldü.", "SOHR'a"),
        ("Ordu kasabayı ele geçirdi, SOHR açıkladı.", "Ordu kasabayı ele geçirdi", "SOHR"),
        (
            "Halep'te 517 kişinin öldüğünü belirten SOHR, 471'inin sivil olduğunu söyledi.",
            "Halep'te 517 kişinin öldüğünü belirten SOHR, 471'inin sivil olduğunu",
            "SOHR",
        ),
    ],
)
def test_who_says_it_and_what_is_said(text: str, content: str, who: str) -> None:
    framed = frame(read(text, "tr", date(2013, 11, 20)))
    assert text[framed.content.start : framed.content.end] == content
    assert [a.who for a in framed.chain] == [who]


def test_a_figure_or_a_statement_is_nobody_who_speaks() -> None:
    text = (
        "SOHR 31 Aralık'ta toplam ölü sayısını 130.433, sivillerin sayısını 46.266 olarak açıkladı."
    )
    assert frame(read(text, "tr", date(2014, 1, 2))).content == Span(0, len(text))
    said = "Bakan, ordunun kenti aldığını, 20 kişinin öldüğünü söyledi."
    framed = frame(read(said, "tr", date(2014, 1, 2)))
    assert said[framed.content.start :].startswith("ordunun kenti aldığını, 20 kişinin öldüğünü")


def test_a_claim_holds_who_said_it_and_when() -> None:
    """The day on which something was said is part of what can be wrong."""
    text = "UNHCR 15 Mart'ta, 1 Ocak'tan bu yana 400 binden fazla Suriyelinin mülteci olduğunu açıkladı."
    made = article(text, published=date(2013, 3, 20), language="tr")
    [sentence] = extract(made, sentences(text, "tr"))
    [draft] = sentence.claims
    assert "15 Mart" in draft.anchor
    assert "15 Mart" not in draft.statement


def test_an_ordinal_parts_no_sentence() -> None:
    for text in ("Ordu 80. Üs'te kontrolü sağladı.", "Saldırıda 46. Tugay çekildi."):
        assert len(sentences(text, "tr")) == 1
    assert len(sentences("Ölü sayısı 46. Sonra çatışma durdu.", "tr")) == 2
    assert len(sentences("Die 80. Brigade zog ab.", "de")) == 1
    assert len(sentences("Die Zahl stieg auf 46. Mali schloss die Grenze.", "de")) == 2


def test_a_case_parts_two_dates_and_a_future_lies_ahead() -> None:
    base = date(2013, 12, 20)
    told = dates("BM 16 Aralık'ta, 2014 yılında Suriye için para istedi.", "tr", base)
    assert [(w.first, w.grain) for w in told] == [
        (date(2013, 12, 16), "day"),
        (date(2014, 1, 1), "year"),
    ]
    [ahead] = dates("Görüşmelerin 22 Ocak'ta başlayacağını duyurdu.", "tr", base)
    assert ahead.first == date(2014, 1, 22)
