"""Files the program brings along, and files it writes: read in one way, written whole or not."""

from __future__ import annotations

import os
import tempfile
from importlib import resources
from pathlib import Path

from factcheck.errors import ConfigError, InputError


def shipped(kind: str) -> Path:
    """The folder of shipped "prompts" or "seeds": in the wheel, or beside it in a checkout.

    Raises ConfigError when neither is there.
    """
    package = Path(str(resources.files("factcheck")))
    for folder in (package / f"_{kind}", package.parent / kind):
        if folder.is_dir():
            return folder
    raise ConfigError(f"the program's own {kind} are missing", hint="Install factcheck again.")


def write_whole(path: Path, data: str) -> None:
    """Write `data` to `path` by way of a temporary file, so that nobody sees half a file.

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
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as out:
            out.write(data)
        if path.exists():
            temporary.chmod(path.stat().st_mode & 0o777)
        else:
            mask = os.umask(0)
            os.umask(mask)
            temporary.chmod(0o666 & ~mask)
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise InputError(
            f"cannot write {path}: {error.strerror or error}",
            hint="Choose a file in a folder that exists and that you may write to.",
        ) from error


def read_bytes(path: Path, *, what: str, limit: int) -> bytes:
    """The bytes of a file. Raises InputError when it is missing, a folder, too large or empty."""
    try:
        if path.is_dir():
            raise InputError(f"{path} is a folder, not {what}", hint="Name a file in it.")
        size = path.stat().st_size
        if size > limit:
            raise InputError(
                f"{path} has {size / 1e6:.1f} MB; {what} may have {limit / 1e6:.0f} MB",
                hint="Split it, or pass the text alone.",
            )
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise InputError(f"{path} does not exist", hint="Check the path.") from error
    except OSError as error:
        raise InputError(
            f"cannot read {path}: {error.strerror or error}", hint="Check the file's permissions."
        ) from error
    if not data.strip():
        raise InputError(f"{path} is empty", hint=f"Give {what} with text in it.")
    return data


def decode(data: bytes, *, name: str) -> str:
    """Text out of bytes: UTF-8, UTF-16/32 by its mark, else the most likely old encoding.

    Raises InputError for binary data and where no encoding fits.
    """
    for mark, encoding in (
        (b"\xef\xbb\xbf", "utf-8-sig"),
        (b"\xff\xfe\x00\x00", "utf-32"),
        (b"\x00\x00\xfe\xff", "utf-32"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
    ):
        if data.startswith(mark):
            try:
                return data.decode(encoding)
            except UnicodeDecodeError:
                break
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = _guess(data, name)
    controls = sum(c < " " and c not in "\t\n\r\f\x1b" for c in text[:20_000])
    if controls > 0.01 * min(len(text), 20_000):
        raise InputError(
            f"{name} is not text (it looks like a binary file)",
            hint="Give a plain text, Markdown or HTML file.",
        )
    return text


def _guess(data: bytes, name: str) -> str:
    from charset_normalizer import from_bytes

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
