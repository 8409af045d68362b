"""Names: one key for the spellings of a name, places that are known, names in a text."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factcheck.text import lexicon
from factcheck.text.names import Place, demonym, names, place_of, same_name, skeleton
from factcheck.text.words import tokens

steady = settings(settings.get_profile("text"), max_examples=200)

SYRIA = Place("SY", "")
ALEPPO = Place("SY", "Aleppo")
NEAR = frozenset({"SY"})

GROUPS = [
    ["Tal Aran", "Tel Aran", "Tell Aran", "تل عرن"],
    ["Safira", "al-Safira", "Al-Safira", "As-Safira", "Sfeira", "Sfireh", "السفيرة"],
    ["Hujaira", "Hejeira", "Hujeira", "حجيرة"],
    ["Khanasser", "Khanasir", "خناصر"],
    ["Nusra", "Nushrah", "Nosra", "النصرة"],
    ["Raqqa", "Raqqah", "Rakka", "الرقة"],
    ["Qusayr", "Qusair", "القصير"],
    ["Idlib", "إدلب"],
    ["Halab", "حلب"],
    ["Aleppo", "Alep"],
    ["Tauhid", "Tawhid", "Tawheed", "التوحيد"],
    ["Ghouta", "Ghuta", "الغوطة"],
    ["Daraa", "Deraa", "درعا"],
    ["Hezbollah", "Hizbullah"],
    ["Deir ez-Zor", "Dayr az-Zawr", "دير الزور"],
    ["Bashar al-Assad", "بشار الأسد"],
]
ONE_WORD = [g for g in GROUPS if not any(" " in n for n in g)]


@pytest.mark.parametrize(("a", "b"), [pair for group in GROUPS for pair in combinations(group, 2)])
def test_spellings_of_one_name(a: str, b: str) -> None:
    assert same_name(a, b)
    assert same_name(b, a)


@pytest.mark.parametrize("group", ONE_WORD, ids=lambda g: g[0])
def test_spellings_share_a_skeleton(group: list[str]) -> None:
    assert len({skeleton(name) for name in group}) == 1
    assert skeleton(group[0])


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Safira", "Sabina"),
        ("Hama", "Homs"),
        ("حماة", "حمص"),
        ("Hama", "حمص"),
        ("Aleppo", "Idlib"),
        ("Raqqa", "Daraa"),
        ("Tal Aran", "Tal Hasil"),
        ("Bashar al-Assad", "Bashar al-Jaafari"),
        ("", "Hama"),
        ("2013", "2013"),
    ],
)
def test_near_misses_differ(a: str, b: str) -> None:
    assert not same_name(a, b)
    assert not same_name(b, a)


def test_the_groups_do_not_run_together() -> None:
    for a, b in combinations([g[0] for g in GROUPS], 2):
        assert not same_name(a, b), (a, b)


@pytest.mark.parametrize("word", ["", "80", "2013", "٨٠"])
def test_digits_have_no_skeleton(word: str) -> None:
    assert skeleton(word) == ""


@steady
@given(
    st.one_of(
        st.text(st.sampled_from("abdfhjklmnrstzAEIOU'-’éïā"), max_size=12),
        st.text(st.sampled_from("السفيرةقشحبتدأإءؤئى"), max_size=8),
    )
)
def test_a_skeleton_is_lower_case_without_marks_or_runs(word: str) -> None:
    key = skeleton(word)
    assert key == key.casefold()
    assert all(c.isalnum() for c in key)
    assert all(a != b for a, b in zip(key, key[1:], strict=False))
    if word.isascii():
        assert skeleton(word.upper()) == key


@steady
@given(
    st.sampled_from([n for g in GROUPS for n in g]), st.sampled_from([n for g in GROUPS for n in g])
)
def test_sharing_a_name_is_symmetric(a: str, b: str) -> None:
    assert same_name(a, b) is same_name(b, a)
    assert same_name(a, a)


# ---------------------------------------------------------------- places


@pytest.mark.parametrize("name", ["Aleppo", "Alep", "Halab", "حلب", "ALEPPO", "وحلب"])
def test_aleppo(name: str) -> None:
    assert place_of(name) == ALEPPO


@pytest.mark.parametrize(
    "name", ["Suriah", "Syria", "Syrie", "Syrien", "Siria", "سوريا", "سورية", "وسوريا"]
)
def test_syria(name: str) -> None:
    assert place_of(name) == SYRIA


@pytest.mark.parametrize(
    "name",
    ["South Sudan", "Südsudan", "Sudan Selatan", "Soudan du Sud", "Sudán del Sur", "جنوب السودان"],
)
def test_south_sudan_is_not_sudan(name: str) -> None:
    assert place_of(name) == Place("SS", "")
    assert place_of("Sudan") == Place("SD", "")


@pytest.mark.parametrize("name", ["Libanon", "Liban", "Lebanon", "Líbano", "لبنان"])
def test_lebanon(name: str) -> None:
    assert place_of(name) == Place("LB", "")


@pytest.mark.parametrize("name", ["Damascus", "Damas", "Damaskus", "دمشق"])
def test_damascus(name: str) -> None:
    assert place_of(name, NEAR) == Place("SY", "Damascus")


def test_a_city_elsewhere_is_left_out_but_a_country_is_not() -> None:
    assert place_of("Safira", NEAR) == Place("SY", "As Safīrah")
    assert place_of("Safira", frozenset({"PH"})) is None
    assert place_of("Lebanon", frozenset({"PH"})) == Place("LB", "")
    assert place_of("Nowhereville") is None


@pytest.mark.parametrize(
    ("word", "country"),
    [
        ("Syrian", "SY"), ("syrien", "SY"), ("syrische", "SY"), ("السوري", "SY"), ("Lebanese", "LB"),
        ("Libanais", "LB"), ("libanés", "LB"), ("اللبنانية", "LB"), ("Iraqi", "IQ"),
        ("irakische", "IQ"), ("Iranian", "IR"), ("Russian", "RU"), ("Turkish", "TR"),
    ],
)  # fmt: skip
def test_demonyms(word: str, country: str) -> None:
    assert demonym(word) == Place(country, "")


@pytest.mark.parametrize("word", ["army", "Monday", "the", "killed", "الجيش"])
def test_other_words_are_no_demonyms(word: str) -> None:
    assert demonym(word) is None


# ---------------------------------------------------------------- names in a text


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("en", "Fighting broke out in South Sudan on Tuesday.", "South Sudan"),
        ("fr", "La guerre au Soudan du Sud continue.", "Soudan du Sud"),
        ("de", "Die Lage im Südsudan bleibt schlecht.", "Südsudan"),
        ("id", "Perang di Sudan Selatan berlanjut.", "Sudan Selatan"),
        ("es", "La guerra en Sudán del Sur sigue.", "Sudán del Sur"),
        ("ar", "الحرب في جنوب السودان مستمرة", "جنوب السودان"),
    ],
)
def test_south_sudan_in_a_sentence(language: str, text: str, said: str) -> None:
    found = names(text, language)
    assert [(n.text, n.place) for n in found if n.place] == [(said, Place("SS", ""))]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("id", "Pangkalan 80 jatuh ke tangan tentara."),
        ("id", "Basis 80 jatuh."),
        ("en", "The army took Base 80 on Tuesday."),
        ("en", "He belonged to the 80th Brigade of the army."),
        ("fr", "L'armée a repris la base 80."),
        ("es", "El ejército tomó la base 80."),
        ("ar", "سيطر الجيش على القاعدة ٨٠"),
        ("ar", "سيطر الجيش على القاعدة 80"),
    ],
)
def test_numbered_names_share_a_key(language: str, text: str) -> None:
    (name,) = [n for n in names(text, language) if any(k.startswith("#") for k in n.keys)]
    assert name.keys == {"#80"}
    assert name.text in text


def test_other_numbers_have_other_keys() -> None:
    (base,) = names("They took Base 81.", "en")
    assert base.keys == {"#81"}
    assert not any("#80" in n.keys for n in names("Some 80 people left Aleppo.", "en"))


def test_the_words_of_a_name_stand_together() -> None:
    (name,) = names("The army entered Tal Aran.", "en", NEAR)
    assert (name.text, name.keys) == ("Tal Aran", {"tl", "rn"})
    found = names("Pasukan masuk ke Tal Aran, kata SOHR.", "id", NEAR)
    assert [n.text for n in found] == ["Tal Aran", "SOHR"]


def test_known_places_are_found_in_arabic() -> None:
    found = names("دخل الجيش حلب يوم الثلاثاء", "ar", NEAR)
    assert [(n.text, n.place) for n in found] == [("حلب", ALEPPO)]


_FRAMES = {
    "en": "They said that on {weekday} in {month} the army left Aleppo.",
    "id": "Pada {weekday} di bulan {month} tentara meninggalkan Aleppo.",
    "fr": "On a dit que {weekday} en {month} les troupes ont quitté Alep.",
    "es": "Dijeron que el {weekday} en {month} el ejército dejó Alepo.",
    "de": "Es hieß, am {weekday} im {month} habe die Armee Aleppo verlassen.",
    "ar": "قالوا يوم {weekday} في {month} إن الجيش غادر حلب",
}


@pytest.mark.parametrize("language", _FRAMES)
@pytest.mark.parametrize("weekday", range(7))
@pytest.mark.parametrize("month", range(1, 13))
def test_months_and_weekdays_are_no_names(language: str, weekday: int, month: int) -> None:
    frame = lexicon.frames(language)
    said = {
        "weekday": frame["weekdays"][weekday][0].capitalize(),
        "month": frame["months"][month - 1][0].capitalize(),
    }
    found = names(_FRAMES[language].format(**said), language, NEAR)
    assert [n.place for n in found] == [ALEPPO]


_BITS = st.lists(
    st.sampled_from(
        [
            "The",
            "army",
            "of",
            "Aleppo",
            "al-Safira",
            "Tal",
            "Aran",
            "حلب",
            "وسوريا",
            "Base",
            "80",
            "80th",
            "Brigade",
            "Bashar",
            "al-Assad",
            "Syrian",
            "on",
            "Tuesday",
            "November",
            ".",
            ",",
            "القاعدة",
            "٨٠",
            "South",
            "Sudan",
            "killed",
            "\n",
            "U.S.",
        ]
    ),
    max_size=14,
).map(" ".join)


@steady
@given(_BITS, st.sampled_from(list(_FRAMES)), st.sampled_from([frozenset(), NEAR]))
def test_names_lie_where_they_say(text: str, language: str, near: frozenset[str]) -> None:
    begins = {start for _, start, _ in tokens(text)}
    found = names(text, language, near)
    assert [n.start for n in found] == sorted(n.start for n in found)
    for name in found:
        assert text[name.start : name.end] == name.text
        assert name.start in begins
        assert "" not in name.keys


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("L’Irak accueille des réfugiés.", ["Irak"]),
        ("Le HCR a dit que l'Irak accueillait plus de réfugiés.", ["HCR", "Irak"]),
        ("Ils venaient d’Alep, d'Idlib et d’Homs.", ["Alep", "Idlib", "Homs"]),
        ("Jusqu’Alep et en Égypte.", ["Alep", "Égypte"]),
        ("L’OMS compte des cas d’Ebola en Afrique de l’Ouest.", ["OMS", "Ebola", "Afrique"]),
    ],
)
def test_a_french_name_behind_an_article(text: str, places: list[str]) -> None:
    assert [n.text for n in names(text, "fr", frozenset({"SY"}))] == places


def test_an_army_behind_an_article_is_no_name() -> None:
    assert names("L’armée et l’Armée syrienne avancent.", "fr") == ()


@pytest.mark.parametrize(
    ("text", "language"),
    [("peace talks, Geneva 2, open", "en"), ("Cenevre 2 görüşmeleri", "tr"), ("Genf 2", "de")],
)
def test_numbered_talks_have_their_town(text: str, language: str) -> None:
    [talks] = names(text, language)
    assert talks.place == Place("CH", "Geneva")
    assert talks.keys == frozenset({"#2"})
