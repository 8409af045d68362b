"""Readings that were decided by hand, one row each."""

from __future__ import annotations

from datetime import date

import pytest

from factcheck.text import figures, lexicon, scrub
from factcheck.text.dates import dates, day_order
from factcheck.text.language import identify
from factcheck.text.names import demonym, names, place_of, same_name, skeleton
from factcheck.text.quotes import anchor
from factcheck.text.split import sentences

BASE = date(2013, 11, 15)


def split(text: str, language: str) -> list[str]:
    return [text[s.start : s.end] for s in sentences(text, language)]


@pytest.mark.parametrize(
    ("language", "parts"),
    [
        ("id", ["Kerugian Rp. 2,2 juta.", "Pada Selasa (12/11) dr. M. Nour datang."]),
        ("id", ["“Kami menang!” kata dia.", "Lihat hal. 3 (lampiran. dua) dulu."]),
        (
            "en",
            [
                "Gen. J. Smith left the U.S. Army.",
                "See No. 5 of the list.",
                "It cost $2.5 million.",
            ],
        ),
        ("en", ["He arrived at 4 a.m. on Friday.", "“It is over.”", "Nobody spoke."]),
        ("ar", ["قال د. محمد نور إنهم باقون.", "هل عادوا؟", "لا!"]),
        ("de", ["Am 12. November 2013 sagte Dr. Müller z. B. nichts.", "Etwa 4.460 Tote."]),
        ("fr", ["Selon M. Dupont, 2,2 millions ont fui.", "Env. 4 460 morts."]),
        ("es", ["El Sr. Pérez dijo que EE. UU. ayudará.", "¿Y ahora?", "¡Nada!"]),
    ],
)
def test_sentences(language: str, parts: list[str]) -> None:
    assert split(" ".join(parts), language) == parts


def test_wrapped_lines_are_one_sentence_and_headings_their_own() -> None:
    wrapped = (
        "The army took the town of Safira on Friday after three\nweeks of fighting near the road.\n"
    )
    assert len(split(wrapped, "en")) == 1
    assert split("A heading\n\nThe text begins. It ends.", "en") == [
        "A heading",
        "The text begins.",
        "It ends.",
    ]
    assert split("- one thing\n- another thing", "en") == ["- one thing", "- another thing"]
    assert split("First.\r\n\r\nSecond.", "en") == ["First.", "Second."]


SOURCE = (
    "The shelling killed 1,076 civilians – “the worst day”, SOHR said. قُتل ٧٦ مدنياً. See table 76¹."
)


@pytest.mark.parametrize(
    "quote", ["76 civilians", "076 civilians", "killed 1", "6 civilians", "killed 1,016", "761"]
)
def test_quotes_that_are_not_there(quote: str) -> None:
    assert anchor(quote, SOURCE) == ()


@pytest.mark.parametrize(
    "quote", ["killed 1,076 civilians", 'civilians - "the worst day", SOHR', "٧٦ مدنياً"]
)
def test_quotes_that_are(quote: str) -> None:
    assert len(anchor(quote, SOURCE)) == 1


# ---------------------------------------------------------------- figures


@pytest.mark.parametrize(
    ("text", "language", "value"),
    [
        ("2,2 juta orang", "id", 2.2e6), ("2.2 million people", "en", 2.2e6),
        ("٢٫٢ مليون شخص", "ar", 2.2e6), ("2,2 millions de personnes", "fr", 2.2e6),
        ("2,2 millones de personas", "es", 2.2e6), ("2,2 Millionen Menschen", "de", 2.2e6),
        ("100.000 orang", "id", 1e5), ("100,000 people", "en", 1e5), ("100.000 Menschen", "de", 1e5),
        ("4\u00a0460 morts", "fr", 4460), ("4.460 muertos", "es", 4460), ("١٢٠٬٢٩٦ قتيلا", "ar", 120296),
        ("enam kelompok", "id", 6), ("twelve groups", "en", 12), ("dua puluh orang", "id", 20),
        ("خمسة عشر قتيلا", "ar", 15), ("dix-huit morts", "fr", 18), ("quince muertos", "es", 15),
        ("elf Tote", "de", 11), ("dua ratus ribu orang", "id", 2e5), ("2.2 juta orang", "id", 2.2e6),
    ],
)  # fmt: skip
def test_values(text: str, language: str, value: float) -> None:
    assert [f.value for f in figures.figures(text, language)] == [value]


