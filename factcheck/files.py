"""Files the program brings along, and files it writes: read in one way, written whole or not."""

from __future__ import annotations

import codecs
import os
import re
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from functools import lru_cache
from importlib import resources
from pathlib import Path

from factcheck.errors import ConfigError, InputError, UsageError
from factcheck.text.language import identify


@lru_cache(maxsize=8)
def shipped(kind: str) -> Path:
    """The folder of shipped "prompts" or "seeds": in the wheel, or beside it in a checkout.

    Raises ConfigError when neither is there.
    """
    package = Path(str(resources.files("factcheck")))
    for folder in (package / f"_{kind}", package.parent / kind):
        if folder.is_dir():
            return folder
    raise ConfigError(f"the program's own {kind} are missing", hint="Install factcheck again.")


def write_whole(path: Path, data: str | bytes) -> None:
    """Write `data` to `path` by way of a temporary file, so that nobody sees half a file.

    Text is written as UTF-8, its line ends as they are.

    Raises InputError when the place cannot be written.
    """
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    except OSError as error:
        raise InputError(
            f"cannot write {path}: {error.strerror or error}",
            hint="Choose a folder that exists and that you may write to.",
        ) from error
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(data.encode("utf-8") if isinstance(data, str) else data)
        if path.exists():
            temporary.chmod(path.stat().st_mode & 0o777)
        else:
            mask = os.umask(0)
            os.umask(mask)
            temporary.chmod(0o666 & ~mask)
        temporary.replace(path)
    except (OSError, UnicodeError) as error:
        temporary.unlink(missing_ok=True)
        raise InputError(
            f"cannot write {path}: {getattr(error, 'strerror', None) or error}",
            hint="Choose a file in a folder that exists and that you may write to.",
        ) from error


def read_bytes(path: Path, *, what: str, limit: int) -> bytes:
    """The bytes of a file. Raises InputError when it is missing, a folder, too large or empty."""
    try:
        if path.is_dir():
            raise InputError(f"{path} is a folder, not {what}", hint="Name a file in it.")
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size  # 0 of a pipe and of a device without end
            data = b"" if size > limit else file.read(limit + 1)
        if max(size, len(data)) > limit:
            raise InputError(
                f"{path} has {max(size, len(data)) / 1e6:.1f} MB; {what} may have {limit / 1e6:.0f} MB",
                hint="Split it, or pass the text alone.",
            )
    except FileNotFoundError as error:
        raise InputError(f"{path} does not exist", hint="Check the path.") from error
    except OSError as error:
        raise InputError(
            f"cannot read {path}: {error.strerror or error}", hint="Check the file's permissions."
        ) from error
    if not data.strip():
        raise InputError(f"{path} is empty", hint=f"Give {what} with text in it.")
    return data


def decode(
    data: bytes, *, name: str, encoding: str | None = None, called: Sequence[str | None] = ()
) -> str:
    """Text out of bytes: UTF-8, UTF-16/32 by its mark, else what it is `called` (by a server, by
    itself), else the most likely old encoding.

    With `encoding` it is that one and no other. Raises InputError for binary data and where no
    encoding fits, UsageError for an `encoding` that does not exist.
    """
    if encoding:
        return _in(data, encoding, name)
    for mark, unicode in (
        (b"\xef\xbb\xbf", "utf-8-sig"),
        (b"\xff\xfe\x00\x00", "utf-32"),
        (b"\x00\x00\xfe\xff", "utf-32"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
    ):
        if data.startswith(mark):
            try:
                return data.decode(unicode)
            except UnicodeDecodeError:
                break
    try:
        return _text(data.decode("utf-8"), name)
    except UnicodeDecodeError:
        pass
    for said in filter(None, called):
        with suppress(InputError, UsageError):
            return _in(data, said, name)
    return _text(_guess(data, name), name)


def _in(data: bytes, encoding: str, name: str) -> str:
    try:
        codec = codecs.lookup(encoding)
        if not codec._is_text_encoding:
            raise LookupError(encoding)
        return _text(data.decode(encoding).removeprefix("\ufeff"), name)
    except UnicodeError as error:
        raise InputError(
            f"{name} is not in {encoding}: byte {getattr(error, 'start', 0)} does not fit",
            hint="Leave --encoding out, or name another one.",
        ) from error
    except (LookupError, ValueError) as error:
        raise UsageError(
            f"`{encoding}` is no encoding", hint="For example utf-8, cp1256 or latin-1."
        ) from error


_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")  # but for tab, line ends and escape


def _text(text: str, name: str) -> str:
    controls = len(_CONTROLS.findall(text[:20_000]))
    if controls > 0.01 * min(len(text), 20_000):
        raise InputError(
            f"{name} is not text (it looks like a binary file)",
            hint="Give a plain text, Markdown or HTML file.",
        )
    return text


# Old encodings of Latin letters, and the languages written in each. Every byte is some letter in all of
# them, so only the language of the outcome tells which one a file is in.
_OLD = {
    "cp1252": frozenset("en fr es de it pt nl id".split()),
    "cp1254": frozenset(("tr",)),
    "cp1250": frozenset(("cs", "pl", "hu", "hr")),
}
_LATIN = 0.7  # share of plain letters that any text in Latin script has


def _guess(data: bytes, name: str) -> str:
    from charset_normalizer import from_bytes

    letters = [c for c in data.decode("latin-1") if c.isalpha()]
    if b"\x00" not in data and sum(c.isascii() for c in letters) > _LATIN * len(letters):
        for encoding, languages in _OLD.items():
            with suppress(UnicodeDecodeError):
                text = data.decode(encoding)
                if identify(text, more=tuple(sorted(_OLD["cp1250"]))) in languages:
                    return text
    best = None if b"\x00" in data[:4096] else from_bytes(data[:200_000]).best()
    if best is not None:
        try:
            return data.decode(best.encoding)
        except UnicodeDecodeError:
            pass
    raise InputError(
        f"{name} is neither UTF-8 nor any encoding that could be recognised",
        hint="Save it as UTF-8 text and try again.",
    )
