"""A word to leave off that a signal handler may give."""

from __future__ import annotations

import time

_LOOK = 0.05  # seconds between two looks while waiting


class Stop:
    """Said by one thread, heard by others, without a lock.

    `threading.Event` has one, and an interrupt that comes in the middle of its `set` (a second Ctrl-C
    while the first is answered) can leave it taken for ever: whoever says it again then hangs.
    """

    def __init__(self) -> None:
        self._said = False

    def set(self) -> None:
        self._said = True

    def clear(self) -> None:
        self._said = False

    def is_set(self) -> bool:
        return self._said

    def wait(self, seconds: float) -> bool:
        """Sleep for so long, or until it is said; whether it is."""
        end = time.monotonic() + seconds
        while not self._said and (left := end - time.monotonic()) > 0:
            time.sleep(min(left, _LOOK))
        return self._said
