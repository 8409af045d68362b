"""One file with everything: round trips, and files that are not to be believed."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from factcheck.errors import InputError, StoreBusy
from factcheck.models import Reference
from factcheck.store import Store
from factcheck.store.places import Folder
from tests.store.helpers import HashEmbedder, by_pairs

Make = Callable[..., Store]
Report = Callable[..., Reference]


@pytest.fixture
def exported(small_store: Store, report: Report, tmp_path: Path) -> Path:
    small_store.add(
        [report("S1", "Starter.", published=date(2013, 1, 2), pages=(0,))], starter=True
    )
    small_store.set_meta("starter", "loaded")
    file = tmp_path / "collection.factcheck"
    moved = small_store.export(file)
    assert (moved.references, moved.passages) == (4, 7)
    return file


def test_there_and_back(exported: Path, small_store: Store, make_any: Make, tmp_path: Path) -> None:
    embedder = HashEmbedder()
    where = None if make_any().place.mirrored else tmp_path / "other"
    other = make_any(embedder, where)
    told: list[tuple[int, int]] = []
    moved = other.take(exported, lambda a, b: told.append((a, b)))
    assert (moved.new, moved.changed, moved.unchanged, moved.embedded_again) == (4, 0, 0, False)
    assert embedder.seen == [], "vectors come out of the file"
    assert told[-1] == (7, 7)
    assert other.fingerprint() == small_store.fingerprint() == moved.fingerprint
    assert other.references() == small_store.references()
    assert other.meta("starter") == "loaded"
    for key in ("starter", "passages", "kinds", "newest"):
        assert other.stats()[key] == small_store.stats()[key]
    queries = small_store.embedder.queries(["Aid reached Homs.", "anything"])
    for a, b in zip(small_store.dense(queries, 7), other.dense(queries, 7), strict=True):
        assert [i for i, _ in a] == [i for i, _ in b]
    ids = [i for i, _ in small_store.dense(queries, 7)[0]]
    for id, vector in small_store.vectors(ids).items():
        if other.place.mirrored:  # a server makes them unit length once more
            assert np.allclose(vector, other.vectors([id])[id], atol=1e-6)
        else:
            assert np.array_equal(vector, other.vectors([id])[id])
    assert small_store.lexical(["rebels", "homs."], 5) == other.lexical(["rebels", "homs."], 5)
    back = tmp_path / "back.factcheck"
    other.export(back)
    with zipfile.ZipFile(exported) as a, zipfile.ZipFile(back) as b:
        same = a.namelist()[:2] if other.place.mirrored else a.namelist()
        for name in same:
            assert a.read(name) == b.read(name), name


def test_an_import_adds_to_what_is_there(
    exported: Path, make_any: Make, report: Report, tmp_path: Path
) -> None:
    where = None if make_any().place.mirrored else tmp_path / "other"
    other = make_any(None, where)
    other.add([report("R1", "Older words."), report("X1", "Another.")])
    moved = other.take(exported)
    assert (moved.new, moved.changed, moved.unchanged) == (3, 1, 0)
    assert [r.id for r in other.references()] == ["R1", "R2", "R3", "S1", "X1"]
    assert other.lexical(["older"], 5) == []
    again = other.take(exported)
    assert (again.new, again.changed, again.unchanged) == (0, 0, 4)


def test_another_model_or_construction_embeds_again(
    exported: Path, make_store: Make, tmp_path: Path
) -> None:
    for embedder, more in ((HashEmbedder("hash-2", 8), {}), (HashEmbedder(), {"layout": 2})):
        other = make_store(embedder, tmp_path / f"o{embedder.dim}{len(more)}", by_pairs, **more)
        moved = other.take(exported)
        assert moved.embedded_again
        assert len(embedder.seen) == 7
        assert len(other.lexical(["pair"], 9)) == 7


def damaged(source: Path, target: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    with zipfile.ZipFile(source) as archive:
        members = {n: archive.read(n) for n in archive.namelist()}
    change(members)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return target


def manifest(**changed: Any) -> Callable[[dict[str, bytes]], None]:
    def change(members: dict[str, bytes]) -> None:
        fields = json.loads(members["manifest.json"])
        fields.update(changed)
        members["manifest.json"] = json.dumps(fields).encode()

    return change


def forged(members: dict[str, bytes]) -> None:
    """A report's words changed, and the hash of the member made right again."""
    import hashlib

    data = members["reports.jsonl"].replace(b"Rebels", b"Nobody")
    assert data != members["reports.jsonl"]
    fields = json.loads(members["manifest.json"])
    about = {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    fields["members"]["reports.jsonl"] = about
    members["reports.jsonl"] = data
    members["manifest.json"] = json.dumps(fields).encode()


@pytest.mark.parametrize(
    "change",
    [
        lambda m: m.pop("vectors.f32"),
        lambda m: m.update({"../escape": b"x"}),
        lambda m: m.update({"vectors.f32": m["vectors.f32"][:-4]}),
        lambda m: m.update({"reports.jsonl": m["reports.jsonl"].replace(b"Rebels", b"Nobody")}),
        lambda m: m.update({"reports.jsonl": b"\0" * 30_000_000}),
        lambda m: m.update({"manifest.json": b"{}"}),
        lambda m: m.update({"manifest.json": b"[" * 100_000}),
        manifest(version=99),
        manifest(format="other"),
        manifest(members={}),
        manifest(dimension=3),
        forged,
    ],
    ids=range(12),
)
def test_a_file_that_is_not_right_is_refused(
    exported: Path, make_store: Make, tmp_path: Path, change: Callable[[dict[str, bytes]], None]
) -> None:
    bad = damaged(exported, tmp_path / "bad", change)
    other = make_store(where=tmp_path / "other")
    with pytest.raises(InputError) as caught:
        other.take(bad)
    assert "bad" in str(caught.value)
    assert caught.value.hint
    whole = {r.id for r in other.references()}
    assert whole <= {"R1", "R2", "R3", "S1"}
    for reference in other.references():
        assert len(other.passages_of(reference)) == len(reference.text.split("\n"))


@pytest.mark.parametrize("data", [b"", b"no zip at all" * 100, b"PK\x03\x04" + b"\0" * 500])
def test_what_is_no_archive_is_refused(make_store: Make, tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "file"
    file.write_bytes(data)
    with pytest.raises(InputError):
        make_store().take(file)
    with pytest.raises(InputError, match="does not exist"):
        make_store().take(tmp_path / "nothing")


def test_nobody_writes_while_a_store_is_exported(
    small_store: Store, make_store: Make, tmp_path: Path
) -> None:
    other = make_store()
    seen: list[str] = []

    def look(*_: int) -> None:
        with pytest.raises(StoreBusy), other.writing(wait=0.05):
            pass
        seen.append(other.fingerprint())  # reading goes on

    small_store.export(tmp_path / "file", look)
    assert seen and set(seen) == {small_store.fingerprint()}
    with other.writing(wait=0.05):
        pass


def test_a_folder_that_cannot_be_written_is_exported(
    small_store: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    small_store.close()
    monkeypatch.setattr(Folder, "read_only", True)
    assert small_store.export(tmp_path / "file").references == 3


def test_an_export_is_written_whole_or_not(small_store: Store, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot write"):
        small_store.export(tmp_path / "no" / "such" / "folder")
    assert [p.name for p in tmp_path.glob("*.part")] == []
