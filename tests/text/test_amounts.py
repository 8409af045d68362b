"""Amounts in words: in halves, behind cases, in parts, round ones; and what only looks like one."""

from __future__ import annotations

import pytest

from factcheck.text import lexicon
from factcheck.text.figures import figures


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [
        ("ar", "مليون لاجئ", 1e6),
        ("ar", "مليونا شخص", 2e6),
        ("ar", "نصف مليون لاجئ", 5e5),
        ("ar", "أكثر من مليون ونصف المليون", 1.5e6),
        ("ar", "عشرون ألفا و٣٠٠ شخص", 20_300),
        ("de", "eine Million Menschen", 1e6),
        ("de", "eine halbe Million", 5e5),
        ("de", "anderthalb Millionen Menschen", 1.5e6),
        ("de", "tausend Menschen", 1e3),
        ("en", "half a million refugees", 5e5),
        ("en", "one and a half million people", 1.5e6),
        ("en", "a million and a half", 1.5e6),
        ("en", "2.5m refugees", 2.5e6),
        ("en", "400k people", 4e5),
        ("es", "un millón de refugiados", 1e6),
        ("es", "un millón y medio de personas", 1.5e6),
        ("es", "medio millón de refugiados", 5e5),
        ("es", "mil novecientos", 1_900),
        ("fa", "نیم میلیون نفر", 5e5),
        ("fa", "هزار نفر", 1e3),
        ("fr", "un million de réfugiés", 1e6),
        ("fr", "un million et demi de personnes", 1.5e6),
        ("fr", "un demi-million de réfugiés", 5e5),
        ("fr", "mille morts", 1e3),
        ("fr", "2 millions et demi de déplacés", 2.5e6),
        ("id", "setengah juta pengungsi", 5e5),
        ("id", "satu setengah juta", 1.5e6),
        ("id", "1 juta 200 ribu orang", 1.2e6),
        ("it", "due milioni e mezzo", 2.5e6),
        ("nl", "duizend mensen", 1e3),
        ("pt", "um milhão e meio", 1.5e6),
        ("pt", "mil pessoas", 1e3),
        ("ru", "миллион человек", 1e6),
        ("ru", "полтора миллиона человек", 1.5e6),
        ("ru", "около тысячи человек", 1e3),
        ("tr", "bir buçuk milyon kişi", 1.5e6),
        ("tr", "yarım milyon mülteci", 5e5),
        ("tr", "2 bin 300 kişi", 2_300),
        ("tr", "bin kişi", 1e3),
    ],
)
def test_an_amount_in_words(language: str, text: str, value: float) -> None:
    [figure] = figures(text, language)
    assert figure.value == value
    assert figure.low <= value * 1.0002
    assert figure.high >= value * 0.9998


@pytest.mark.parametrize(
    ("text", "value", "bound"),
    [
        ("400 binden fazla kişi kaçtı", 400_000, "more"),
        ("2 milyondan fazla Suriyeli", 2e6, "more"),
        ("80'den fazla savaşçı", 80, "more"),
        ("80’i aşkın kişi", 80, "more"),
        ("300'ün üzerinde asker", 300, "more"),
        ("100 bini aşkın kişi", 100_000, "more"),
        ("yirmiden fazla asker", 20, "more"),
        ("50'den az kişi", 50, "less"),
        ("120 bine yakın kişi", 120_000, "nearly"),
        ("üç milyona yakın kişi", 3e6, "nearly"),
        ("30 kadar kişi", 30, "about"),
        ("6,5 milyonu ülke içinde", 6.5e6, "exact"),
        ("130.000 kişinin", 130_000, "exact"),
    ],
)
def test_a_turkish_number_with_its_case_and_its_bound(text: str, value: float, bound: str) -> None:
    [figure] = figures(text, "tr")
    assert (figure.value, figure.bound) == (value, bound)


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [
        ("fr", "une centaine de morts", 100),
        ("fr", "une trentaine d’enfants", 30),
        ("fr", "d'une vingtaine d'enfants", 20),
        ("es", "una treintena de muertos", 30),
        ("es", "medio centenar de heridos", 50),
        ("de", "ein Dutzend Tote", 12),
        ("nl", "een dertigtal doden", 30),
    ],
)
def test_a_round_amount_is_about_so_many(language: str, text: str, value: float) -> None:
    [figure] = figures(text, language)
    assert (figure.value, figure.bound) == (value, "about")
    assert figure.low < 0.9 * value < 1.1 * value < figure.high


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Ein Soldat und eine Frau starben."),
        ("de", "einige tausend Menschen"),
        ("en", "half of them"),
        ("es", "el medio ambiente"),
        ("fa", "چند هزار نفر"),
        ("fr", "Il est en quarantaine."),
        ("fr", "Une quarantaine est imposée."),
        ("id", "setengah jam"),
        ("ru", "тысячи человек"),
        ("tr", "birkaç bin kişi"),
        ("tr", "onun altında, birden fazla yüzünden"),
        ("tr", "80. Üs'te tam kontrol"),
    ],
)
def test_what_is_no_amount(language: str, text: str) -> None:
    assert figures(text, language) == ()


@pytest.mark.parametrize(
    ("language", "text", "value", "unit"),
    [
        ("de", "Sie gab die Zahl der Toten mit 7.460 an.", 7_460, "count"),
        ("id", "40-an orang", 40, "count"),
        ("en", "a 2.5m wall", 2.5, "metre"),
        ("fr", "30 ans", 30, "year"),
        ("nl", "1.430 ton olijven", 1_430, "tonne"),
        ("en", "The toll was put at 20 on Monday.", 20, "count"),
    ],
)
def test_a_unit_is_one_of_its_own_language(
    language: str, text: str, value: float, unit: str
) -> None:
    [figure] = figures(text, language)
    assert (figure.value, figure.unit) == (value, unit)


def test_a_range_behind_at_is_one_and_counts_whom_it_names() -> None:
    [figure] = figures("Another report put rebel deaths at 60 to 80.", "en")
    assert (figure.low, figure.high, figure.bound) == (60, 80, "range")
    assert "opposition_forces" in figure.of


def test_a_number_told_in_parts_by_another_bound_stays_two() -> None:
    assert [f.value for f in figures("2 bin 300 bin", "tr")] == [2_000, 300_000]


@pytest.mark.parametrize("language", lexicon.LANGUAGES)
def test_the_table_of_amounts_is_sound(language: str) -> None:
    table = lexicon.amounts(language)
    known = "one bare several bounded half and_half more round of short".split()
    assert set(table) <= set(known)
    scales = {str(k).casefold() for k in lexicon.frames(language)["scales"]}
    for word in [*table.get("bare", {}), *table.get("bounded", {})]:
        assert word == word.casefold()
        assert word in scales or table.get("bare", {}).get(word, 0) in (2e3, 2e6), word
