"""Dates: absolute ones in six languages, open ones resolved against a base, weekdays checked."""

from __future__ import annotations

import calendar
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factcheck.text import lexicon
from factcheck.text.dates import When, dates, day_order, western_digits

steady = settings(settings.get_profile("text"), max_examples=200)

BASE = date(2013, 11, 15)  # a Friday
LANGUAGES = ("id", "en", "ar", "fr", "es", "de")
PATTERNS = {
    "id": "{day} {month} {year}",
    "en": "{day} {month} {year}",
    "ar": "{day} {month} {year}",
    "fr": "{day} {month} {year}",
    "es": "{day} de {month} de {year}",
    "de": "{day}. {month} {year}",
}
OPEN_PATTERNS = {k: v.replace(" de {year}", "").replace(" {year}", "") for k, v in PATTERNS.items()}
real_dates = st.dates(date(1950, 1, 1), date(2049, 12, 31))


def one(text: str, language: str, base: date | None = BASE, order: str | None = None) -> When:
    (when,) = dates(text, language, base, order)
    assert text[when.start : when.end] == when.text
    return when


def names_of(language: str, month: int) -> list[str]:
    """The written names of a month (two letters are too few to be one)."""
    found = lexicon.frames(language)["months"][month - 1]
    return [n for n in found if len(n.rstrip(".")) > 2]


def full_name(language: str, month: int) -> str | None:
    return next(iter(names_of(language, month)), None)


# ---------------------------------------------------------------- absolute


@pytest.mark.parametrize("language", LANGUAGES)
@steady
@given(day=real_dates, data=st.data())
def test_any_real_date_is_found_and_equal(language: str, day: date, data: st.DataObject) -> None:
    month = data.draw(st.sampled_from(names_of(language, day.month)))
    text = PATTERNS[language].format(day=day.day, month=month, year=day.year)
    when = one(text, language)
    assert (when.first, when.last, when.grain, when.explicit) == (day, day, "day", True)
    assert when.text == text


@steady
@given(real_dates, st.sampled_from(LANGUAGES))
def test_iso_dates(day: date, language: str) -> None:
    when = one(f"({day.isoformat()})", language)
    assert (when.first, when.last, when.explicit) == (day, day, True)


@steady
@given(real_dates, st.sampled_from(["dmy", "mdy"]), st.sampled_from("/.-"))
def test_numeric_dates_follow_the_order(day: date, order: str, mark: str) -> None:
    parts = [day.day, day.month] if order == "dmy" else [day.month, day.day]
    when = one(f"{parts[0]}{mark}{parts[1]}{mark}{day.year}", "en", order=order)
    assert when.first == day


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "12 November 2013"),
        ("en", "November 12, 2013"),
        ("en", "Nov. 12, 2013"),
        ("en", "12th November 2013"),
        ("en", "11/12/2013"),
        ("id", "12 November 2013"),
        ("id", "12 Nopember 2013"),
        ("id", "12/11/2013"),
        ("id", "12-11-2013"),
        ("ar", "12 تشرين الثاني 2013"),
        ("ar", "١٢ نوفمبر ٢٠١٣"),
        ("ar", "الثاني عشر من تشرين الثاني ٢٠١٣"),
        ("fr", "12 novembre 2013"),
        ("es", "12 de noviembre de 2013"),
        ("de", "12. November 2013"),
        ("de", "12. Nov. 2013"),
        ("de", "12.11.2013"),
        ("en", "2013-11-12"),
    ],
)
def test_the_twelfth_of_november(language: str, text: str) -> None:
    when = one(text, language, None)
    assert when.first == when.last == date(2013, 11, 12)
    assert when.explicit


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "31 November 1999 AD"), ("en", "2013-02-30"), ("id", "12/11"), ("en", "3/4 of them"),
     ("en", "76 people"), ("en", "he may go"), ("en", "")],
)  # fmt: skip
def test_what_is_no_day(language: str, text: str) -> None:
    assert not [w for w in dates(text, language, BASE) if w.grain == "day"]


