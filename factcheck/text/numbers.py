"""Written numbers by the habits of a language: which mark groups, which one is decimal."""

from __future__ import annotations

import re
from functools import lru_cache

from factcheck.text.dates import western_digits

BLANKS = " \u00a0\u202f\u2009"


def parse_number(token: str, language: str, *, scaled: bool = False) -> float | None:
    """The value of a written number, its marks read by the language; None when it is none.

    `scaled` says that a scale word or per-cent sign follows, where "1,234" is a decimal in
    languages with a decimal comma. Marks that do not fit the language's habit are read the other
    way when that is the only possible reading ("2.2 juta").
    """
    flat = western_digits(token)
    flat = re.sub(rf"[{BLANKS}’'٬]", "", flat).replace("٫", "·")
    marks = [c for c in flat if c in ".,·"]
    if not marks:
        return float(flat) if flat.isdigit() else None
    if "·" in marks:
        whole, _, rest = flat.partition("·")
        whole = re.sub(r"[.,]", "", whole)
        return float(f"{whole}.{rest}") if whole.isdigit() and rest.isdigit() else None
    decimal = _decimal_mark(language)
    last = flat.rindex(marks[-1])
    head, tail, mark = flat[:last], flat[last + 1 :], marks[-1]
    if len(set(marks)) == 2:
        return _joined(head, tail)
    if len(marks) > 1:
        groups = flat.split(mark)[1:]
        return float(flat.replace(mark, "")) if all(len(g) == 3 for g in groups) else None
    if len(tail) != 3:
        return _joined(head, tail)
    grouping = mark != decimal or (not scaled and (tail == "000" and head != "0"))
    if mark == decimal and not scaled and head != "0" and language == "ar":
        grouping = True  # Arabic prose in western digits groups with a comma
    if mark != decimal and head == "0":
        grouping = False
    return float(head + tail) if grouping else _joined(head, tail)


def _joined(head: str, tail: str) -> float | None:
    head = re.sub(r"[.,]", "", head)
    return float(f"{head}.{tail}") if head.isdigit() and tail.isdigit() else None


@lru_cache(maxsize=64)
def _decimal_mark(language: str) -> str:
    from babel import Locale, UnknownLocaleError
    from babel.numbers import get_decimal_symbol

    try:
        symbol = str(get_decimal_symbol(Locale.parse(language)))
    except (UnknownLocaleError, ValueError):
        return "."
    return symbol if symbol in ".," else "."