@pytest.mark.parametrize(
    ("text", "language", "bound"),
    [
        ("lebih dari 100.000 orang", "id", "more"), ("at least 53 dead", "en", "least"),
        ("أكثر من 100,000 قتيل", "ar", "more"), ("près de 500 morts", "fr", "nearly"),
        ("unos 500 muertos", "es", "about"), ("mindestens 500 Tote", "de", "least"),
        ("between 2,000 and 2,500 dead", "en", "range"), ("8.000 hingga 10.000 pejuang", "id", "range"),
    ],
)  # fmt: skip
def test_bounds(text: str, language: str, bound: str) -> None:
    assert [f.bound for f in figures.figures(text, language)] == [bound]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("around Base 80 outside Aleppo", "en"), ("Resolution 2254 of the Council", "en"),
        ("the 22nd site", "en"), ("at 4 a.m. on Friday", "en"), ("on 8 November 2013", "en"),
        ("pada Senin (11/11/2013)", "id"), ("in 2013", "en"), ("penangkapan Basis 80", "id"),
    ],
)  # fmt: skip
def test_what_is_no_figure(text: str, language: str) -> None:
    assert figures.figures(text, language) == ()


@pytest.mark.parametrize(
    ("text", "language", "counts"),
    [
        ("menewaskan 100.000 orang", "id", "killed"), ("120,296 deaths", "en", "killed"),
        ("4,25 juta mengungsi di dalam Suriah", "id", "displaced_inside"),
        ("6.5 million displaced inside Syria", "en", "displaced_inside"),
        ("نزح ٦٫٥ ملايين شخص", "ar", "displaced_inside"), ("2,2 millions de réfugiés", "fr", "refugees"),
        ("9.3 million people in need of aid", "en", "in_need"), ("2.623 heridos", "es", "wounded"),
        ("2,2 Millionen Flüchtlinge", "de", "refugees"),
    ],
)  # fmt: skip
def test_what_is_counted(text: str, language: str, counts: str) -> None:
    (figure,) = figures.figures(text, language)
    assert counts in figure.counts


def test_each_figure_counts_its_own() -> None:
    text = "9.3 million need aid, 6.5 million of them displaced inside Syria, and 2.2 million are refugees"
    assert [sorted(f.counts) for f in figures.figures(text, "en")] == [
        ["in_need"], ["displaced_inside"], ["refugees"]
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("a", "b", "agrees"),
    [
        ("120,000 killed", "120,296 killed", True), ("2.2 million refugees", "2,264,000 refugees", False),
        ("more than 2.2 million refugees", "2,264,000 refugees", True),
        ("more than 100,000 killed", "120,296 killed", True), ("53 killed", "54 killed", False),
        ("about 115,000 killed", "120,000 killed", False),
        ("4.25 million displaced", "6.5 million displaced", False),
        ("at least 93,000 killed", "91,000 killed", False), ("2,000 to 2,500 killed", "2,275 killed", True),
    ],
)  # fmt: skip
def test_agreement(a: str, b: str, agrees: bool) -> None:
    (x,), (y,) = figures.figures(a, "en"), figures.figures(b, "en")
    assert figures.comparable(x, y) and figures.agree(x, y) is agrees


@pytest.mark.parametrize(
    ("a", "b"),
    [("5 killed", "5 wounded"), ("5 civilians killed", "5 soldiers killed"), ("5 refugees", "5 per cent"),
     ("5 people in need of aid", "5 displaced inside Syria")],
)  # fmt: skip
def test_unlike_things_are_not_compared(a: str, b: str) -> None:
    assert not figures.comparable(figures.figures(a, "en")[0], figures.figures(b, "en")[0])


# ---------------------------------------------------------------- dates