def test_the_first_of_the_month_in_french() -> None:
    assert one("le 1er novembre 2013", "fr").first == date(2013, 11, 1)


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("5 كانون الثاني 2013", 1), ("5 يناير 2013", 1), ("5 جانفي 2013", 1), ("5 شباط 2013", 2),
        ("5 فبراير 2013", 2), ("5 آذار 2013", 3), ("5 مارس 2013", 3), ("5 نيسان 2013", 4),
        ("5 أيار 2013", 5), ("5 حزيران 2013", 6), ("5 تموز 2013", 7), ("5 أغسطس 2013", 8),
        ("5 أوت 2013", 8), ("5 أيلول 2013", 9), ("5 تشرين الأول 2013", 10), ("5 أكتوبر 2013", 10),
        ("5 تشرين الثاني 2013", 11), ("5 كانون الأول 2013", 12), ("5 ديسمبر 2013", 12),
    ],
)  # fmt: skip
def test_arabic_month_families(text: str, month: int) -> None:
    assert one(text, "ar").first == date(2013, month, 5)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("في الخامس من تشرين الثاني", date(2013, 11, 5)),
        ("في الخامس والعشرين من تموز", date(2013, 7, 25)),
        ("الحادي عشر من أيلول ٢٠١٢", date(2012, 9, 11)),
        ("الثالث عشر من آذار", date(2013, 3, 13)),
        ("الثلاثين من حزيران", date(2013, 6, 30)),
        ("الحادي والثلاثين من كانون الأول", date(2012, 12, 31)),
    ],
)
def test_arabic_ordinals(text: str, expected: date) -> None:
    assert one(text, "ar").first == expected


# ---------------------------------------------------------------- short and open


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("id", "Selasa (12/11)", date(2013, 11, 12)),
        ("id", "Selasa, 12/11", date(2013, 11, 12)),
        ("id", "(12/11)", date(2013, 11, 12)),
        ("fr", "mardi (12/11)", date(2013, 11, 12)),
        ("en", "Tuesday (11/12)", date(2013, 11, 12)),
        ("en", "Tuesday (12/11)", date(2012, 12, 11)),
        ("en", "(25/10)", date(2013, 10, 25)),
        ("id", "(10/25)", date(2013, 10, 25)),
    ],
)
def test_short_dates_by_language(language: str, text: str, expected: date) -> None:
    assert one(text, language).first == expected


def test_an_order_given_goes_before_the_habit_of_the_language() -> None:
    assert one("(12/11)", "en", order="dmy").first == date(2013, 11, 12)
    assert one("(11/12)", "id", order="mdy").first == date(2013, 11, 12)


def test_the_order_is_read_off_the_text() -> None:
    assert day_order("no dates", "en") == "mdy"
    assert day_order("no dates", "id") == day_order("no dates", "fr") == "dmy"
    assert day_order("13/11/2013", "en") == "dmy"
    assert day_order("11/13/2013", "id") == "mdy"
    first, second = dates("13/11/2013 then 12/11/2013", "en", BASE)
    assert (first.first, second.first) == (date(2013, 11, 13), date(2013, 11, 12))


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "on Tuesday"), ("id", "pada Selasa"), ("ar", "يوم الثلاثاء"), ("fr", "mardi"),
     ("es", "el martes"), ("de", "am Dienstag")],
)  # fmt: skip
def test_a_weekday_is_the_latest_one(language: str, text: str) -> None:
    when = one(text, language)
    assert (when.first, when.weekday, when.explicit) == (date(2013, 11, 12), 1, False)
    assert one(text, language, None).first is None


@steady
@given(real_dates, st.sampled_from(LANGUAGES), st.integers(0, 6))
def test_a_weekday_lies_in_the_week_up_to_the_base(base: date, language: str, number: int) -> None:
    name = lexicon.frames(language)["weekdays"][number][0].capitalize()
    first = one(name, language, base).first
    assert first is not None
    assert first.weekday() == number
    assert timedelta(0) <= base - first < timedelta(7)


