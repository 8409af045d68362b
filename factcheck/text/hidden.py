"""Characters that nobody sees, taken out of a report's text before it is stored.

Soft hyphens, zero-width and direction marks and tag characters break up words for whoever searches,
and carry orders that no reader sees. What is stored, quoted and counted in offsets is the text
without them.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Sequence

# What `fold.invisible` calls invisible, control characters save tab and line breaks, and halves of
# characters.
_HIDDEN = re.compile(
    "[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff"
    "\U000e0000-\U000e01ef]|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]"
)
_SHAPING = "\u200c\u200d\ufe0f"  # joiners and the choice of an emoji's form


def without_hidden(text: str, marks: Sequence[int] = ()) -> tuple[str, tuple[int, ...]]:
    """The text without hidden characters, and where the offsets `marks` into it have moved.

    Joiners stay where they shape letters (Persian, Indic scripts, emoji). A control character
    becomes a blank.
    """
    gone: list[int] = []

    def shown(m: re.Match[str]) -> str:
        if unicodedata.category(m[0]) in ("Cc", "Cs"):
            return " "
        if m[0] in _SHAPING and _shapes(text, m.start()):
            return m[0]
        gone.append(m.start())
        return ""

    cleaned = _HIDDEN.sub(shown, text)
    return cleaned, tuple(m - bisect_left(gone, m) for m in marks)


def _shapes(text: str, at: int) -> bool:
    """What is around it is not of an alphabet that needs no joiner: there it parts words unseen."""
    around = text[at - 1 : at] + text[at + 1 : at + 2]
    return bool(around) and not any(c.isascii() or _plain(c) for c in around)


def _plain(char: str) -> bool:
    return unicodedata.name(char, "").startswith(("LATIN", "CYRILLIC", "GREEK"))
