"""CSV: a head with the columns' names, then one report a row."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping

from factcheck.errors import InputError
from factcheck.files import decode
from factcheck.readers import rows
from factcheck.readers.document import Document
from factcheck.readers.limits import COLUMNS, ROW, ROWS

_MARKS = ",;\t|"


def read_many(
    data: bytes, *, name: str, mapping: Mapping[str, str], encoding: str | None = None
) -> Iterator[Document | InputError]:
    """A document a row, or the error of that row. Cells are text; a formula is its letters.

    Raises InputError where the file as a whole cannot be read.
    """
    text = decode(data, name=name, encoding=encoding)
    source, numbered = _rows(text, name)
    head = _head(numbered, name)
    found = rows.columns(head, mapping, name=name)
    told = rows.told(head, found)
    source.begins()
    try:
        for row in numbered:
            begun, raw = source.begins()
            place = f"{name}, line {begun}"
            if begun > ROWS:
                yield InputError(f"{name} has more than {ROWS:,} lines", hint="Split it.")
                return
            if not any(cell.strip() for cell in row):
                continue
            if raw.count('"') % 2 and "\n" in raw.rstrip("\r\n"):
                yield InputError(
                    f"{place}: a quotation mark opens a cell and is not closed",
                    hint="Double a quotation mark that is part of the text.",
                )
                continue
            if len(row) != len(head):
                yield InputError(
                    f"{place}: {len(row)} cells, where the head has {len(head)}",
                    hint="Is a quotation mark or a separator missing, or one too many?",
                )
                continue
            try:
                cells = dict(zip(head, row, strict=True))
                yield rows.document(cells, found, place=place, format="csv", raw=raw, told=told)
                told = ""
            except InputError as error:
                yield error
    except csv.Error as error:
        begun, _ = source.begins()
        yield InputError(
            f"{name}, line {begun}: {error}; what follows is not read",
            hint=f"Is a closing quotation mark missing? A cell may have {ROW / 1e6:.0f} MB.",
        )


class _Source:
    """The lines of a text, which remembers the line on which the row at hand begins."""

    def __init__(self, text: str) -> None:
        self._lines = io.StringIO(text, newline="")
        self._read = 0
        self._taken: list[str] = []

    def __iter__(self) -> Iterator[str]:
        for line in self._lines:
            self._read += 1
            self._taken.append(line)
            yield line

    def begins(self) -> tuple[int, str]:
        """The number of the first line that was read since the last call, and what was read."""
        taken, self._taken = self._taken, []
        return self._read - len(taken) + 1, "".join(taken)


def _rows(text: str, name: str) -> tuple[_Source, Iterator[list[str]]]:
    csv.field_size_limit(ROW)
    source = _Source(text)
    first = text[: text.find("\n")] if "\n" in text else text
    mark = max(_MARKS, key=first.count)
    return source, csv.reader(iter(source), delimiter=mark, strict=False)


def _head(numbered: Iterator[list[str]], name: str) -> list[str]:
    try:
        head = [cell.strip() for cell in next(numbered, [])]
    except csv.Error as error:
        raise InputError(
            f"{name}, line 1: {error}", hint="The first line names columns."
        ) from error
    named = [cell for cell in head if cell]
    if len(head) > COLUMNS or not named:
        raise InputError(
            f"{name}: its first line names {len(named):,} columns",
            hint="The first line gives the columns' names, such as title, published, text.",
        )
    if twice := next((c for c in named if named.count(c) > 1), ""):
        raise InputError(f"{name}: two columns are called `{twice}`", hint="Rename one.")
    return head
