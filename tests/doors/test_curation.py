"""A collection kept in order: fields corrected by hand, and what looks suspicious."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from factcheck import collection, curation
from factcheck.embed import CachedEmbedder
from factcheck.errors import InputError, UsageError
from factcheck.models import Reference
from factcheck.store import Store
from tests.store.helpers import HashEmbedder, by_lines

TODAY = date(2014, 1, 1)
LONG = (
    "The relief office said on Tuesday that four thousand families in the eastern towns had no clean"
    " water, and that three of the seven wells would be repaired before the end of the month. "
)
REPORT = Reference(
    id="A", publisher="UNHCR", kind="un", title="Wells", text=3 * LONG,
    published=date(2013, 11, 5), language="en", origins=("UNHCR",), url="https://example.org/a",
)  # fmt: skip


def kinds(*reports: Reference) -> list[tuple[str, tuple[str, ...]]]:
    return [(f.kind, f.references) for f in curation.lint(reports, TODAY)]


def test_a_collection_in_order() -> None:
    assert kinds(REPORT) == []


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        ("undated", {"published": None}),
        ("future", {"published": date(2014, 1, 2)}),
        ("event_after_publication", {"event_date": date(2013, 11, 6)}),
        ("unknown_publisher", {"publisher": "Nobody's Gazette"}),
        ("replaces_unknown", {"replaces": "Z"}),
        ("language", {"language": "de"}),
    ],
)
def test_what_is_wrong_with_one(kind: str, changes: dict[str, object]) -> None:
    assert kinds(replace(REPORT, **changes)) == [(kind, ("A",))]  # type: ignore[arg-type]


def test_what_is_wrong_between_two() -> None:
    other = replace(REPORT, id="B", text="Something else altogether.", url="https://example.org/b")
    assert kinds(REPORT, other) == []
    assert kinds(REPORT, replace(other, url="https://example.org/a/")) == [
        ("same_address", ("A", "B"))
    ]
    older = replace(other, published=date(2013, 11, 4), replaces="A")
    assert kinds(REPORT, older) == [("replaces_newer", ("B", "A"))]
    copy = replace(other, text=REPORT.text + "Prices rose too.", origins=("Reuters",))
    (found,) = curation.lint([REPORT, copy], TODAY)
    assert (found.kind, found.references) == ("near_copy", ("A", "B"))
    assert "with other origins" in found.what
    assert found.hint.endswith('factcheck refs edit B --origins "UNHCR"')


def test_an_unknown_publisher_is_named_once() -> None:
    same = [
        replace(REPORT, id=f"N{n}", publisher="Nobody", url=None, text=f"{n}") for n in range(9)
    ]
    (found,) = curation.lint(same, TODAY)
    assert found.kind == "unknown_publisher" and len(found.references) == 9
    assert found.what == "come from `Nobody`, which the register of sources does not know"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    embedder = CachedEmbedder(HashEmbedder(), tmp_path / "vectors.sqlite3")
    with Store(tmp_path / "store", embedder, by_lines) as made:
        collection.add(made, [replace(REPORT, origins=(), text="SOHR said that it was so.")])
        yield made


def test_origins_are_read_and_corrected_for_good(store: Store) -> None:
    read = store.reference("A")
    assert read and (read.origins, read.origins_from) == (("UNHCR", "SOHR"), "read")
    before = store.passages_of(read)
    edited = curation.edit(store, "A", origins=("Syrian Observatory for Human Rights",))
    assert (edited.origins, edited.origins_from) == (("SOHR",), "edited")
    assert store.reference("A") == edited
    assert store.passages_of(edited) == before
    collection.add(store, [replace(REPORT, origins=(), text="SOHR said that it was so. Twice.")])
    again = store.reference("A")
    assert again and (again.origins, again.origins_from) == (("SOHR",), "edited")


@pytest.mark.parametrize(
    ("id", "changes", "error"),
    [
        ("Z", {"title": "T"}, InputError),
        ("A", {}, UsageError),
        ("A", {"kind": "blog"}, UsageError),
        ("A", {"title": " "}, UsageError),
        ("A", {"countries": ("Nowhere",)}, UsageError),
    ],
)
def test_what_cannot_be_edited(
    store: Store, id: str, changes: dict[str, object], error: type[Exception]
) -> None:
    before = store.fingerprint()
    with pytest.raises(error):
        curation.edit(store, id, **changes)
    assert store.fingerprint() == before


def test_what_a_crash_left_half_added_is_unchanged_when_it_is_added_again(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = replace(REPORT, id="B", text="Nothing fell.")
    with monkeypatch.context() as patch:

        def dies(*_: object) -> None:
            raise KeyboardInterrupt

        patch.setattr(store._chroma, "upsert", dies)
        with pytest.raises(KeyboardInterrupt):
            collection.add(store, [new])
    assert store.reference("B") is None
    told: list[tuple[int, int]] = []
    added = collection.add(store, [new], lambda a, b: told.append((a, b)))
    assert (added.new, added.changed, added.unchanged) == (0, 0, 1)
    assert told[-1] == (1, 1)
    held = store.reference("B")
    assert held and held.text == "Nothing fell."
