"""Words and stems, and the word lists: complete, consistent and found in their own terms."""

from __future__ import annotations

import tomllib
from importlib import resources
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factcheck.text import lexicon
from factcheck.text.words import arabic_stem, is_arabic, stem, stems_of, tokens, words

steady = settings(settings.get_profile("text"), max_examples=200)

LANGUAGES = ("id", "en", "ar", "fr", "es", "de")


def _tables() -> dict[str, Any]:
    folder = resources.files("factcheck").joinpath("lexicon")
    table: dict[str, Any] = {}
    for name in ("actions", "contrasts", "people", "things"):
        table |= tomllib.loads(folder.joinpath(f"{name}.toml").read_text(encoding="utf-8"))
    return table


TABLES = _tables()


def found(text: str, language: str) -> set[str]:
    return {m.concept.name for m in lexicon.mentions(text, language)}


# ---------------------------------------------------------------- words


@steady
@given(st.text(st.sampled_from("abé’'- _12.,جيشقُتِلَ😀\n"), max_size=30),
       st.sampled_from([*LANGUAGES, "tr", "ms", "xx"]))  # fmt: skip
def test_words_have_their_offsets(text: str, language: str) -> None:
    at = 0
    for word in words(text, language):
        assert at <= word.start < word.end
        assert text[word.start : word.end] == word.text
        assert word.stem
        at = word.end
    assert [(w.text, w.start, w.end) for w in words(text, language)] == tokens(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Syi'ah dan Safira-Aleppo", ["Syi'ah", "dan", "Safira", "Aleppo"]),
        ("l’armée, 76!", ["l’armée", "76"]),
        ("snake_case", ["snake", "case"]),
        ("قُتِلَ الجيش.", ["قُتِل", "الجيش"]),
        ("the rebels' base", ["the", "rebels", "base"]),
        ("…", []),
    ],
)
def test_tokens(text: str, expected: list[str]) -> None:
    assert [t for t, _, _ in tokens(text)] == expected


@pytest.mark.parametrize(
    ("language", "forms"),
    [
        ("en", ["capture", "captured", "captures", "Capturing", "CAPTURE"]),
        ("en", ["rebel", "rebels", "rebel's", "rebel’s"]),
        ("id", ["kota", "kotanya", "Kota"]),
        ("ar", ["جيش", "الجيش", "والجيش", "للجيش", "بالجيش"]),
        ("ar", ["مدينة", "المدينة", "مُدِينَة"]),
        ("fr", ["armée", "l'armée", "L’armée", "armées"]),
        ("es", ["capturar", "capturó", "capturaron"]),
        ("de", ["Soldat", "Soldaten"]),
    ],
)
def test_forms_of_one_word_share_a_stem(language: str, forms: list[str]) -> None:
    assert len({stem(form, language) for form in forms}) == 1


@pytest.mark.parametrize(
    ("language", "a", "b"),
    [("en", "killed", "wounded"), ("id", "tewas", "luka"), ("ar", "قتيل", "جريح"),
     ("fr", "armée", "ville"), ("es", "muerto", "herido"), ("de", "Stadt", "Staat")],
)  # fmt: skip
def test_other_words_have_other_stems(language: str, a: str, b: str) -> None:
    assert stem(a, language) != stem(b, language)


def test_arabic_spelling_is_folded() -> None:
    assert arabic_stem("أحمد") == arabic_stem("احمد")
    assert arabic_stem("إدلب") == arabic_stem("ادلب")
    assert arabic_stem("الجـــيش") == arabic_stem("الجيش")


def test_the_script_is_that_of_the_first_letters() -> None:
    assert is_arabic("حلب")
    assert not is_arabic("Aleppo")
    assert not is_arabic("")


def test_the_stems_of_a_phrase_keep_their_order() -> None:
    assert stems_of("took control", "en") == (stem("took", "en"), stem("control", "en"))
    assert stems_of("…", "en") == ()


