"""Errors of SQLite, Chroma and the file system as errors of the store."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from factcheck.errors import FactcheckError, StoreError

_FULL = ("disk is full", "no space left", "file too large", "disk quota")
_READ_ONLY = ("readonly database", "read-only", "permission denied", "readonly")
_LITTLE = 1_000_000  # bytes; with fewer left a failure is one of room
_ELSEWHERE = "or use another one with --store DIR."


def failed(place: str, what: str, error: BaseException) -> StoreError:
    """The StoreError for a failure: `what` says what the store could not do."""
    reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
    low = f"{reason} {error}".casefold()
    number = getattr(error, "errno", None)
    if "://" in place:
        hint = "Check that the server is running and that its disk is not full; then try again."
    elif (
        number in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
        or any(w in low for w in _FULL)
        or _is_full(place)
    ):
        hint = f"The disk is full: free some space and run the same command again, {_ELSEWHERE}"
    elif number in (errno.EROFS, errno.EACCES, errno.EPERM) or any(w in low for w in _READ_ONLY):
        hint = f"The folder cannot be written: change its permissions, {_ELSEWHERE}"
    else:
        hint = f"Check the folder and its permissions, {_ELSEWHERE}"
    return StoreError(f"the store {place} {what}: {reason}", hint=hint)


def _is_full(place: str) -> bool:
    """Whether a folder's disk has no room left: Chroma does not always say so itself."""
    try:
        return shutil.disk_usage(place).free < _LITTLE
    except OSError:
        return False


@contextmanager
def guarded(place: str, what: str) -> Iterator[None]:
    """Turn whatever fails inside into a StoreError; errors of ours pass as they are."""
    try:
        yield
    except FactcheckError:
        raise
    except Exception as error:
        raise failed(place, what, error) from error
