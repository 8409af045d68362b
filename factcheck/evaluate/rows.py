"""Labelled data in JSON Lines: read whole, sampled by a seed, and known by its hash."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from factcheck.errors import InputError, UsageError
from factcheck.files import decode, read_bytes

LIMIT = 200_000_000  # bytes of one file
Row = Mapping[str, Any]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Data:
    """Rows of a file. `total` is how many it holds, `sha256` the hash of the whole file."""

    path: Path
    rows: tuple[Row, ...]
    total: int
    sha256: str
    limit: int | None = None
    seed: int = 0

    def record(self) -> dict[str, Any]:
        """What an output says of the data it rests on."""
        return {
            "file": self.path.name,
            "sha256": self.sha256,
            "rows": self.total,
            "used": len(self.rows),
            "limit": self.limit,
            "seed": self.seed,
        }


def read(path: Path, *, limit: int | None = None, seed: int = 0) -> Data:
    """The rows of a file, or `limit` of them drawn by `seed`, in the order of the file.

    Raises InputError naming the line that is no JSON object, UsageError for a limit below one.
    """
    if limit is not None and limit < 1:
        raise UsageError(f"a limit of {limit} leaves nothing", hint="Give --limit 1 or more.")
    data = read_bytes(path, what="labelled data", limit=LIMIT)
    rows = []
    for number, line in enumerate(decode(data, name=str(path)).split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise wrong(path, number, f"not JSON: {error}") from error
        if not isinstance(row, dict):
            raise wrong(path, number, "not a JSON object")
        rows.append({**row, "_line": number})
    if not rows:
        raise InputError(f"{path} holds no rows", hint="One JSON object a line.")
    kept = sample(rows, limit, seed)
    return Data(path, tuple(kept), len(rows), hashlib.sha256(data).hexdigest(), limit, seed)


def sample(rows: Sequence[T], limit: int | None, seed: int) -> list[T]:
    """`limit` of the rows, drawn without putting back, in their order; all where there are fewer."""
    if limit is None or limit >= len(rows):
        return list(rows)
    chosen = sorted(random.Random(seed).sample(range(len(rows)), limit))  # noqa: S311 - no secret
    return [rows[i] for i in chosen]


def wrong(path: Path, line: object, what: str) -> InputError:
    return InputError(f"{path}, line {line}: {what}", hint="See docs/measuring.md for the fields.")


def text_of(data: Data, row: Row, field: str) -> str:
    """A field that must hold words. Raises InputError."""
    value = row.get(field)
    if not isinstance(value, str) or not any(c.isalnum() for c in value):
        raise wrong(data.path, row["_line"], f"`{field}` holds no words")
    return value


def day_of(data: Data, row: Row, value: object) -> date | None:
    """A date as YYYY-MM-DD, or None. Raises InputError."""
    if value is None or value == "":
        return None
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError as error:
        raise wrong(data.path, row["_line"], f"{value!r} is no date") from error
