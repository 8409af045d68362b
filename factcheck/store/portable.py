"""One file with everything in a store: for a backup, and for moving to a server.

A zip archive of four members:

    manifest.json     format and version, embedding, layout, counts, fingerprint, hashes of the rest
    reports.jsonl     {"digest", "starter", "fields"} a line, by id
    passages.jsonl    {"reference", "passages": [[id, start, stop, keys], ...]} a line, in that order
    vectors.f32       the passages' vectors in that order, little-endian

Nothing is unpacked to disk, no member may be larger than the manifest says, and nothing is believed
before its hash is right.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import numpy as np

from factcheck.errors import FactcheckError, InputError
from factcheck.store import filling
from factcheck.store.faults import guarded
from factcheck.store.filling import Group
from factcheck.store.records import Filed, Progress, Record, dump, restore

if TYPE_CHECKING:
    from factcheck.store.door import Store

FORMAT, VERSION = "factcheck.collection", 1
_REPORTS, _PASSAGES, _VECTORS = "reports.jsonl", "passages.jsonl", "vectors.f32"
_MEMBERS = (_REPORTS, _PASSAGES, _VECTORS)
_LINE = 64_000_000  # bytes of a report
_RATIO = 100  # how much larger than the file its contents may be
_KEPT = ("starter",)  # values of the store's own that go along
_HINT = "Export it again: factcheck refs export FILE."


@dataclass(frozen=True, slots=True)
class Moved:
    """What an export or an import held, and did. `embedded_again`: the file's vectors are of
    another model or construction and were not used."""

    references: int
    passages: int
    fingerprint: str
    embedding: str
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    embedded_again: bool = False


# ---------------------------------------------------------------- out


def export(store: Store, file: Path, progress: Progress | None) -> Moved:
    """Write the store into a file, whole or not at all. Nobody writes to it meanwhile: what is
    written belongs together."""
    temporary = file.with_name(f".{file.name}.part")
    alone = nullcontext(store) if store.place.read_only else store.writing()
    try:
        with (
            alone,
            zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive,
        ):
            moved = _write(store, archive, progress)
        temporary.replace(file)
    except OSError as error:
        raise InputError(
            f"cannot write {file}: {error.strerror or error}",
            hint="Choose a file in a folder that exists, may be written and has room.",
        ) from error
    finally:
        temporary.unlink(missing_ok=True)
    return moved


def _write(store: Store, archive: zipfile.ZipFile, progress: Progress | None) -> Moved:
    with guarded(store.place.name, "cannot be read"):
        catalogue = store._open()
        edition, starters = store._editions.current, catalogue.starters()
        digests = catalogue.digests()
    manifest: dict[str, Any] = {
        "format": FORMAT, "version": VERSION, "embedding": edition.embedding,
        "layout": edition.layout, "dimension": 0, "references": 0, "passages": 0,
        "fingerprint": store.fingerprint(), "members": {},
        "meta": {k: v for k in _KEPT if (v := store.meta(k)) is not None},
    }  # fmt: skip
    with _Member(archive, _REPORTS, manifest) as out:
        for id, digest in digests.items():
            reference = store.reference(id)
            assert reference is not None
            row = {"digest": digest, "starter": id in starters, "fields": dump(reference)}
            out.line(row)
            manifest["references"] += 1
    total = catalogue.passage_count(edition.number)
    with _Member(archive, _PASSAGES, manifest) as out:
        for id in digests:
            filed = [f for _, f in catalogue.filed(edition.number, id)]
            out.line(
                {"reference": id, "passages": [[f.id, f.start, f.stop, f.keys] for f in filed]}
            )
            manifest["passages"] += len(filed)
    with _Member(archive, _VECTORS, manifest, stored=True) as out:
        if edition.embedding != "none":
            done = 0
            for id in digests:
                ids = [f.id for _, f in catalogue.filed(edition.number, id)]
                vectors = store.vectors(ids)
                for i in ids:
                    out.write(np.asarray(vectors[i], "<f4").tobytes())
                    manifest["dimension"] = len(vectors[i])
                done += len(ids)
                if progress and ids:
                    progress(done, total)
    archive.writestr("manifest.json", json.dumps(manifest, ensure_ascii=False, indent=2))
    return Moved(
        manifest["references"], manifest["passages"], manifest["fingerprint"], edition.embedding
    )


class _Member:
    """A member being written; its size and hash go into the manifest."""

    def __init__(
        self, archive: zipfile.ZipFile, name: str, manifest: dict[str, Any], *, stored: bool = False
    ) -> None:
        info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
        info.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
        self._out = archive.open(info, "w", force_zip64=True)
        self._name, self._manifest = name, manifest
        self._hash, self._size = hashlib.sha256(), 0

    def __enter__(self) -> _Member:
        return self

    def __exit__(self, *_: object) -> None:
        self._out.close()
        about = {"bytes": self._size, "sha256": self._hash.hexdigest()}
        self._manifest["members"][self._name] = about

    def write(self, data: bytes) -> None:
        self._out.write(data)
        self._hash.update(data)
        self._size += len(data)

    def line(self, row: dict[str, Any]) -> None:
        self.write((json.dumps(row, ensure_ascii=False) + "\n").encode("utf-8", "surrogatepass"))


# ---------------------------------------------------------------- in


def take(store: Store, file: Path, progress: Progress | None) -> Moved:
    """Add what a file holds. Its hashes are checked before anything is stored."""
    try:
        with zipfile.ZipFile(file) as archive:
            manifest = _manifest(archive, file)
            for name in _MEMBERS:
                _check(archive, name, manifest, file)
            return _store(store, archive, manifest, file, progress)
    except FactcheckError:
        raise
    except FileNotFoundError as error:
        raise InputError(f"{file} does not exist", hint="Check the path.") from error
    except (OSError, zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise InputError(f"{file} cannot be read: {error}", hint=_HINT) from error
    except (ValueError, KeyError, TypeError, IndexError, RecursionError) as error:
        raise _broken(file, f"{type(error).__name__}: {error}") from error


def _broken(file: Path, what: str) -> InputError:
    return InputError(f"{file} is no export of a collection, or a damaged one ({what})", hint=_HINT)


def _manifest(archive: zipfile.ZipFile, file: Path) -> dict[str, Any]:
    names = archive.namelist()
    if sorted(names) != sorted(("manifest.json", *_MEMBERS)):
        raise _broken(file, "other members than four are in it")
    if sum(i.file_size for i in archive.infolist()) > _RATIO * max(file.stat().st_size, 1):
        raise _broken(file, f"it would unpack to more than {_RATIO} times its size")
    with archive.open("manifest.json") as source:
        manifest: dict[str, Any] = json.loads(source.read(1_000_000))
    if manifest.get("format") != FORMAT:
        raise _broken(file, "the manifest is of something else")
    if manifest.get("version") != VERSION:
        raise InputError(
            f"{file} is of version {manifest.get('version')}, not {VERSION}",
            hint="Import it with the version of factcheck that wrote it, or a newer one.",
        )
    size = 4 * int(manifest["passages"]) * int(manifest["dimension"])
    if manifest["members"][_VECTORS]["bytes"] != size:
        raise _broken(file, "the vectors do not fit the passages")
    return manifest


def _check(archive: zipfile.ZipFile, name: str, manifest: dict[str, Any], file: Path) -> None:
    about = manifest["members"][name]
    hash_, size = hashlib.sha256(), 0
    with archive.open(name) as source:
        while block := source.read(1 << 20):
            size += len(block)
            if size > about["bytes"]:
                break
            hash_.update(block)
    if size != about["bytes"] or hash_.hexdigest() != about["sha256"]:
        raise _broken(file, f"{name} is not what the manifest says")


def _lines(source: IO[bytes]) -> Iterator[dict[str, Any]]:
    while line := source.readline(_LINE + 1):
        if len(line) > _LINE:
            raise ValueError("a line without end")
        row = json.loads(line.decode("utf-8", "surrogatepass"))
        if not isinstance(row, dict):
            raise TypeError("a line that is no object")
        yield row


def _record(row: dict[str, Any]) -> Record:
    """A record out of a line, taken apart and put together again: what it says is checked."""
    made = Record.of(restore(str(row["fields"])), starter=bool(row["starter"]))
    if made.digest != row["digest"]:
        raise ValueError(f"the hash of {made.id} is not right")
    return made


def _store(
    store: Store,
    archive: zipfile.ZipFile,
    manifest: dict[str, Any],
    file: Path,
    progress: Progress | None,
) -> Moved:
    with archive.open(_REPORTS) as source:
        records = [_record(row) for row in _lines(source)]
    with store.writing():
        catalogue = store._open()
        if catalogue.is_empty():
            for key in _KEPT:
                if key in manifest["meta"]:
                    store.set_meta(key, str(manifest["meta"][key]))
        known = catalogue.digests()
        fresh = [r for r in records if known.get(r.id) != r.digest]
        changed = sum(r.id in known for r in fresh)
        edition = store._editions.current
        same = (edition.embedding, edition.layout) == (manifest["embedding"], manifest["layout"])
        filling.begin(store, fresh)
        if same:
            wanted = {r.id: r.digest for r in fresh}
            total = int(manifest["passages"])
            done = 0
            for group, vectors in _groups(archive, manifest, wanted):
                filling.save(store, edition, group, vectors, ready=True)
                done += group.passages
                if progress:
                    progress(done, total)
        filling.finish(store, progress)
        return Moved(
            len(records), int(manifest["passages"]), store.fingerprint(), edition.embedding,
            len(fresh) - changed, changed, len(records) - len(fresh),
            embedded_again=not same and bool(fresh),
        )  # fmt: skip


def _groups(
    archive: zipfile.ZipFile, manifest: dict[str, Any], wanted: dict[str, str]
) -> Iterator[tuple[Group, filling.Vectors]]:
    """The passages of the wanted reports with their vectors, in groups."""
    dim = int(manifest["dimension"])
    group = Group()
    rows: list[filling.Vectors] = []
    with archive.open(_PASSAGES) as source, archive.open(_VECTORS) as numbers:
        for row in _lines(source):
            filed = [
                Filed(str(i), int(a), int(b), tuple(keys)) for i, a, b, keys in row["passages"]
            ]
            data = numbers.read(4 * dim * len(filed))
            if len(data) != 4 * dim * len(filed):
                raise ValueError("fewer vectors than passages")
            if row["reference"] not in wanted:
                continue
            vectors = np.frombuffer(data, "<f4").astype(np.float32).reshape(len(filed), dim)
            if not np.isfinite(vectors).all():
                raise ValueError("a vector with something in it that is no number")
            group.reports.append((row["reference"], wanted[row["reference"]], filed))
            rows.append(vectors)
            if group.passages >= filling.GROUP:
                yield group, np.concatenate(rows)
                group, rows = Group(), []
    if group.reports:
        yield group, np.concatenate(rows)
