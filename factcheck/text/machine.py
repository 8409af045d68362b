"""Does a sentence speak to a program instead of a reader? Patterns by language in `machine.toml`.

Such a sentence is reported, is no claim and no evidence, and is never put before a model. A list of
patterns catches what is usual and no more: the laws (code quotes, code decides) hold without it.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import lru_cache
from importlib import resources

from factcheck.text.fold import folded, invisible

_TAGS = range(0xE0020, 0xE007F)  # invisible letters that spell ASCII


@lru_cache(maxsize=20_000)
def addresses_machine(text: str) -> bool:
    """True where the text, or what is spelt in it invisibly, gives a program instructions."""
    return bool(_pattern().search(folded(text))) or _hidden_words(text)


def readable(text: str) -> str:
    """The text on one line without what a reader cannot see: what a model is shown of it."""
    return " ".join(
        "".join(
            c
            for c in text
            if c.isspace()
            or not (invisible(c) or unicodedata.category(c) in ("Cc", "Cs", "Co"))
            or c in "\u200c\u200d"
        ).split()
    )


def _hidden_words(text: str) -> bool:
    spelt = sum(ord(c) in _TAGS for c in text)
    return spelt > 8  # flags of regions need six at most


@lru_cache(maxsize=1)
def _pattern() -> re.Pattern[str]:
    file = resources.files("factcheck").joinpath("lexicon", "machine.toml")
    table: dict[str, list[str]] = tomllib.loads(file.read_text(encoding="utf-8"))
    return re.compile("|".join(f"(?:{p})" for ps in table.values() for p in ps), re.IGNORECASE)
