"""JSON Lines: one report a line, each an object."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, NoReturn

from factcheck.errors import InputError
from factcheck.files import decode
from factcheck.readers import rows
from factcheck.readers.document import Document
from factcheck.readers.limits import COLUMNS, DEPTH, ROW, ROWS

_LOOK = 100  # lines whose names decide which column holds which field


def read_many(
    data: bytes, *, name: str, mapping: Mapping[str, str], encoding: str | None = None
) -> Iterator[Document | InputError]:
    """A document a line, or the error of that line.

    Raises InputError where the file as a whole cannot be read.
    """
    text = decode(data, name=name, encoding=encoding)
    names: dict[str, None] = {}
    for row in _first(text, name):
        names |= dict.fromkeys(list(row)[:COLUMNS])
    found = rows.columns(list(names), mapping, name=name) if names else {"text": "text"}
    told = rows.told(names, found)
    for number, raw in _lines(text):
        place = f"{name}, line {number}"
        if number > ROWS:
            yield InputError(f"{name} has more than {ROWS:,} lines", hint="Split it.")
            return
        try:
            row = _parse(raw, place)
            made = rows.document(row, found, place=place, format="jsonl", raw=raw, told=told)
            yield made
            told = ""
        except InputError as error:
            yield error


def _first(text: str, name: str) -> Iterator[dict[str, Any]]:
    """The first lines that can be read."""
    for number, raw in _lines(text):
        if number > _LOOK:
            return
        try:
            yield _parse(raw, name)
        except InputError:
            continue


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """The lines that are not blank, with their numbers. Only \\n ends a line: JSON may hold others."""
    number, start = 0, 0
    while start < len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        number += 1
        raw = text[start:end].strip()
        if raw:
            yield number, raw
        start = end + 1


def _parse(raw: str, place: str) -> dict[str, Any]:
    def refused(why: str) -> InputError:
        return InputError(f"{place}: {why}", hint="Each line is a JSON object on its own.")

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        row = dict(items)
        if len(row) < len(items):
            names = [k for k, _ in items]
            twice = next(k for k in names if names.count(k) > 1)
            raise refused(f"`{twice[:40]}` is given twice")
        return row

    def constant(word: str) -> NoReturn:
        raise refused(f"{word} is no JSON value")

    if len(raw) > ROW:
        raise refused(
            f"it has {len(raw) / 1e6:.1f} million characters; {ROW / 1e6:.0f} are allowed"
        )
    if _deepest(raw) > DEPTH:
        raise refused(f"it is nested deeper than {DEPTH}")
    try:
        row = json.loads(raw, object_pairs_hook=pairs, parse_constant=constant)
    except json.JSONDecodeError as error:
        raise refused(f"no JSON at character {error.pos + 1}: {error.msg}") from error
    except (ValueError, RecursionError) as error:  # an integer of thousands of digits
        raise refused(f"no JSON that can be read: {str(error)[:100]}") from error
    if not isinstance(row, dict):
        raise refused("it is no object")
    return row


def _deepest(raw: str) -> int:
    """How deep brackets open outside of strings; 0 where there are too few of them to matter."""
    if raw.count("{") + raw.count("[") <= DEPTH:
        return 0
    depth = deepest = 0
    for m in re.finditer(r'"(?:[^"\\]|\\.)*"|[\[{]|[\]}]', raw):
        if m[0] in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif m[0] in "]}":
            depth -= 1
    return deepest
