"""Language identification among the languages served."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factcheck.text.language import SERVED, identify

_SENTENCES = {
    "id": "Tentara pemerintah merebut kota Safira pada hari Kamis setelah pertempuran.",
    "en": "The army captured the town of Safira on Thursday after heavy fighting.",
    "ar": "سيطر الجيش على بلدة السفيرة يوم الخميس بعد معارك عنيفة",
    "fr": "L'armée a repris la ville de Safira jeudi après de violents combats.",
    "es": "El ejército tomó la ciudad de Safira el jueves tras intensos combates.",
    "de": "Die Armee hat am Donnerstag nach schweren Kämpfen die Stadt Safira eingenommen.",
    "tr": "Ordu perşembe günü şiddetli çatışmaların ardından kasabayı ele geçirdi.",
    "pt": "O exército tomou a cidade na quinta-feira após intensos combates.",
    "it": "L'esercito ha conquistato la città giovedì dopo pesanti combattimenti.",
    "nl": "Het leger heeft donderdag na zware gevechten de stad ingenomen.",
    "ru": "Армия захватила город после тяжелых боев в четверг.",
    "fa": "ارتش روز پنجشنبه پس از درگیری‌های شدید شهر را تصرف کرد",
}


def test_there_is_a_sentence_for_every_language_served() -> None:
    assert set(_SENTENCES) == set(SERVED)


@pytest.mark.parametrize("code", SERVED)
def test_a_sentence_is_recognised(code: str) -> None:
    assert identify(_SENTENCES[code]) == code


@pytest.mark.parametrize("text", ["", "short", "Aleppo, 2013", "1234567890 " * 10, "!?… " * 30])
def test_too_few_letters_give_the_default(text: str) -> None:
    assert identify(text) == "und"
    assert identify(text, "id") == "id"


def test_the_default_does_not_outweigh_the_text() -> None:
    assert identify(_SENTENCES["ar"], "en") == "ar"


def test_only_the_beginning_of_a_long_text_counts() -> None:
    german = (_SENTENCES["de"] + " ") * 60
    assert len(german) > 4000
    assert identify(german + (_SENTENCES["en"] + " ") * 300) == "de"


@settings(settings.get_profile("text"), max_examples=150)
@given(st.text(max_size=120))
def test_any_text_gives_a_code_or_the_default(text: str) -> None:
    assert identify(text, "default") in (*SERVED, "default")
