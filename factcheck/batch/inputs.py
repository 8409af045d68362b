"""What a batch is to check: files, folders, patterns, lists and addresses, each under a stable name."""

from __future__ import annotations

import glob
import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from factcheck.errors import InputError, UsageError
from factcheck.files import decode, read_bytes
from factcheck.readers.formats import ENDINGS, TABLES

# What is looked for in folders: whatever can be read, but for tables, which are many texts.
SUFFIXES = tuple(end for end, format in ENDINGS.items() if format not in TABLES)
_LIST_LIMIT = 5_000_000  # bytes of a list of articles
_LONGEST = 80  # characters of a note's name
_BYTES = 120
_OURS = ("index", "journal")  # names of the batch's own files


def expand(arguments: Iterable[str], *, without: Path) -> list[str]:
    """The articles that the arguments name, each once, in order.

    A folder stands for the articles below it, a pattern for what it matches, `@FILE` for the lines
    of a list. Nothing below the folder `without` (where the notes go) is an article. A single file
    that is not there stays in, and fails as one article among others. Raises InputError for a
    folder without articles, a pattern that matches nothing, a list that cannot be read.
    """
    return list(dict.fromkeys(_expanded(arguments, without.resolve(), ())))


def _expanded(arguments: Iterable[str], without: Path, inside: tuple[Path, ...]) -> Iterator[str]:
    for argument in arguments:
        path = Path(argument)
        if argument == "-":
            raise UsageError(
                "a batch does not read standard input", hint="Use `factcheck check -`, or a file."
            )
        if is_address(argument):
            yield argument
        elif path.is_dir():
            found = [p for p in sorted(path.rglob("*")) if _article(p, path, without)]
            if not found:
                raise InputError(
                    f"{path} holds no articles", hint=f"Looked for: {', '.join(SUFFIXES)}."
                )
            yield from map(str, found)
        elif path.exists():
            yield argument
        elif argument.startswith("@"):
            yield from _listed(Path(argument[1:]), without, inside)
        elif glob.has_magic(argument):
            matched = [
                m for m in sorted(glob.glob(argument, recursive=True))  # noqa: PTH207 - any depth
                if Path(m).is_file() and without not in Path(m).resolve().parents
            ]  # fmt: skip
            if not matched:
                raise InputError(f"nothing matches {argument}", hint="Check the pattern.")
            yield from matched
        else:
            yield argument


def is_address(text: str) -> bool:
    """The argument is a web address, not a file."""
    return text.lower().startswith(("http://", "https://"))


def _article(path: Path, root: Path, without: Path) -> bool:
    hidden = any(part.startswith(".") for part in path.relative_to(root).parts)
    return (
        path.suffix.lower() in SUFFIXES
        and not hidden
        and path.is_file()
        and without not in path.resolve().parents
    )


def _listed(path: Path, without: Path, inside: tuple[Path, ...]) -> Iterator[str]:
    """The lines of a list; names in it are looked for beside it."""
    if path.resolve() in inside:
        raise InputError(f"the list {path} names itself", hint="Take that line out.")
    text = decode(read_bytes(path, what="a list of articles", limit=_LIST_LIMIT), name=str(path))
    lines = [line.strip() for line in text.splitlines()]
    named = [line for line in lines if line and not line.startswith("#")]
    if not named:
        raise InputError(f"the list {path} names no article", hint="Write one a line.")
    beside = [n if is_address(n) or n.startswith("@") else str(path.parent / n) for n in named]
    return _expanded(beside, without, (*inside, path.resolve()))


def identity(source: str) -> str:
    """What an article is called in the journal: its address, or its whole path."""
    return source if is_address(source) else str(Path(source).absolute())


def names(
    sources: Sequence[str], taken: Mapping[str, str], there: Iterable[str] = ()
) -> dict[str, str]:
    """A file name, without its end, for each source; `taken` are those given before, by identity,
    `there` those of files that are none of ours.

    Two sources of one name are told apart by a few digits of a hash of where they are, so that a
    name depends on nothing that comes later.
    """
    out: dict[str, str] = {}
    used = {n.casefold() for n in (*taken.values(), *there, *_OURS)}
    for source in sources:
        name = taken.get(identity(source), "")
        if not name:
            name = _slug(source)
            if name.casefold() in used:
                digits = hashlib.sha256(identity(source).encode("utf-8", "surrogateescape"))
                name = f"{name}-{digits.hexdigest()[:8]}"
            used.add(name.casefold())
        out[source] = name
    return out


def _slug(source: str) -> str:
    if is_address(source):
        parts = [p for p in re.split(r"[?#]", source)[0].split("/")[2:] if p]
        stem = Path(parts[-1]).stem if len(parts) > 1 else "".join(parts)
    else:
        stem = Path(source).stem
    text = unicodedata.normalize("NFC", stem.encode("utf-8", "replace").decode("utf-8"))
    kept = "".join(c if c.isalnum() or c in "._-" else "-" for c in text)
    while "--" in kept:
        kept = kept.replace("--", "-")
    kept = kept.strip("-.")[:_LONGEST]
    while len(kept.encode()) > _BYTES:
        kept = kept[:-1]
    return kept.strip("-.") or "article"