# ---------------------------------------------------------------- concepts


def test_opposition_and_implication_name_known_concepts() -> None:
    known = set(TABLES)
    for name, entry in TABLES.items():
        named = {*entry.get("opposes", ()), *entry.get("implies", ())}
        assert named <= known, (name, named - known)
        assert name not in named, name


def test_opposition_is_symmetric() -> None:
    concepts = lexicon.concepts()
    assert set(concepts) == set(TABLES)
    assert any(c.opposes for c in concepts.values())
    for concept in concepts.values():
        for other in concept.opposes:
            assert concept.name in concepts[other].opposes


def test_no_concept_opposes_what_it_implies() -> None:
    for name, concept in lexicon.concepts().items():
        assert not concept.opposes & lexicon.broadened([name]), name


def test_kinds() -> None:
    kinds = {c.kind for c in lexicon.concepts().values()}
    assert kinds == {"action", "state", "thing", "actor", "counted", "modifier"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_concept_has_terms(language: str) -> None:
    for name, entry in TABLES.items():
        assert entry.get(language), (name, language)
        assert all(stems_of(term, language) for term in entry[language]), (name, language)


@pytest.mark.parametrize("language", lexicon._FIRST)
def test_terms_are_found_in_their_own_text(language: str) -> None:
    own = lexicon._own_terms(language)
    terms = [(name, term) for name, entry in TABLES.items()
             for term in own.get(name) or entry.get(language, ())]  # fmt: skip
    missed = [(name, term, found(term, language)) for name, term in terms
              if name not in found(term, language)]  # fmt: skip
    print(f"{language}: {len(missed)} of {len(terms)} terms missed: {missed}")
    assert len(terms) > 1000
    assert len(missed) <= 0.05 * len(terms), missed


@pytest.mark.parametrize("language", LANGUAGES)
def test_mentions_lie_where_they_say(language: str) -> None:
    text = " – ".join(entry[language][0] for entry in TABLES.values())
    mentions = lexicon.mentions(text, language)
    assert len(mentions) > 200
    assert [m.start for m in mentions] == sorted(m.start for m in mentions)
    for mention in mentions:
        assert text[mention.start : mention.end] == mention.text


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("id", "Tentara merebut kota itu."),
        ("en", "The army captured the town."),
        ("ar", "سيطر الجيش على المدينة."),
        ("fr", "Les troupes se sont emparées de la ville."),
        ("fr", "L'armée a pris le contrôle de la ville."),
        ("es", "El ejército capturó la ciudad."),
        ("de", "Die Armee hat die Stadt eingenommen."),
        ("tr", "Ordu kasabayı ele geçirdi."),
    ],
)
def test_one_event_is_one_concept_in_every_language(language: str, text: str) -> None:
    assert "capture" in found(text, language)
    assert "withdraw" not in found(text, language)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("id", "Tentara pemerintah mundur."),
        ("en", "The army left."),
        ("ar", "انسحب الجيش."),
        ("fr", "Les troupes sont parties."),
        ("fr", "L'armée est partie."),
        ("fr", "On a vu l’armée."),
        ("es", "El ejército se fue."),
        ("de", "Die Armee ging."),
    ],
)
def test_the_army_is_the_government_side(language: str, text: str) -> None:
    (actor,) = [m.concept for m in lexicon.mentions(text, language)
                if m.concept.name == "government_forces"]  # fmt: skip
    assert (actor.kind, actor.side) == ("actor", "government")
    assert "capture" not in found(text, language)


def test_the_longest_term_wins() -> None:
    assert "military_base" not in {m.concept.name for m in lexicon.mentions("an air base", "en")}
    (base,) = [m for m in lexicon.mentions("the air base fell", "en") if m.concept.kind == "thing"]
    assert (base.concept.name, base.text) == ("air_base", "air base")


def test_accidents_of_stemming_are_no_mentions() -> None:
    capture = {m.text for m in lexicon.mentions("penduduk", "id") if m.concept.name == "capture"}
    assert not capture
    assert not lexicon.mentions("xyzzy", "en")
    assert lexicon.mentions("", "en") == ()


