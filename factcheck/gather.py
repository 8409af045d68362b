"""Reports gathered from files, folders, patterns and addresses, before anything is stored.

What a folder holds that no reader knows is passed over and listed; hidden files, and links that lead
back into where they came from, are not looked at. A report that cannot be read is an error of its
own: the others are read all the same, so that all errors can be told at once.
"""

from __future__ import annotations

import glob
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from factcheck import readers
from factcheck.errors import InputError, UsageError
from factcheck.files import decode, read_bytes
from factcheck.models import Reference
from factcheck.readers import Document, matter
from factcheck.refs import SIDECAR, Given, reference, sidecar_of, twice

if TYPE_CHECKING:
    from factcheck.fetch import Fetcher

_ONE = ("id", "title", "url")  # what can be given for one report only
_PATTERN = frozenset("*?[")

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Gathered:
    """What was read. `passed_over` are files of no known kind, `remarks` what the readers left out."""

    references: tuple[Reference, ...]
    errors: tuple[InputError, ...]
    passed_over: tuple[Path, ...]
    remarks: tuple[str, ...]


@dataclass
class _Found:
    """The files and addresses to read, in order, each once."""

    items: list[str] = field(default_factory=list)
    passed_over: list[Path] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)

    def add(self, item: str) -> None:
        key = item if _is_address(item) else os.path.realpath(item)
        if key not in self.seen:
            self.seen.add(key)
            self.items.append(item)


def gather(
    sources: Sequence[str],
    given: Given | None = None,
    *,
    allow_local: bool = False,
    progress: Progress | None = None,
    fetcher: Fetcher | None = None,
) -> Gathered:
    """Read everything that `sources` name: files, folders, patterns ("reports/*.pdf"), addresses.

    Raises InputError for a path that does not exist and where there is nothing to read, UsageError
    where one title, id or address is given for several reports. `fetcher` is for tests.
    """
    from factcheck.fetch import Fetcher

    given = given or Given()
    found = find(sources)
    references: list[Reference] = []
    errors: list[InputError] = []
    remarks: list[str] = []
    seen: dict[str, str] = {}
    with fetcher or Fetcher(allow_local=allow_local) as door:
        for n, item in enumerate(found.items):
            if progress:
                progress(n, len(found.items))
            for read in _documents(item, given, door):
                if isinstance(read, InputError):
                    errors.append(read)
                    continue
                document, retrieved = read
                remarks += (f"{document.place or item}: {r}" for r in document.remarks)
                try:
                    made = replace(reference(document, name=item, given=given), retrieved=retrieved)
                    twice(seen, made.id, document.place or item)
                    references.append(made)
                except InputError as error:
                    errors.append(error)
    _one_only(given, len(references) + len(errors))
    return Gathered(tuple(references), tuple(errors), tuple(found.passed_over), tuple(remarks))


def _one_only(given: Given, count: int) -> None:
    for key in _ONE:
        if key in given.fields and count > 1:
            raise UsageError(
                f"--{key} is given for {count} reports",
                hint="Give it for one report at a time, or write it into each file.",
            )


def _documents(
    item: str, given: Given, door: Fetcher
) -> Iterator[tuple[Document, str | None] | InputError]:
    """The documents of a file or an address, and the errors of those that cannot be read."""
    try:
        if _is_address(item):
            got = door.get(item)
            found = readers.read_many(
                got.data, name=item, content_type=got.content_type, charset=got.charset,
                address=got.final_url, encoding=given.encoding, mapping=given.mapping,
            )  # fmt: skip
            retrieved = got.retrieved
        else:
            path = Path(item)
            data = read_bytes(path, what="a report", limit=readers.limit(item))
            found = readers.read_many(
                data, name=item, encoding=given.encoding, mapping=given.mapping
            )
            found, retrieved = _with_sidecar(path, found), None
        any_found = False
        for one in found:
            any_found = True
            yield one if isinstance(one, InputError) else (one, retrieved)
        if not any_found:
            yield InputError(f"{item} holds no report", hint="Is it only a head without rows?")
    except InputError as error:
        yield error


def _with_sidecar(
    path: Path, found: Iterator[Document | InputError]
) -> Iterator[Document | InputError]:
    """The documents of a file with what its sidecar says; it beats the file's own front matter."""
    fields, places = sidecar(path)
    for one in found:
        if fields and isinstance(one, Document):
            yield replace(one, fields={**one.fields, **fields}, places={**one.places, **places})
        else:
            yield one


def sidecar(path: Path) -> tuple[dict[str, object], dict[str, str]]:
    """The fields that NAME.meta.yaml beside a file gives, and where each stands."""
    beside = path.with_name(sidecar_of(path.name))
    if not beside.is_file():
        return {}, {}
    data = read_bytes(beside, what="a sidecar", limit=10 * readers.limits.MATTER)
    fields, lines = matter.parse(decode(data, name=str(beside)), name=str(beside))
    return fields, {key: f"{beside}, line {n}" for key, n in lines.items()}


# ---------------------------------------------------------------- finding files


def _is_address(source: str) -> bool:
    from factcheck.fetch import is_address

    return is_address(source)


def find(sources: Sequence[str]) -> _Found:
    """The files and addresses that `sources` name. Raises InputError where one names nothing."""
    found = _Found()
    for source in sources:
        path = Path(source)
        if _is_address(source):
            found.add(source)
        elif path.is_dir():
            _folder(path, found)
        elif path.exists():
            found.add(source)
        elif _PATTERN & set(source):
            _pattern(source, found)
        else:
            raise InputError(f"{source} does not exist", hint="Check the path.")
    return found


def _pattern(pattern: str, found: _Found) -> None:
    before = len(found.items)
    matches = sorted(glob.glob(pattern, recursive=True))  # noqa: PTH207 - hidden files are left out
    for match in matches:
        path = Path(match)
        if path.is_dir():
            if "**" not in pattern:
                _folder(path, found)
        elif readers.ending(match):
            found.add(match)
        elif not match.endswith(SIDECAR):
            found.passed_over.append(path)
    if len(found.items) == before and not any(os.path.realpath(m) in found.seen for m in matches):
        raise InputError(f"{pattern} matches no file that can be read", hint="Check the pattern.")


def _folder(folder: Path, found: _Found) -> None:
    before = len(found.passed_over)
    held = False
    for path in _walk(folder, set()):
        if readers.ending(path.name):
            found.add(str(path))
            held = True
        elif not path.name.endswith(SIDECAR):
            found.passed_over.append(path)
    if not held:
        other = len(found.passed_over) - before
        raise InputError(
            f"{folder} holds no .md files and none of another kind that can be read"
            + (f" ({other} others are passed over)" if other else ""),
            hint=f"Kinds: {', '.join(sorted(readers.ENDINGS))}.",
        )


def _walk(folder: Path, above: set[str]) -> Iterator[Path]:
    """The files below a folder in order of name. A link back to a folder above is not followed."""
    here = os.path.realpath(folder)
    if here in above:
        return
    try:
        inside = sorted(folder.iterdir(), key=lambda p: p.name)
    except OSError as error:
        raise InputError(
            f"cannot read {folder}: {error.strerror or error}", hint="Check its permissions."
        ) from error
    for path in inside:
        if path.name.startswith("."):
            continue
        if path.is_dir():
            yield from _walk(path, above | {here})
        elif path.is_file():
            yield path
