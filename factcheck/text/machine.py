"""Does a sentence speak to a program instead of a reader? Patterns by language in `machine.toml`.

Such a sentence is reported, is no claim and no evidence, and is never put before a model. A list of
patterns catches what is usual and no more: the laws (code quotes, code decides) hold without it.
"""

from __future__ import annotations

import html
import re
import tomllib
import unicodedata
from functools import lru_cache
from importlib import resources

from factcheck.text.fold import folded, invisible

_ALIKE = str.maketrans("аеорсухіјѕԁһвнкмтАЕОРСУХІЈЅВНКМТοαεικνρτυχΟΑΕΙΚΝΡΤΥΧ",
                       "aeopcyxijsdhBHKMTAEOPCYXIJSBHKMToaeikvptuxOAEIKNPTYX")  # fmt: skip
_CONTROLS = {
    code: None for code in range(128) if not (chr(code).isprintable() or chr(code).isspace())
}
_TAGS = range(0xE0020, 0xE007F)  # invisible letters that spell ASCII


@lru_cache(maxsize=20_000)
def addresses_machine(text: str) -> bool:
    """True where the text, or what is spelt in it invisibly, gives a program instructions."""
    flat = folded(text)
    if _pattern().search(flat) or _hidden_words(text):
        return True
    if flat.isascii() and "&" not in flat:
        return False  # these are plain letters
    other = _plain_letters(flat)
    return other != flat and bool(_pattern().search(other))


def _plain_letters(text: str) -> str:
    """The text as it is meant to be read: entities resolved, full-width letters and letters with
    strokes as plain ones, Cyrillic and Greek look-alikes among Latin letters as Latin."""
    plain = unicodedata.normalize("NFKD", html.unescape(text))
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    if sum(c.isascii() and c.isalpha() for c in plain) > len(plain) / 3:
        plain = plain.translate(_ALIKE)
    return plain


def readable(text: str) -> str:
    """The text on one line without what a reader cannot see: what a model is shown of it."""
    plain = text.translate(_CONTROLS)
    if not plain.isascii():
        plain = "".join(
            c
            for c in plain
            if c.isascii()
            or c.isspace()
            or not (invisible(c) or unicodedata.category(c) in ("Cc", "Cs", "Co"))
            or c in "\u200c\u200d"
        )
    return " ".join(plain.split())


def _hidden_words(text: str) -> bool:
    spelt = sum(ord(c) in _TAGS for c in text)
    return spelt > 8  # flags of regions need six at most


@lru_cache(maxsize=1)
def _pattern() -> re.Pattern[str]:
    file = resources.files("factcheck").joinpath("lexicon", "machine.toml")
    table = tomllib.loads(file.read_text(encoding="utf-8"))
    order = str(table.pop("order"))
    patterns = [str(p).replace("{order}", order) for ps in table.values() for p in ps]
    return re.compile("|".join(f"(?:{p})" for p in patterns), re.IGNORECASE | re.MULTILINE)
