"""Figures: their value, bound and unit in six languages, what they count, and what is none."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factcheck.text import lexicon
from factcheck.text.figures import Figure, agree, comparable, figures
from factcheck.text.numbers import parse_number

steady = settings(settings.get_profile("text"), max_examples=300)

GROUPING = {"id": ".", "de": ".", "es": ".", "en": ",", "ar": "٬", "fr": "\u202f"}
DECIMAL = {"id": ",", "de": ",", "es": ",", "en": ".", "ar": "٫", "fr": ","}
PEOPLE = {
    "id": "orang",
    "en": "people",
    "ar": "شخص",
    "fr": "personnes",
    "es": "personas",
    "de": "Menschen",
}
EASTERN = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


def one(text: str, language: str = "en") -> Figure:
    (figure,) = figures(text, language)
    return figure


# ---------------------------------------------------------------- numbers as written


@pytest.mark.parametrize("language", GROUPING)
@steady
@given(number=st.integers(0, 10**12))
def test_a_grouped_number_is_read_back(language: str, number: int) -> None:
    written = f"{number:,}".replace(",", GROUPING[language])
    assert parse_number(written, language) == number
    assert parse_number(written.translate(EASTERN), language) == number


@pytest.mark.parametrize("language", DECIMAL)
@steady
@given(number=st.integers(0, 10**6), tenths=st.integers(0, 99))
def test_a_decimal_number_is_read_back(language: str, number: int, tenths: int) -> None:
    whole = f"{number:,}".replace(",", GROUPING[language])
    written = f"{whole}{DECIMAL[language]}{tenths:02d}"
    assert parse_number(written, language) == pytest.approx(number + tenths / 100)


@pytest.mark.parametrize("language", GROUPING)
@settings(settings.get_profile("text"), max_examples=150)
@given(number=st.integers(10_000, 10**9))
def test_a_grouped_number_in_a_sentence_is_one_figure(language: str, number: int) -> None:
    written = f"{number:,}".replace(",", GROUPING[language])
    figure = one(f"{written} {PEOPLE[language]}", language)
    assert (figure.value, figure.text) == (number, written)
    assert figure.low <= number <= figure.high


@pytest.mark.parametrize("token", ["", "abc", "1.2.3", "1,23,456", "."])
def test_what_is_no_number(token: str) -> None:
    assert parse_number(token, "en") is None


@pytest.mark.parametrize(
    ("token", "language", "scaled", "value"),
    [
        ("100.000", "id", False, 100_000),
        ("100.000", "de", False, 100_000),
        ("100.000", "es", False, 100_000),
        ("100,000", "en", False, 100_000),
        ("4\u00a0460", "fr", False, 4460),
        ("120,296", "ar", False, 120_296),
        ("1.234,5", "de", False, 1234.5),
        ("1,234.5", "en", False, 1234.5),
        ("2,2", "id", True, 2.2),
        ("2.2", "id", True, 2.2),
        ("2.2", "en", True, 2.2),
        ("1,234", "de", True, 1.234),
        ("1,234", "en", False, 1234),
        ("0,125", "de", False, 0.125),
        ("0.125", "en", False, 0.125),
        ("٢٫٢", "ar", True, 2.2),
    ],
)
def test_marks_are_read_by_the_language(
    token: str, language: str, scaled: bool, value: float
) -> None:
    assert parse_number(token, language, scaled=scaled) == pytest.approx(value)


# ---------------------------------------------------------------- the same in six languages


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("id", "2,2 juta orang"),
        ("id", "2.2 juta orang"),
        ("en", "2.2 million people"),
        ("ar", "٢٫٢ مليون شخص"),
        ("fr", "2,2 millions de personnes"),
        ("es", "2,2 millones de personas"),
        ("de", "2,2 Millionen Menschen"),
    ],
)
def test_two_point_two_million(language: str, text: str) -> None:
    figure = one(text, language)
    assert figure.value == 2_200_000
    assert agree(figure, one("2.2 million people"))
    assert not agree(figure, one("2.4 million people"))


@pytest.mark.parametrize(
    ("language", "text", "bound"),
    [
        ("en", "more than 100 killed", "more"),
        ("en", "at least 100 killed", "least"),
        ("en", "about 100 killed", "about"),
        ("en", "nearly 100 killed", "nearly"),
        ("en", "up to 100 killed", "most"),
        ("en", "fewer than 100 killed", "less"),
        ("en", "100 killed", "exact"),
        ("id", "lebih dari 100 orang tewas", "more"),
        ("id", "sedikitnya 100 orang tewas", "least"),
        ("id", "sekitar 100 orang tewas", "about"),
        ("id", "hampir 100 orang tewas", "nearly"),
        ("ar", "أكثر من 100 قتيل", "more"),
        ("ar", "ما لا يقل عن 100 قتيل", "least"),
        ("ar", "نحو 100 قتيل", "about"),
        ("fr", "plus de 100 morts", "more"),
        ("fr", "au moins 100 morts", "least"),
        ("fr", "environ 100 morts", "about"),
        ("fr", "près de 100 morts", "nearly"),
        ("es", "más de 100 muertos", "more"),
        ("es", "al menos 100 muertos", "least"),
        ("es", "unos 100 muertos", "about"),
        ("es", "casi 100 muertos", "nearly"),
        ("de", "mehr als 100 Tote", "more"),
        ("de", "mindestens 100 Tote", "least"),
        ("de", "etwa 100 Tote", "about"),
        ("de", "fast 100 Tote", "nearly"),
    ],
)
def test_bounds(language: str, text: str, bound: str) -> None:
    figure = one(text, language)
    assert (figure.value, figure.bound, figure.counts) == (100, bound, {"killed"})
    assert figure.text == text[: text.index("100") + 3]
    assert text[figure.start : figure.end] == figure.text


@pytest.mark.parametrize(
    ("bound", "low", "high"),
    [
        ("more than", 100, math.inf),
        ("at least", 100, math.inf),
        ("about", 90, 110),
        ("nearly", 80, 100),
        ("up to", 0, 100),
        ("fewer than", 0, 100),
        ("", 100, 100),
    ],
)
def test_a_bound_sets_the_interval(bound: str, low: float, high: float) -> None:
    figure = one(f"{bound} 100 people".strip())
    assert figure.value == 100
    assert low <= figure.low <= figure.high <= high
    assert figure.low <= 100 or bound == "more than"
    assert figure.high >= 100 or bound == "fewer than"
    if bound:
        assert figure.low < figure.high


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "between 500 and 600 people were killed"),
        ("en", "500 to 600 killed"),
        ("en", "500-600 killed"),
        ("id", "antara 500 hingga 600 orang tewas"),
        ("fr", "entre 500 et 600 morts"),
        ("es", "entre 500 y 600 muertos"),
        ("de", "zwischen 500 und 600 Tote"),
        ("de", "500 bis 600 Tote"),
        ("ar", "بين ٥٠٠ و٦٠٠ قتيل"),
    ],
)
def test_ranges_are_one_figure(language: str, text: str) -> None:
    figure = one(text, language)
    assert (figure.low, figure.high, figure.bound) == (500, 600, "range")
    assert figure.counts == {"killed"}


def test_a_scale_word_holds_for_both_ends_of_a_range() -> None:
    figure = one("2 to 3 million refugees")
    assert (figure.low, figure.high) == (2_000_000, 3_000_000)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "45 percent of houses"),
        ("en", "45% of houses"),
        ("id", "45 persen rumah"),
        ("ar", "45 في المئة"),
        ("ar", "٤٥٪"),
        ("fr", "45 % des maisons"),
        ("es", "45 % de las casas"),
        ("de", "45 Prozent"),
    ],
)
def test_percent(language: str, text: str) -> None:
    figure = one(text, language)
    assert (figure.value, figure.unit) == (45, "percent")


@pytest.mark.parametrize(
    ("language", "text", "unit"),
    [
        ("id", "Rp. 2,2 juta", "money"),
        ("en", "$5 million", "money"),
        ("en", "5 million euros", "money"),
        ("en", "3 km", "km"),
        ("id", "3 hari", "day"),
        ("fr", "3 mois", "month"),
        ("de", "3 Jahre", "year"),
        ("ar", "3 كيلومتر", "km"),
        ("en", "3 houses", "count"),
    ],
)
def test_units(language: str, text: str, unit: str) -> None:
    assert one(text, language).unit == unit


_COLLIDING = {"اثنين", "إثنين", "أحد عشر"}  # also weekdays


@pytest.mark.parametrize("language", PEOPLE)
def test_number_words_up_to_twenty(language: str) -> None:
    table = {w: v for w, v in lexicon.frames(language)["numbers"].items() if 2 <= v <= 20}
    assert set(table.values()) == set(range(2, 21))
    for word, value in table.items():
        if word not in _COLLIDING:
            figure = one(f"{word} {PEOPLE[language]}", language)
            assert (figure.value, figure.text) == (value, word)


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [
        ("en", "seventy-six soldiers", 76),
        ("en", "two hundred and fifty children", 250),
        ("en", "ten thousand people", 10_000),
        ("id", "dua ratus ribu orang", 200_000),
        ("id", "lima puluh enam orang", 56),
        ("ar", "خمسة وعشرون شخصا", 25),
        ("fr", "vingt-deux personnes", 22),
        ("fr", "deux millions de personnes", 2_000_000),
        ("es", "treinta y cinco personas", 35),
        ("de", "zwei Millionen Menschen", 2_000_000),
    ],
)
def test_longer_number_words(language: str, text: str, value: float) -> None:
    assert one(text, language).value == value


# ---------------------------------------------------------------- what is no figure


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Base 80 fell"),
        ("id", "Pangkalan 80 jatuh"),
        ("fr", "la base 80"),
        ("es", "la base 80"),
        ("de", "Basis 80"),
        ("ar", "القاعدة ٨٠"),
        ("en", "Brigade 80"),
        ("ar", "اللواء 80"),
        ("en", "Resolution 2254 was adopted"),
        ("id", "Resolusi 2254"),
        ("fr", "la résolution 2254"),
        ("es", "la resolución 2254"),
        ("de", "Resolution 2254"),
        ("ar", "القرار 2254"),
        ("en", "Geneva 2 talks"),
        ("en", "Highway 5"),
        ("en", "the 22nd day"),
        ("en", "the 80th brigade"),
        ("fr", "le 1er"),
        ("fr", "la 22e"),
        ("id", "orang ke-3"),
        ("en", "at 10 am"),
        ("en", "10:30 am"),
        ("id", "pukul 10.30"),
        ("de", "um 10.30 Uhr"),
        ("fr", "à 10 h"),
        ("ar", "الساعة 10"),
        ("en", "on 12 November 2013"),
        ("en", "on November 12"),
        ("en", "in 2013"),
        ("en", "2013-11-12"),
        ("en", "15 to 28 December"),
        ("id", "Selasa (12/11)"),
        ("id", "12 November 2013"),
        ("de", "am 12. November"),
        ("fr", "le 12 novembre"),
        ("es", "el 12 de noviembre de 2013"),
        ("ar", "١٢ تشرين الثاني ٢٠١٣"),
        ("en", "an F-16"),
        ("en", "no number at all"),
        ("en", ""),
    ],
)
def test_labels_ordinals_times_and_dates_are_no_figures(language: str, text: str) -> None:
    assert figures(text, language) == ()


def test_a_possessive_before_a_number_is_no_label() -> None:
    assert [f.value for f in figures("verified 22 of the country's 23 sites", "en")] == [22, 23]
    assert [f.value for f in figures("double the ministry’s 900", "en")] == [900]


def test_a_figure_beside_a_label_and_a_date_is_found() -> None:
    figure = one("On 12 November 2013 the army took Base 80 and killed 45 people.")
    assert (figure.text, figure.counts) == ("45", {"killed"})


# ---------------------------------------------------------------- what is counted


@pytest.mark.parametrize(
    ("language", "text", "counts"),
    [
        ("en", "76 people were killed", "killed"),
        ("id", "76 orang tewas", "killed"),
        ("ar", "٧٦ قتيلا", "killed"),
        ("ar", "مقتل 76 شخصا", "killed"),
        ("fr", "76 personnes ont été tuées", "killed"),
        ("es", "76 muertos", "killed"),
        ("de", "76 Menschen wurden getötet", "killed"),
        ("en", "76 people were wounded", "wounded"),
        ("id", "76 orang terluka", "wounded"),
        ("ar", "٧٦ جريحا", "wounded"),
        ("fr", "76 blessés", "wounded"),
        ("es", "76 heridos", "wounded"),
        ("de", "76 Verletzte", "wounded"),
        ("en", "76 refugees", "refugees"),
        ("ar", "٧٦ لاجئ", "refugees"),
        ("fr", "76 réfugiés", "refugees"),
        ("es", "76 refugiados", "refugees"),
        ("de", "76 Flüchtlinge", "refugees"),
        ("en", "76 internally displaced people", "displaced_inside"),
        ("id", "76 pengungsi internal", "displaced_inside"),
        ("ar", "٧٦ نازح داخليا", "displaced_inside"),
        ("fr", "76 déplacés internes", "displaced_inside"),
        ("es", "76 desplazados internos", "displaced_inside"),
        ("de", "76 Binnenvertriebene", "displaced_inside"),
        ("en", "76 people in need of aid", "in_need"),
        ("id", "76 orang membutuhkan bantuan", "in_need"),
        ("ar", "٧٦ شخص يحتاجون إلى المساعدة", "in_need"),
        ("fr", "76 personnes ont besoin d'aide", "in_need"),
        ("es", "76 personas necesitan ayuda", "in_need"),
        ("de", "76 Menschen brauchen Hilfe", "in_need"),
    ],
)
def test_what_is_counted(language: str, text: str, counts: str) -> None:
    assert one(text, language).counts == {counts}


def test_each_figure_has_its_own_quantity() -> None:
    dead, hurt = figures("The blast killed 76 people, and 32 people were wounded.", "en")
    assert (dead.value, dead.counts) == (76, {"killed"})
    assert (hurt.value, hurt.counts) == (32, {"wounded"})


def test_who_is_counted() -> None:
    assert "civilians" in one("76 civilians were killed").of
    assert "children" in one("250 children").of


# ---------------------------------------------------------------- comparison


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("76 killed", "76 killed", True),
        ("76 killed", "77 killed", False),
        ("76 killed", "16 killed", False),
        ("more than 70 killed", "76 killed", True),
        ("more than 100 killed", "76 killed", False),
        ("more than 76 killed", "76 killed", False),
        ("fewer than 76 killed", "76 killed", False),
        ("at least 76 killed", "70 killed", False),
        ("about 75 killed", "76 killed", True),
        ("about 60 killed", "76 killed", False),
        ("at least 76 killed", "76 killed", True),
        ("fewer than 70 killed", "76 killed", False),
        ("up to 80 killed", "76 killed", True),
        ("between 70 and 80 killed", "76 killed", True),
        ("between 70 and 75 killed", "76 killed", False),
        ("nearly 100,000 killed", "93,000 killed", True),
        ("nearly 100,000 killed", "103,000 killed", False),
        ("120,000 killed", "120,296 killed", True),
        ("100,000 killed", "120,296 killed", False),
        ("about 115,000 killed", "120,296 killed", False),
    ],
)
def test_agreement(a: str, b: str, expected: bool) -> None:
    assert agree(one(a), one(b)) is expected
    assert agree(one(b), one(a)) is expected


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("76 killed", "16 killed", True),
        ("76 killed", "76 wounded", False),
        ("3,000 refugees", "3,000 killed", False),
        ("45 percent of people killed", "45 people killed", False),
        ("76 civilians killed", "76 soldiers killed", False),
        ("3 km", "5 km", True),
        ("3 km", "3 miles", False),
        ("5 days", "5 km", False),
        ("76 people", "76 people", False),  # nobody says what of them
    ],
)
def test_comparability(a: str, b: str, expected: bool) -> None:
    assert comparable(one(a), one(b)) is expected
    assert comparable(one(b), one(a)) is expected


def test_comparison_across_languages() -> None:
    assert comparable(one("76 orang tewas", "id"), one("٧٦ قتيلا", "ar"))
    assert comparable(one("3.000 pengungsi", "id"), one("3,000 refugees"))
    assert not comparable(one("76 orang tewas", "id"), one("٧٦ جريحا", "ar"))


_PHRASES = st.builds(
    lambda bound, number, what: f"{bound} {number:,} {what}".strip(),
    st.sampled_from(["", "more than", "at least", "about", "nearly", "up to", "fewer than"]),
    st.one_of(st.integers(2, 200), st.integers(90, 130).map(lambda n: n * 1000)),
    st.sampled_from(["killed", "wounded", "refugees", "soldiers killed", "km", "percent"]),
)


@steady
@given(_PHRASES, _PHRASES)
def test_comparison_is_symmetric(a: str, b: str) -> None:
    x, y = one(a), one(b)
    assert agree(x, y) is agree(y, x)
    assert comparable(x, y) is comparable(y, x)


@steady
@given(_PHRASES)
def test_a_figure_agrees_with_itself_and_lies_in_its_interval(text: str) -> None:
    figure = one(text)
    assert figure.low <= figure.value or figure.bound == "more"
    assert figure.high >= figure.value or figure.bound == "less"
    assert figure.value * 0.5 <= figure.low <= figure.high <= figure.value * 2
    assert agree(figure, figure)
    assert text[figure.start : figure.end] == figure.text


_interval = st.tuples(st.integers(1, 400), st.integers(0, 200), st.integers(0, 200))


@steady
@given(_interval, _interval)
def test_intervals_that_do_not_meet_never_agree(
    a: tuple[int, int, int], b: tuple[int, int, int]
) -> None:
    def made(value: int, down: int, up: int) -> Figure:
        return Figure(start=0, end=1, text="", value=value, low=value - down, high=value + up,
                      bound="range")  # fmt: skip

    x, y = made(*a), made(*b)
    meet = max(x.low, y.low) <= min(x.high, y.high)
    assert agree(x, y) is meet


_NEWS = st.lists(
    st.sampled_from(
        [
            "76",
            "1,076",
            "2.2 million",
            "killed",
            "wounded",
            "people",
            "about",
            "between",
            "and",
            "to",
            "Base 80",
            "12 November 2013",
            "percent",
            "%",
            ".",
            ",",
            "twenty",
            "٧٦",
            "مليون",
            "قتيل",
            "10:30",
            "$5",
            "-",
            "\n",
            "2254",
            "soldiers",
            "(",
            ")",
        ]
    ),
    max_size=15,
).map(" ".join)


@steady
@given(_NEWS, st.sampled_from(list(PEOPLE)))
def test_figures_come_in_order_without_overlap(text: str, language: str) -> None:
    at = 0
    for figure in figures(text, language):
        assert at <= figure.start < figure.end <= len(text)
        assert text[figure.start : figure.end] == figure.text
        assert figure.low <= figure.high
        at = figure.end