@pytest.mark.parametrize(
    ("language", "text", "first", "last"),
    [
        ("en", "last February", (2, 1), (2, 28)),
        ("en", "in February", (2, 1), (2, 28)),
        ("id", "Februari lalu", (2, 1), (2, 28)),
        ("ar", "شباط الماضي", (2, 1), (2, 28)),
        ("fr", "en février dernier", (2, 1), (2, 28)),
        ("es", "febrero pasado", (2, 1), (2, 28)),
        ("de", "im vergangenen Februar", (2, 1), (2, 28)),
        ("id", "bulan lalu", (10, 1), (10, 31)),
        ("ar", "الشهر الماضي", (10, 1), (10, 31)),
        ("fr", "le mois dernier", (10, 1), (10, 31)),
        ("es", "el mes pasado", (10, 1), (10, 31)),
    ],
)
def test_months_relative_to_the_base(
    language: str, text: str, first: tuple[int, int], last: tuple[int, int]
) -> None:
    when = one(text, language)
    assert when.grain == "month"
    assert (when.first, when.last) == (date(2013, *first), date(2013, *last))
    assert not dates(text, language)


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "early this month"), ("id", "awal bulan ini"), ("ar", "مطلع الشهر الحالي"),
     ("fr", "début de ce mois"), ("es", "a principios de este mes"), ("de", "Anfang dieses Monats")],
)  # fmt: skip
def test_early_this_month(language: str, text: str) -> None:
    when = one(text, language)
    assert when.grain == "part"
    assert when.first == date(2013, 11, 1)
    assert when.last is not None
    assert date(2013, 11, 7) < when.last < date(2013, 11, 15)


def test_parts_of_a_month() -> None:
    early, mid, late = (one(f"{part} October", "en") for part in ("early", "mid", "late"))
    assert early.first == date(2013, 10, 1)
    assert late.last == date(2013, 10, 31)
    assert early.first < mid.first < late.first < mid.last < late.last  # type: ignore[operator]
    assert early.last < late.first  # type: ignore[operator]


@pytest.mark.parametrize(
    ("language", "text", "days"),
    [
        ("en", "yesterday", -1), ("en", "the day before yesterday", -2), ("en", "today", 0),
        ("id", "kemarin", -1), ("ar", "أمس", -1), ("fr", "hier", -1), ("es", "ayer", -1),
        ("de", "gestern", -1), ("de", "vorgestern", -2), ("id", "besok", 1),
    ],
)  # fmt: skip
def test_days_relative_to_the_base(language: str, text: str, days: int) -> None:
    assert one(text, language).first == BASE + timedelta(days=days)
    assert dates(text, language) == ()


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "15 to 28 December"), ("en", "15-28 December"), ("en", "15 and 28 December"),
        ("id", "15 hingga 28 Desember"), ("ar", "من 15 إلى 28 كانون الأول"),
        ("fr", "du 15 au 28 décembre"), ("es", "del 15 al 28 de diciembre"),
        ("de", "vom 15. bis 28. Dezember"),
    ],
)  # fmt: skip
def test_ranges(language: str, text: str) -> None:
    when = one(text, language)
    assert (when.first, when.last) == (date(2012, 12, 15), date(2012, 12, 28))
    whole = one(text + (" de 2013" if language == "es" else " 2013"), language)
    assert (whole.first, whole.last) == (date(2013, 12, 15), date(2013, 12, 28))


def test_years() -> None:
    when = one("in 2011", "en")
    assert (when.first, when.last, when.grain) == (date(2011, 1, 1), date(2011, 12, 31), "year")