@pytest.mark.parametrize(
    ("text", "language", "first"),
    [
        ("12 November 2013", "id", date(2013, 11, 12)), ("November 12, 2013", "en", date(2013, 11, 12)),
        ("١٢ تشرين الثاني ٢٠١٣", "ar", date(2013, 11, 12)), ("12 نوفمبر 2013", "ar", date(2013, 11, 12)),
        ("الخامس من تشرين الثاني", "ar", date(2013, 11, 5)), ("le 1er novembre", "fr", date(2013, 11, 1)),
        ("12 de noviembre de 2013", "es", date(2013, 11, 12)), ("12. November 2013", "de", date(2013, 11, 12)),
        ("2013-11-12", "en", date(2013, 11, 12)), ("Selasa (12/11)", "id", date(2013, 11, 12)),
        ("Februari lalu", "id", date(2013, 2, 1)), ("last February", "en", date(2013, 2, 1)),
        ("février dernier", "fr", date(2013, 2, 1)), ("awal bulan ini", "id", date(2013, 11, 1)),
        ("yesterday", "en", date(2013, 11, 14)), ("on Monday", "en", date(2013, 11, 11)),
        ("miércoles 13", "es", date(2013, 11, 13)), ("15 to 28 October", "en", date(2013, 10, 15)),
        ("on 20 December", "en", date(2012, 12, 20)),
    ],
)  # fmt: skip
def test_dates(text: str, language: str, first: date) -> None:
    assert [w.first for w in dates(text, language, BASE)] == [first]


def test_the_articles_own_order_of_day_and_month() -> None:
    assert day_order("On 13/11/2013 and 12/11/2013", "en") == "dmy"
    assert day_order("On 11/13/2013 and 11/12/2013", "id") == "mdy"
    (when,) = dates("on Tuesday (12/11)", "en", BASE, "dmy")
    assert when.first == date(2013, 11, 12)


def test_weekdays_are_checked_against_the_calendar() -> None:
    right, wrong = (dates(f"{d} 11 November 2013", "en")[0] for d in ("Monday", "Tuesday"))
    assert not right.weekday_wrong and wrong.weekday_wrong


# ---------------------------------------------------------------- names


@pytest.mark.parametrize(
    "group",
    ["Tal Aran|Tel Aran|Tell Aran|Tal-Aran|تل عرن", "al-Safira|Safira|Sfeira|As-Safirah|السفيرة",
     "Hujaira|Hejeira|Hjaira|حجيرة", "Khanasser|Khanasir|خناصر", "Nusra|Nushrah|النصرة"],
)  # fmt: skip
def test_spellings_of_one_name(group: str) -> None:
    first, *rest = group.split("|")
    assert all(same_name(first, other) for other in rest), [skeleton(w) for w in group.split("|")]


@pytest.mark.parametrize(
    ("a", "b"),
    [("Safira", "Sabina"), ("Homs", "Hama"), ("Aleppo", "Idlib"), ("Tal Aran", "Tal Hasel")],
)
def test_names_that_differ(a: str, b: str) -> None:
    assert not same_name(a, b)


@pytest.mark.parametrize(
    ("name", "country", "city"),
    [("Alep", "SY", "Aleppo"), ("Halab", "SY", "Aleppo"), ("حلب", "SY", "Aleppo"), ("Damaskus", "SY", "Damascus"),
     ("Suriah", "SY", ""), ("سوريا", "SY", ""), ("Syrie", "SY", ""), ("Südsudan", "SS", "")],
)  # fmt: skip
def test_places(name: str, country: str, city: str) -> None:
    place = place_of(name, frozenset({"SY"}))
    assert place and (place.country, place.city) == (country, city)


def test_places_in_sentences() -> None:
    (south,) = names("Some 413,000 are displaced inside South Sudan.", "en")
    assert south.place and south.place.country == "SS"
    assert demonym("Syrian") == demonym("syrische") == place_of("Suriah")
    assert names("More people left on Monday in March.", "en") == ()


def test_numbered_names_share_their_number() -> None:
    found = [
        names(t, lang)[0].keys
        for t, lang in [("Basis 80 direbut", "id"), ("near Base 80 again", "en"), ("القاعدة ٨٠ قرب", "ar"),
                        ("the 80th Brigade base", "en")]
    ]  # fmt: skip
    assert found == [frozenset({"#80"})] * 4


# ---------------------------------------------------------------- lexicon, language, scrub


def test_the_lexicon_is_sound() -> None:
    known = lexicon.concepts()
    for name, concept in known.items():
        assert concept.implies <= set(known), name
        assert all(name in known[o].opposes for o in concept.opposes), name
    tables = lexicon._concept_tables()
    for name, entry in tables.items():
        assert all(entry.get(language) for language in ("id", "en", "ar", "fr", "es", "de")), name


