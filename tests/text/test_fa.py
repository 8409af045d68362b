"""Persian: one stem for the forms of a word, numbers told in parts, dates of both calendars, names
without capitals, and verbs that deny by a syllable of their own."""

from __future__ import annotations

from datetime import date

import pytest

from factcheck import attribution, compare
from factcheck.analysts.local import clauses
from factcheck.analysts.local.difference import denies
from factcheck.models import Span
from factcheck.reading import read
from factcheck.sources import Register
from factcheck.text import lexicon, persian
from factcheck.text.dates import dates
from factcheck.text.figures import figures
from factcheck.text.names import names, skeleton
from factcheck.text.split import sentences
from factcheck.text.words import stem

BASE = date(2013, 11, 21)
NEAR = frozenset({"SY", "LB", "PH"})


@pytest.mark.parametrize(
    "forms",
    [
        "شد شدند شده می‌شود می‌شوند نشد نشده‌اند شده‌است",
        "کرد کردند کرده‌اند می‌کند نمی‌کنند کنند بکند كرد",
        "شورشی شورشیان شورشی‌ها شورشی‌های",
        "آواره آوارگان آواره‌ها آواره‌ای",
        "خانه خانه‌ها خانه‌های خانه‌هایشان خانه‌ای",
        "رئیس رییس",
        "سلاح سلاح‌ها سلاحهای سلاح‌های",
        "جنگجویان جنگجویانش",
    ],
)
def test_the_forms_of_a_word_have_one_stem(forms: str) -> None:
    assert len({stem(w, "fa") for w in forms.split()}) == 1, [stem(w, "fa") for w in forms.split()]


@pytest.mark.parametrize("word", "نبرد نزد مانند گروگان سازمان بیمارستان خیابان تنها لبنان".split())
def test_a_word_that_only_looks_like_a_form_stays(word: str) -> None:
    assert stem(word, "fa") == persian.plain(word)
    assert not persian.denied(word)


def test_arabic_keeps_its_own_stems() -> None:
    assert stem("والمدينة", "ar") == stem("مدينة", "ar")


@pytest.mark.parametrize(
    ("text", "concept", "there"),
    [
        ("ارتش شهر را تصرف کرده است", "capture", True),
        ("گروهی از ناظران", "hostages", False),
        ("۲۳ گروگان آزاد شدند", "hostages", True),
        ("خبر تأیید نشده است", "unconfirmed", True),
        ("خبر تأیید شد", "unconfirmed", False),
        ("در کنفرانس شرکت نکرد", "company", False),
        ("یک شرکت نفتی", "company", True),
    ],
)
def test_a_concept_is_found_by_the_forms_of_its_words(text: str, concept: str, there: bool) -> None:
    assert (concept in {m.concept.name for m in lexicon.mentions(text, "fa")}) is there


@pytest.mark.parametrize(
    ("text", "value", "low_high", "unit"),
    [
        ("۴ هزار و ۴۶۰ نفر", 4460, (4455, 4465), "count"),
        ("دو میلیون و ۳۰۰ هزار پناهنده", 2_300_000, None, "count"),
        ("دو هزار و سیصد و پنجاه و هفت نفر", 2357, (2357, 2357), "count"),
        ("۲.۲ میلیون نفر", 2_200_000, None, "count"),
        ("۲٫۲ میلیون نفر", 2_200_000, None, "count"),
        ("۱۲۰٬۲۹۶ نفر", 120_296, (120_296, 120_296), "count"),
        ("۱۲۰,۲۹۶ نفر", 120_296, (120_296, 120_296), "count"),
        ("۲/۳ درصد", 2.3, None, "percent"),
        ("بیست و سه تن", 23, (23, 23), "count"),
        ("۶.۵ میلیارد دلار", 6.5e9, None, "money"),
        ("سه هفته", 3, None, "week"),
        ("بین ۶۰ تا ۸۰ نفر", 80, (60, 80), "count"),
    ],
)
def test_numbers_as_persian_writes_them(
    text: str, value: float, low_high: tuple[float, float] | None, unit: str
) -> None:
    (figure,) = figures(text, "fa")
    assert figure.value == pytest.approx(value)
    assert figure.unit == unit
    if low_high:
        assert (figure.low, figure.high) == low_high


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("دست‌کم ۲ هزار و ۳۵۷ نفر", "least"),
        ("بیش از ۹۰۰ هزار نفر", "more"),
        ("نزدیک به ۱۲ میلیون نفر", "nearly"),
        ("حدود ۵ هزار ملوان", "about"),
        ("کمتر از ۱۰۰ نفر", "less"),
        ("حداکثر ۵۰ نفر", "most"),
    ],
)
def test_bounds(text: str, bound: str) -> None:
    assert [f.bound for f in figures(text, "fa")] == [bound]