@pytest.mark.parametrize("language", LANGUAGES)
@steady
@given(day=st.integers(1, 31), month=st.integers(1, 12), base=real_dates)
def test_a_date_without_a_year_is_the_latest_that_is_not_ahead(
    language: str, day: int, month: int, base: date
) -> None:
    name = full_name(language, month)
    text = OPEN_PATTERNS[language].format(day=day, month=name, year="")
    for when in dates(text, language, base):
        if when.grain == "day" and when.first is not None:
            assert when.first <= base + timedelta(days=3)
            assert (when.first.month, when.first.day) == (month, day)
            assert not when.explicit
            following = when.first.year + 1
            if day <= calendar.monthrange(following, month)[1]:
                assert date(following, month, day) > base + timedelta(days=3)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("16 November", date(2013, 11, 16)),
        ("18 November", date(2013, 11, 18)),
        ("19 November", date(2012, 11, 19)),
        ("30 December", date(2012, 12, 30)),
        ("29 February", date(2012, 2, 29)),
    ],
)
def test_a_few_days_ahead_are_let_pass(text: str, expected: date) -> None:
    assert one(text, "en").first == expected


def test_without_a_base_an_open_date_stays_open() -> None:
    when = one("12 November", "en", None)
    assert when.first is when.last is None
    assert not when.overlaps(one("12 November 2013", "en"))


# ---------------------------------------------------------------- weekdays beside dates


@pytest.mark.parametrize(
    ("language", "right", "wrong"),
    [
        ("en", "Tuesday, November 12", "Monday, November 12"),
        ("en", "Tuesday, 12 November 2013", "Friday, 12 November 2013"),
        ("id", "Selasa, 12 November 2013", "Senin, 12 November 2013"),
        ("id", "Selasa (12/11)", "Senin (12/11)"),
        ("ar", "الثلاثاء 12 تشرين الثاني 2013", "الاثنين 12 تشرين الثاني 2013"),
        ("fr", "mardi 12 novembre 2013", "lundi 12 novembre 2013"),
        ("es", "martes 12 de noviembre de 2013", "lunes 12 de noviembre de 2013"),
        ("de", "Dienstag, den 12. November 2013", "Montag, den 12. November 2013"),
    ],
)
def test_a_wrong_weekday_is_noticed(language: str, right: str, wrong: str) -> None:
    good, bad = one(right, language), one(wrong, language)
    assert good.first == bad.first == date(2013, 11, 12)
    assert not good.weekday_wrong
    assert bad.weekday_wrong


@steady
@given(real_dates, st.integers(0, 6))
def test_the_weekday_is_checked_against_the_calendar(day: date, number: int) -> None:
    name = lexicon.frames("en")["weekdays"][number][0].capitalize()
    month = full_name("en", day.month).capitalize()  # type: ignore[union-attr]
    when = one(f"{name}, {day.day} {month} {day.year}", "en")
    assert when.weekday == number
    assert when.weekday_wrong is (day.weekday() != number)


def test_overlap() -> None:
    month, day = one("February 2013", "en"), one("5 February 2013", "en")
    assert month.overlaps(day)
    assert day.overlaps(month)
    assert not day.overlaps(one("6 February 2013", "en"))


_BITS = st.lists(
    st.sampled_from(
        [
            "12",
            "November",
            "2013",
            "Tuesday",
            "12/11",
            "(12/11)",
            "2013-11-12",
            "last",
            "month",
            "early",
            "yesterday",
            "15 to 28",
            "December",
            ",",
            ".",
            "May",
            "الثلاثاء",
            "أمس",
            "٥",
            "تشرين الثاني",
            "mardi",
            "31",
            "February",
            "1.",
            "Oktober",
            "\n",
        ]
    ),
    max_size=12,
).map(" ".join)


@steady
@given(_BITS, st.sampled_from(LANGUAGES), st.one_of(st.none(), real_dates))
def test_mentions_come_in_order_without_overlap(
    text: str, language: str, base: date | None
) -> None:
    at = 0
    for when in dates(text, language, base):
        assert at <= when.start < when.end <= len(text)
        assert text[when.start : when.end] == when.text
        assert (when.first is None) is (when.last is None)
        at = when.end


def test_western_digits_keep_every_offset() -> None:
    assert western_digits("٠١٢٣٤٥٦٧٨٩ ۴۵ 12 حلب") == "0123456789 45 12 حلب"
