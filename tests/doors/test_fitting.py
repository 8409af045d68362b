"""The reports that a filter leaves, some of them by what stands in their text alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from factcheck import evidence, reading
from factcheck.collection import fitting
from factcheck.embed import CachedEmbedder
from factcheck.filters import Filter
from factcheck.kept import Shelf
from factcheck.models import Reference
from factcheck.store import Store
from tests.store.helpers import HashEmbedder, by_lines

REPORT = Reference(
    id="A", publisher="UNHCR", kind="un", title="Wells", text="It rained in Aleppo.",
    published=date(2013, 11, 5), language="en",
)  # fmt: skip
HELD = [
    REPORT,
    replace(REPORT, id="B", text="It rained.", countries=("SY",), tags=("Rain",)),
    replace(REPORT, id="C", text="Hujan turun di Jakarta sejak kemarin pagi.", language="und"),
    replace(REPORT, id="D", publisher="Reuters", kind="wire", published=None, text="It was so."),
]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    embedder = CachedEmbedder(HashEmbedder(), tmp_path / "vectors.sqlite3")
    shelf = Shelf(tmp_path, reading.rules)
    with Store(tmp_path / "store", embedder, by_lines, shelf=shelf) as made:
        made.add(HELD)
        yield made


@pytest.mark.parametrize(
    ("only", "ids"),
    [
        (Filter(), "ABCD"),
        (Filter(countries=("SY",)), "AB"),
        (Filter(countries=("Indonesia",)), "C"),
        (Filter(languages=("id",)), "C"),
        (Filter(languages=("en",), kinds=("wire",)), "D"),
        (Filter(publishers=("un",), tags=("rain",)), "B"),
        (Filter(since=date(2013, 11, 5), until=date(2013, 11, 5)), "ABC"),
        (Filter(since=date(2013, 11, 6)), ""),
    ],
)
def test_which_reports_fit(store: Store, only: Filter, ids: str) -> None:
    assert "".join(r.id for r in fitting(store, only)) == ids
    assert fitting(store, only) == [r for r in store.headers() if r.id in ids]


def test_no_report_is_read_twice_for_its_countries(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    only = Filter(countries=("SY",))
    monkeypatch.setattr(evidence, "_read", {})
    monkeypatch.setattr(evidence, "_missing", {})
    first = fitting(store, only)
    monkeypatch.setattr(evidence, "_read", {})  # as in another process

    def unwanted(*_: object) -> None:
        raise AssertionError("read again")

    monkeypatch.setattr(reading, "names", unwanted)
    assert fitting(store, only) == first