def test_frames_have_one_shape() -> None:
    shapes = {tuple(sorted(lexicon.frames(language))) for language in lexicon.LANGUAGES}
    assert len(shapes) == 1
    for language in lexicon.LANGUAGES:
        assert len(lexicon.frames(language)["months"]) == 12
        assert len(lexicon.frames(language)["weekdays"]) == 7


def test_terms_are_found_as_their_concepts() -> None:
    missed, total = [], 0
    for name, entry in lexicon._concept_tables().items():
        for language in lexicon.LANGUAGES:
            for term in entry.get(language, ()):
                total += 1
                found = {m.concept.name for m in lexicon.mentions(term, language)}
                if name not in found:
                    missed.append((name, language, term))
    assert len(missed) < 0.01 * total, missed[:20]


@pytest.mark.parametrize(
    ("text", "language"),
    [("Tentara merebut kota itu.", "id"), ("The army captured the town.", "en"), ("سيطر الجيش على البلدة.", "ar"),
     ("L'armée a capturé la ville.", "fr"), ("El ejército capturó la ciudad.", "es"),
     ("Die Armee nahm die Stadt ein.", "de")],
)  # fmt: skip
def test_one_event_in_six_languages(text: str, language: str) -> None:
    found = {m.concept.name for m in lexicon.mentions(text, language)}
    assert "capture" in found and "government_forces" in found, found


def test_stems_do_not_join_unlike_words() -> None:
    assert "parliament" not in {m.concept.name for m in lexicon.mentions("Il parlait de lui", "fr")}


@pytest.mark.parametrize(
    ("text", "language"),
    [("Kelompok itu bergabung dengan seruan untuk memobilisasi massa", "id"),
     ("قال المرصد السوري لحقوق الإنسان إن الجيش سيطر على البلدة", "ar"),
     ("Die Armee hat die Stadt eingenommen, sagte ein Sprecher", "de"),
     ("Les forces du régime ont pris la ville de Safira vendredi", "fr")],
)  # fmt: skip
def test_languages(text: str, language: str) -> None:
    assert identify(text) == language
    assert identify("12") == "und"


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "data:text/html,x", "http://a b", 'https://a"b', "", None, "ftp://x"],
)
def test_addresses_that_are_refused(url: str | None) -> None:
    assert scrub.safe_url(url) is None


def test_addresses_that_pass() -> None:
    assert scrub.safe_url("https://example.org/a?b=c") == "https://example.org/a?b=c"


@pytest.mark.parametrize(
    ("text", "language", "base", "first", "last"),
    [
        ("٢١ آب ٢٠١٣", "ar", date(2013, 11, 15), date(2013, 8, 21), date(2013, 8, 21)),
        ("15 to 28 December", "en", date(2013, 12, 20), date(2013, 12, 15), date(2013, 12, 28)),
        ("last month", "en", date(2013, 11, 15), date(2013, 10, 1), date(2013, 10, 31)),
        ("letzten Monat", "de", date(2013, 1, 15), date(2012, 12, 1), date(2012, 12, 31)),
    ],
)
def test_dates_that_were_once_misread(
    text: str, language: str, base: date, first: date, last: date
) -> None:
    assert [(w.first, w.last) for w in dates(text, language, base)] == [(first, last)]


@pytest.mark.parametrize(
    ("text", "language", "values"),
    [
        ("45 pour cent des enfants", "fr", [45]),
        ("cent personnes", "fr", [100]),
        ("45 por ciento", "es", [45]),
        ("at 10:30", "en", []),
        ("Covid-19 cases", "en", []),
    ],
)
def test_figures_that_were_once_misread(text: str, language: str, values: list[float]) -> None:
    assert [f.value for f in figures.figures(text, language)] == values


@pytest.mark.parametrize(
    ("quote", "text", "starts"),
    [
        ("76", "76\u200b5", []),
        ("killed 76", "killed 76\u20605 people", []),
        ("\u200b", "any\u200bthing", []),
        ("1 1", "11 1 1, then 1 1", [3, 13]),
        ("killed killed", "army killed killed killed army", [5, 12]),
    ],
)
def test_hidden_characters_and_overlaps(quote: str, text: str, starts: list[int]) -> None:
    assert [h.span.start for h in anchor(quote, text)] == starts
