"""The words of questions by language, out of `lexicon/questions.toml`."""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from importlib import resources

KINDS = ("how_many", "when", "who", "where", "why")
EVERY = ""  # in place of a language: the lists of all of them together
_HEAD = 4  # words at the head of a question among which it says what is asked
_ANYWHERE = ("tr",)  # languages whose asking words stand anywhere


@lru_cache(maxsize=1)
def _tables() -> dict[str, dict[str, list[str]]]:
    file = resources.files("factcheck").joinpath("lexicon", "questions.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))


def languages() -> tuple[str, ...]:
    """The languages in which questions are known."""
    return tuple(_tables())


@lru_cache(maxsize=128)
def phrases(language: str, key: str) -> frozenset[str]:
    """A list of a language, or of all together."""
    codes = languages() if language == EVERY else (language,)
    return frozenset(p for code in codes for p in _tables().get(code, {}).get(key, ()))


@lru_cache(maxsize=128)
def either(language: str, *keys: str) -> str:
    """A pattern for any phrase of some lists, the longest first."""
    found = {p for key in keys for p in phrases(language, key)}
    return "|".join(re.escape(p) for p in sorted(found, key=lambda p: (-len(p), p))) or r"(?!)"


@lru_cache(maxsize=64)
def _asking(language: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w'’])(?:{either(language, *KINDS, 'ask')})(?![\w])", re.IGNORECASE)


def bare(question: str, language: str) -> str:
    """The question without the words that ask: what it is about.

    It begins with a sign, so that its first word is not taken for the first of a sentence, which is
    written large without being a name.
    """
    text = _asking(language).sub(" ", question.replace("¿", " ").replace("’", "'"))
    rest = " ".join(text.split())
    asked = not question.strip("¿ ").startswith(rest[:4])
    return f"… {rest}" if asked else rest


def asks(question: str, language: str) -> bool:
    """A word that asks stands in the question."""
    return bool(_asking(language).search(question.replace("’", "'")))


def kind(question: str, language: str) -> str:
    """What is asked for: how_many, when, who, where or why; else an empty text."""
    text = " ".join(question.replace("¿", " ").replace("’", "'").casefold().split())
    if language not in _ANYWHERE:
        text = " ".join(text.split()[:_HEAD])
    first: tuple[int, int, str] | None = None
    for name in KINDS:
        for m in re.finditer(rf"(?<![\w'])(?:{either(language, name)})(?!\w)", text):
            place = (m.start(), -len(m.group()), name)
            first = place if first is None else min(first, place)
    return first[2] if first else ""


@lru_cache(maxsize=1)
def openings() -> dict[str, str]:
    """Joining words with which one language alone begins a follow-up, and that language."""
    known: dict[str, list[str]] = {}
    for code in languages():
        for word in phrases(code, "joins"):
            known.setdefault(word, []).append(code)
    return {word: codes[0] for word, codes in known.items() if len(codes) == 1}
