"""Chinese, Japanese and Korean without a word list; languages of which only little is known."""

from __future__ import annotations

from datetime import date

import pytest

from factcheck.analysts.local.difference import negators, polarity_differs
from factcheck.reading import read
from factcheck.text import lexicon
from factcheck.text.dates import dates
from factcheck.text.figures import figures
from factcheck.text.language import identify
from factcheck.text.words import tokens

BASE = date(2013, 11, 15)


def test_letters_that_no_served_language_has_lead_to_others() -> None:
    assert (
        identify("Wojsko syryjskie w pełni opanowało Bazę 80 w pobliżu lotniska w Aleppo.") == "pl"
    )
    assert identify("Сирійська армія повністю взяла під контроль базу біля аеропорту.") == "uk"
    assert (
        identify("The army, said Lech Wałęsa, took the base near the airport of the city.") == "en"
    )


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("至少有五十人在阿勒颇附近的战斗中丧生,政府军控制了整个机场。", "zh"),
        ("政府軍はアレッポ空港の近くにある基地を完全に制圧したと発表した。", "ja"),
        ("정부군이 알레포 공항 인근의 기지를 완전히 장악했다고 밝혔다.", "ko"),
        ("ผู้เสียชีวิตอย่างน้อยห้าสิบคนในการสู้รบใกล้เมืองอเลปโป", "th"),
        ("सेना ने हवाई अड्डे के पास बेस पर पूरा नियंत्रण कर लिया।", "hi"),
        ("הצבא השתלט על הבסיס ליד שדה התעופה של העיר", "he"),
        ("Ο στρατός κατέλαβε τη βάση κοντά στο αεροδρόμιο", "el"),
    ],
)
def test_a_script_of_one_language_tells_it(text: str, language: str) -> None:
    assert identify(text) == language


@pytest.mark.parametrize(
    ("text", "value", "unit", "bound"),
    [
        ("至少有53人丧生", 53, "count", "least"),
        ("超过81.2万人", 812_000, "count", "more"),
        ("81万2000人以上の難民", 812_000, "count", "least"),
        ("81만2천 명이 넘는 난민", 812_000, "count", "more"),
        ("20多人受伤", 20, "count", "more"),
        ("约3亿美元", 300_000_000, "money", "about"),
        ("占60%的居民", 60, "percent", "exact"),
        ("持续了3天的战斗", 3, "day", "exact"),
        ("約1,250キロ", 1250, "km", "about"),
    ],
)
def test_figures_with_their_counter_written_on(text, value, unit, bound) -> None:
    (figure,) = figures(text, "zh")
    assert (figure.value, figure.unit, figure.bound) == (value, unit, bound)
    assert text[figure.start : figure.end] == figure.text


@pytest.mark.parametrize(
    "text", ["第80旅", "80号基地", "下午3点开始", "80기지", "11月10日", "2013年"]
)
def test_what_is_no_count(text: str) -> None:
    assert not figures(text, "zh")


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2013年11月10日", date(2013, 11, 10), date(2013, 11, 10)),
        ("11月10日", date(2013, 11, 10), date(2013, 11, 10)),
        ("12월 25일", date(2013, 12, 25), date(2013, 12, 25)),
        ("2月28日", date(2013, 2, 28), date(2013, 2, 28)),
        ("2012年2月", date(2012, 2, 1), date(2012, 2, 29)),
        ("2012년", date(2012, 1, 1), date(2012, 12, 31)),
    ],
)
def test_dates(text: str, first: date, last: date) -> None:
    (when,) = dates(f"政府军{text}说", "zh", BASE)
    assert (when.first, when.last) == (first, last)


def test_no_day_is_made_up() -> None:
    assert not dates("13月45日", "zh", BASE)


@pytest.mark.parametrize(
    ("language", "text", "parts"),
    [
        ("zh", "政府军在80号", ["政", "府", "军", "在", "80", "号"]),
        ("ja", "アレッポで", ["アレッポ", "で"]),
        ("hi", "सेना ने कहा", ["सेना", "ने", "कहा"]),
        ("th", "ไม่มี", ["ไม่มี"]),
    ],
)
def test_words(language: str, text: str, parts: list[str]) -> None:
    found = tokens(text, language)
    assert [w for w, _, _ in found] == parts
    assert all(text[a:b] == w for w, a, b in found)


@pytest.mark.parametrize(
    ("language", "denied", "said"),
    [
        ("zh", "会谈没有达成协议。", "会谈达成了协议。"),
        ("ja", "協議は合意に至らないまま終わった。", "協議は合意に達して終わった。"),
        ("ja", "未明の協議は合意できず、終わった。", "未明の協議は合意して終わった。"),
        ("ko", "회담은 합의 없이 끝났다.", "회담은 합의에 도달하며 끝났다."),
        ("hi", "वार्ता बिना समझौते के समाप्त हुई।", "वार्ता समझौते के साथ समाप्त हुई।"),
        ("pl", "Rozmowy zakończyły się bez porozumienia.", "Rozmowy zakończyły się porozumieniem."),
        ("th", "การเจรจาสิ้นสุดโดยไม่มีข้อตกลง", "การเจรจาสิ้นสุดด้วยข้อตกลง"),
    ],
)
def test_what_denies_is_seen_in_a_language_without_lists(language, denied, said) -> None:
    theirs = read("The talks ended without agreement.", "en", BASE)
    assert negators(read(denied, language, BASE))
    assert not polarity_differs(read(denied, language, BASE), theirs)
    assert polarity_differs(read(said, language, BASE), theirs)


def test_words_that_only_begin_as_a_denial_does() -> None:
    assert not negators(read("无人机未来不断增加。", "zh", BASE))


def test_of_some_languages_nothing_is_known() -> None:
    assert lexicon.negators("xx") is None
    assert lexicon.negators("en") and "nie" in (lexicon.negators("pl") or ())