def test_two_counts_of_one_verb_are_two_figures() -> None:
    killed, wounded = figures("۲۳ نفر کشته و ۱۴۶ نفر زخمی شدند", "fa")
    assert (killed.value, wounded.value) == (23, 146)
    assert "killed" in killed.counts
    assert "wounded" in wounded.counts


def test_a_place_behind_a_count_is_not_counted() -> None:
    (figure,) = figures("۱۵ مورد قطعی فلج اطفال در استان دیرالزور", "fa")
    assert figure.counts == {"disease_cases"}


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("۸ نوامبر ۲۰۱۳", date(2013, 11, 8)),
        ("جمعه ۸ نوامبر", date(2013, 11, 8)),
        ("جمعه، ۸ نوامبر ۲۰۱۳", date(2013, 11, 8)),
        ("هشتم نوامبر", date(2013, 11, 8)),
        ("بیست و یکم اوت ۲۰۱۳", date(2013, 8, 21)),
        ("۵ مه ۲۰۱۳", date(2013, 5, 5)),
        ("۱۷ آبان ۱۳۹۲", date(2013, 11, 8)),
        ("۱۷ آبان", date(2013, 11, 8)),
        ("۳۰ اسفند ۱۴۰۳", date(2025, 3, 20)),
        ("دیروز", date(2013, 11, 20)),
        ("سه‌شنبه", date(2013, 11, 19)),
        ("سه شنبه", date(2013, 11, 19)),
    ],
)
def test_days_of_both_calendars(text: str, first: date) -> None:
    (when,) = dates(text, "fa", BASE)
    assert when.first == when.last == first


def test_a_day_that_the_iranian_calendar_has_not_is_left_open() -> None:
    assert persian.gregorian(1392, 12, 30) is None
    assert persian.gregorian(1392, 7, 31) is None


def test_a_month_that_is_also_a_word_wants_its_year() -> None:
    assert dates("۵ تیر شلیک شد", "fa", BASE) == ()


def test_a_decimal_point_ends_no_sentence() -> None:
    text = "بیش از ۲.۳ میلیون نفر گریختند. جنگ ادامه دارد."
    assert len(sentences(text, "fa")) == 2


@pytest.mark.parametrize(
    ("text", "country", "city"),
    [
        ("پناهندگان سوری", "SY", ""),
        ("مقامات لبنانی‌ها", "LB", ""),
        ("وزیر فرانسوی", "FR", ""),
        ("در سودان جنوبی", "SS", ""),
        ("در دیرالزور", "SY", "Deir ez-Zor"),
        ("در لاهه", "NL", "The Hague"),
    ],
)
def test_places_and_their_adjectives(text: str, country: str, city: str) -> None:
    assert [(n.place.country, n.place.city) for n in names(text, "fa", NEAR) if n.place] == [
        (country, city)
    ]


@pytest.mark.parametrize(
    "text", ["ایراد او", "کانال تلویزیونی", "پالایشگاه نفت", "منابع مالی", "جورج"]
)
def test_words_that_begin_like_a_country_are_none(text: str) -> None:
    assert names(text, "fa", NEAR) == ()


