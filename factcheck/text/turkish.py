"""What Turkish writes otherwise: a number carries its case ("400 binden", "80'i"), and what bounds it
stands behind ("80'den fazla", "bir milyonu aşkın")."""

from __future__ import annotations

import re

from factcheck.text.words import Word

_CASE = (
    r"(?:l[ae]r)?(?:[ys]?[ıiuü]|n?[ıiuü]n|y?[ae]|[dt][ae]n?|[ıiuü]n[ıiuüae]|[ıiuü]n[dt][ae]n?|"
    r"l[ıiuü]k)"
)
_SCALE = re.compile(rf"(bin|milyon|milyar|trilyon)(?:['’]?{_CASE})?", re.IGNORECASE)
_INFLECTED = re.compile(rf"(?<=\w\w)['’]?{_CASE}$", re.IGNORECASE)
_WHOLE = "on bir bin yüz altı yedi".split()  # "onun", "birden", "yüzünden", "altında": other words
# What makes a number a bound, by the case that it governs.
_BEHIND = (
    ("more", r"[dt][ae]n\s+(?:daha\s+)?(?:fazla|çok)"),
    ("more", r"[yn]?[ıiuü]\s+aşkın"),
    ("more", r"[yn]?[ıiuü]n\s+(?:üzerinde|üstünde)"),
    ("more", r"\s+küsur"),
    ("less", r"[dt][ae]n\s+(?:daha\s+)?az"),
    ("less", r"[yn]?[ıiuü]n\s+altında"),
    ("nearly", r"[yn]?[ae]\s+yakın"),
    ("most", r"[yn]?[ae]\s+kadar"),
    ("about", r"\s+(?:kadar|civarında|dolayında)"),
)
_BOUNDS = [(name, re.compile(rf"['’]?{told}(?!\w)", re.IGNORECASE)) for name, told in _BEHIND]
_BOUNDING = frozenset("fazla çok aşkın üzerinde üstünde az altında yakın kadar daha".split())
_WRITTEN_ON = re.compile(rf"['’]?{_CASE}(?!\w)", re.IGNORECASE)


def uninflected(word: Word, behind: str) -> Word:
    """A scale word without its case, and a number word before a bound ("yirmiden fazla")."""
    scale = _SCALE.fullmatch(word.text)
    if scale:
        return word._replace(text=scale[1], end=word.start + len(scale[1]))
    if behind.casefold() in _BOUNDING and (case := _INFLECTED.search(word.text)):
        stem = word.text[: case.start()]
        if stem.casefold() not in _WHOLE:
            return word._replace(text=stem, end=word.start + len(stem))
    return word


def bound(after: str) -> str:
    """The bound that the words right behind a number make it, its case among them; "" for none."""
    return next((name for name, pattern in _BOUNDS if pattern.match(after)), "")


def unit_begins(after: str) -> int:
    """Where what is counted begins behind a number: past its case and the words of a bound."""
    for _, pattern in _BOUNDS:
        if found := pattern.match(after):
            return found.end()
    written_on = _WRITTEN_ON.match(after)
    return written_on.end() if written_on else 0
