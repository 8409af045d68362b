"""Typographic folding with a map back to the original.

Folding makes two typings of the same words equal (curly and straight quotes, kinds of dash,
no-break spaces, soft hyphens, zero-width and direction marks, composed and decomposed accents).
It never changes a word or a digit: NFC, not NFKC, which would read "76¹" as "761".
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_SPACE = re.compile(r"\s+|\S+")
_SAME = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛′ʼ", "'"),
        **dict.fromkeys("“”„‟«»″", '"'),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        "…": "...",
    }
)


def invisible(char: str) -> bool:
    """True for characters without a glyph of their own: soft hyphen, zero-width, bidi, tags."""
    code = ord(char)
    return (
        code in (0xAD, 0x61C, 0x180E, 0x2060, 0xFEFF)
        or 0x200B <= code <= 0x200F
        or 0x202A <= code <= 0x202E
        or 0x2061 <= code <= 0x2064
        or 0x2066 <= code <= 0x206F
        or 0xFE00 <= code <= 0xFE0F
        or 0xE0000 <= code <= 0xE01EF
    )


@lru_cache(maxsize=256)
def fold(text: str) -> tuple[str, tuple[int, ...]]:
    """Return the folded text and, for each of its characters, the offset it came from.

    The map rises monotonically; runs of white space become one blank.
    """
    if text.isascii():
        return _fold_ascii(text)
    out: list[str] = []
    at: list[int] = []
    i, n = 0, len(text)
    while i < n:
        j = i + 1
        while j < n and unicodedata.combining(text[j]):
            j += 1  # a base and its marks compose together
        cluster = text[i:j]
        if invisible(text[i]):
            cluster = text[i + 1 : j]
        if cluster.isspace():
            if out and out[-1] != " ":
                out.append(" ")
                at.append(i)
        else:
            for char in unicodedata.normalize("NFC", cluster).translate(_SAME):
                if not invisible(char):
                    out.append(char)
                    at.append(i)
        i = j
    return "".join(out), tuple(at)


def _fold_ascii(text: str) -> tuple[str, tuple[int, ...]]:
    """The same for text that needs no more than its white space collapsed."""
    parts: list[str] = []
    at: list[int] = []
    for run in _SPACE.finditer(text):
        if run.group().isspace():
            if not at:
                continue  # no blank opens a folded text
            parts.append(" ")
            at.append(run.start())
        else:
            parts.append(run.group())
            at.extend(range(*run.span()))
    return "".join(parts), tuple(at)


def folded(text: str) -> str:
    """The folded text alone, stripped: for comparing, never for cutting."""
    return " ".join(text.split()) if text.isascii() else fold(text)[0].strip()