def test_broader_concepts() -> None:
    broad = lexicon.broadened(["retake"])
    assert {"retake", "capture", "control"} <= broad
    assert lexicon.broadened([]) == frozenset()
    assert lexicon.broadened(broad) == broad


@steady
@given(st.sets(st.sampled_from(sorted(TABLES)), max_size=4), st.sampled_from(sorted(TABLES)))
def test_broadening_grows_and_stops(names: set[str], other: str) -> None:
    broad = lexicon.broadened(names)
    assert names <= broad
    assert lexicon.broadened(broad) == broad
    assert broad <= lexicon.broadened({*names, other})


# ---------------------------------------------------------------- frames


def test_frames_have_the_same_keys_in_all_languages() -> None:
    keys = {language: set(lexicon.frames(language)) for language in lexicon.LANGUAGES}
    assert all(k == keys["en"] for k in keys.values()), keys
    types = [{k: type(v) for k, v in lexicon.frames(lang).items()} for lang in lexicon.LANGUAGES]
    assert all(t == types[0] for t in types)


@pytest.mark.parametrize("language", lexicon.LANGUAGES)
def test_months_and_weekdays_are_complete(language: str) -> None:
    frame = lexicon.frames(language)
    assert len(frame["months"]) == 12
    assert len(frame["weekdays"]) == 7
    for number, spellings in enumerate(frame["months"], start=1):
        for name in spellings:
            if len(name.rstrip(".")) > 2:
                assert lexicon.month_number(name) == number, name
                assert lexicon.month_number(name.upper()) == number or language == "tr", name
    for number, spellings in enumerate(frame["weekdays"]):
        for name in spellings:
            assert lexicon.weekday_number(name) == number, name


def test_other_words_are_no_month_and_no_weekday() -> None:
    for word in ("army", "kota", "80", "", "حلب"):
        assert lexicon.month_number(word) is None
        assert lexicon.weekday_number(word) is None


@pytest.mark.parametrize("language", lexicon.LANGUAGES)
def test_number_words_and_scales(language: str) -> None:
    frame = lexicon.frames(language)
    assert set(range(2, 21)) <= set(frame["numbers"].values())
    assert {1000, 1_000_000, 1_000_000_000} <= set(frame["scales"].values())
    assert all(0 < v < 1 for v in frame["fractions"].values())
    assert {-1, 0, 1} <= set(frame["relative_days"].values())


@pytest.mark.parametrize("language", lexicon.LANGUAGES)
@pytest.mark.parametrize("key", ["said", "denied", "negators", "more", "least", "about", "loaded"])
def test_frame_lists_are_not_empty(language: str, key: str) -> None:
    assert lexicon.frames(language)[key]


def test_languages_without_frames_use_english_and_malay_uses_indonesian() -> None:
    assert lexicon.frames("sw") == lexicon.frames("en")
    assert lexicon.frames("ms") == lexicon.frames("id")
    assert lexicon.month_number("janeiro") == 1
    assert "more than" in lexicon.phrases("en", "more")
    assert lexicon.phrases("en", "no such list") == frozenset()


@pytest.mark.parametrize(
    ("language", "text", "concept"),
    [
        ("en", "He offered to pull his own fighters out of the town.", "withdraw"),
        ("en", "The army took the base back on Friday.", "retake"),
        ("de", "Die Armee nahm am Freitag die Stadt ein.", "capture"),
    ],
)
def test_a_verb_may_stand_apart_from_its_particle(language, text, concept) -> None:
    assert concept in {m.concept.name for m in lexicon.mentions(text, language)}


def test_a_particle_too_far_off_belongs_to_no_verb() -> None:
    text = "They pull the old carts through the long and narrow street and set out."
    assert "withdraw" not in {m.concept.name for m in lexicon.mentions(text, "en")}
