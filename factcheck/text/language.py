"""Which language a text is in: lingua, restricted to the languages served.

All of lingua's languages together need 900 MB; the listed ones in its low-accuracy mode (three
letter groups, enough for a paragraph) load in a fraction of a second.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

SERVED = ("id", "en", "ar", "fr", "es", "de", "tr", "pt", "it", "nl", "ru", "fa")
_SAMPLE = 4000  # characters: more does not change the answer
_SHORT = 25  # letters: below it, a guess is worth nothing


@lru_cache(maxsize=3)
def _detector(more: tuple[str, ...] = ()) -> Any:
    from lingua import IsoCode639_1, LanguageDetectorBuilder

    codes = [getattr(IsoCode639_1, code.upper()) for code in (*SERVED, *more)]
    builder = LanguageDetectorBuilder.from_iso_codes_639_1(*codes)
    return builder.with_low_accuracy_mode().build()


@lru_cache(maxsize=1024)
def identify_among(text: str, codes: tuple[str, ...], default: str) -> str:
    """The language of a few words, out of those that come into question."""
    from lingua import IsoCode639_1, LanguageDetectorBuilder

    if sum(c.isalpha() for c in text) < 4 or len(codes) < 2:
        return default
    isos = [getattr(IsoCode639_1, code.upper()) for code in codes]
    found = _few(tuple(isos), LanguageDetectorBuilder).detect_language_of(text)
    return found.iso_code_639_1.name.lower() if found else default


@lru_cache(maxsize=4)
def _few(isos: tuple[Any, ...], builder: Any) -> Any:
    return builder.from_iso_codes_639_1(*isos).build()


@lru_cache(maxsize=4096)
def identify(
    text: str, default: str = "und", more: tuple[str, ...] = (), least: int = _SHORT
) -> str:
    """ISO 639-1 code of the text's language, or `default` when the text is too short to tell.

    `more` are codes of languages that it may be in besides those served; `least` how many letters
    are enough for a guess.
    """
    sample = text[:_SAMPLE].encode("utf-8", "replace").decode("utf-8")  # it may hold half letters
    if sum(c.isalpha() for c in sample) < least:
        return default
    if len(_STRANGE.findall(sample)) > _FEW_LETTERS * sum(c.isalpha() for c in sample):
        more = tuple(dict.fromkeys((*more, *_OTHERS)))
    found = _detector(more).detect_language_of(sample)
    return found.iso_code_639_1.name.lower() if found else _of_script(sample) or default


# Letters of Latin and Cyrillic that no language served writes, and languages that do: only a text that
# has them is held against these too, which takes a second and 30 MB.
_STRANGE = re.compile("[ąęłńśźżćčřžůěďťňőűășțđơưåøėįųūāēīķļņəіїєґўјљњћџѓќәөұқғҳ]", re.IGNORECASE)
_OTHERS = tuple("pl uk sv da nb cs sk hu ro bg sr hr vi fi lt lv et sl mk be az kk sq".split())
_FEW_LETTERS = 0.004  # share of a text's letters


# Scripts that one language of the news is written in. Japanese comes before Chinese: it has both.
_SCRIPTS = (
    ("ja", "\u3041-\u30ff"), ("ko", "\uac00-\ud7af"), ("zh", "\u4e00-\u9fff"),
    ("th", "\u0e01-\u0e5b"), ("lo", "\u0e81-\u0edf"), ("km", "\u1780-\u17ff"),
    ("my", "\u1000-\u109f"), ("he", "\u0590-\u05ff"), ("el", "\u0370-\u03ff"),
    ("hy", "\u0530-\u058f"), ("ka", "\u10a0-\u10ff"), ("am", "\u1200-\u137f"),
    ("hi", "\u0900-\u097f"), ("bn", "\u0980-\u09ff"), ("pa", "\u0a00-\u0a7f"),
    ("gu", "\u0a80-\u0aff"), ("ta", "\u0b80-\u0bff"), ("te", "\u0c00-\u0c7f"),
    ("kn", "\u0c80-\u0cff"), ("ml", "\u0d00-\u0d7f"), ("si", "\u0d80-\u0dff"),
)  # fmt: skip
_MOSTLY = 0.2  # share of a text's letters from which it is in that script


def _of_script(text: str) -> str:
    """The language that the text's script is mostly used for; "" for scripts of many languages."""
    letters = sum(c.isalpha() for c in text)
    for code, span in _SCRIPTS:
        if len(re.findall(f"[{span}]", text)) > _MOSTLY * letters:
            return code
    return ""