@pytest.mark.parametrize(
    ("word", "latin"),
    [("نصرالله", "Nasrallah"), ("سفیره", "Safira"), ("خناصر", "Khanasser"), ("کرکوک", "Kirkuk")],
)
def test_names_meet_across_scripts(word: str, latin: str) -> None:
    assert skeleton(word, "fa") == skeleton(latin)


@pytest.mark.parametrize(
    ("word", "latin", "same"),
    [
        ("هایان", "Haiyan", True),
        ("انصاری", "Ansari", True),
        ("گوترش", "Guterres", True),
        ("واشنگتن", "Washington", True),
        ("مردم", "Murad", False),
        ("انصاری", "Ashton", False),
        ("هایان", "Hama", False),
    ],
)
def test_a_word_spells_a_name(word: str, latin: str, same: bool) -> None:
    assert persian.spells(word, latin) is same


def test_a_title_shows_a_name() -> None:
    assert [n.text for n in names("توفان هایان شدت گرفت", "fa", NEAR)] == ["هایان"]
    assert names("توفان شدید بود", "fa", NEAR) == ()


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("به گفته دیده‌بان حقوق بشر سوریه", "SOHR"),
        ("دیدبان حقوق بشر گفت", "HRW"),
        ("کمیساریای عالی پناهندگان سازمان ملل", "UNHCR"),
        ("پزشکان بدون مرز", "MSF"),
        ("خبرگزاری فرانسه", "AFP"),
        ("حزب‌الله لبنان", "Hezbollah"),
    ],
)
def test_sources(text: str, short: str) -> None:
    assert [n.source.short for n in Register.load().find(text)] == [short]


@pytest.mark.parametrize(
    ("text", "denied"),
    [
        ("سوریه تجهیزات خود را نابود نکرده است", True),
        ("سوریه تجهیزات خود را نابود کرده است", False),
        ("این گروه از شهر عقب‌نشینی نمی‌کند", True),
        ("هیچ نیرویی در سوریه نیست", True),
        ("در نبرد شهر کشته شد", False),
        ("نه تنها کودکان را واکسینه کردند", False),
    ],
)
def test_a_verb_denies_by_a_syllable(text: str, denied: bool) -> None:
    assert denies(read(text, "fa")) is denied


@pytest.mark.parametrize(
    ("text", "who", "content"),
    [
        ("والری آموس گفت که کمک‌ها کند بوده است.", "OCHA", "کمک‌ها کند بوده است."),
        ("به گزارش رویترز، ارتش شهر را گرفت.", "Reuters", "ارتش شهر را گرفت."),
        ("سازمان ملل می‌گوید ۹۰۰ هزار نفر آواره شده‌اند.", "UN", "۹۰۰ هزار نفر آواره شده‌اند."),
    ],
)
def test_who_says_it(text: str, who: str, content: str) -> None:
    frame = attribution.frame(read(text, "fa", BASE, NEAR))
    assert [a.source for a in frame.chain] == [who]
    assert text[frame.content.start : frame.content.end] == content


def test_a_clause_ends_with_its_verb() -> None:
    text = (
        "نصرالله پیشنهاد کرد که در برابر کرسی‌های کابینه در لبنان، جنگجویانش را از سوریه بیرون بکشد."
    )
    assert len(clauses.clauses(read(text, "fa", BASE, NEAR), Span(0, len(text)))) == 1
    text = "شورشیان پایگاه را تصرف کردند و ارتش از شهر عقب‌نشینی کرد."
    assert len(clauses.clauses(read(text, "fa", BASE, NEAR), Span(0, len(text)))) == 2


@pytest.mark.parametrize(
    ("text", "side"),
    [
        ("شورشیان پایگاه را از ارتش پس گرفتند.", "opposition"),
        ("پایگاه شورشیان توسط ارتش تصرف شد.", "government"),
    ],
)
def test_who_did_it_stands_first_or_behind_its_mark(text: str, side: str) -> None:
    reading = read(text, "fa", BASE, NEAR)
    act = next(m for m in reading.mentions if m.concept.name in ("retake", "capture"))
    assert compare.agent_side(reading, act) == side
