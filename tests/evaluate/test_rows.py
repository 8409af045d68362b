"""Labelled data: read whole, refused with the line, sampled by a seed."""

from __future__ import annotations

import hashlib

import pytest

from factcheck.errors import InputError, UsageError
from factcheck.evaluate import rows


def test_rows_are_known_by_their_hash(jsonl) -> None:
    path = jsonl({"id": "a"}, "", {"id": "b"})
    data = rows.read(path)
    assert [r["id"] for r in data.rows] == ["a", "b"]
    record = data.record()
    assert record["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert (record["rows"], record["used"], record["limit"], record["seed"]) == (2, 2, None, 0)


def test_a_sample_depends_on_the_seed_alone_and_keeps_the_order(jsonl) -> None:
    path = jsonl(*({"id": i} for i in range(50)))
    first = [r["id"] for r in rows.read(path, limit=10, seed=4).rows]
    assert first == [r["id"] for r in rows.read(path, limit=10, seed=4).rows]
    assert first == sorted(first) and len(set(first)) == 10
    assert first != [r["id"] for r in rows.read(path, limit=10, seed=5).rows]
    assert len(rows.read(path, limit=500).rows) == 50


@pytest.mark.parametrize("bad", ["{", "[1, 2]", "7", '{"a": 1}}'])
def test_a_bad_line_is_named(jsonl, bad: str) -> None:
    with pytest.raises(InputError, match="line 2"):
        rows.read(jsonl({"id": 1}, bad))


def test_nothing_to_measure_is_an_error(jsonl) -> None:
    with pytest.raises(InputError, match="empty"):
        rows.read(jsonl("", " "))
    with pytest.raises(UsageError):
        rows.read(jsonl({"id": 1}), limit=0)


def test_a_line_separator_inside_a_text_ends_no_row(jsonl) -> None:
    path = jsonl('{"text": "one\u2028two\x85three"}')
    assert rows.read(path).rows[0]["text"] == "one\u2028two\x85three"
