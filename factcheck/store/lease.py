"""The right to be the only writer of a store on a server.

Chroma has no locks, but `add` leaves an id alone that is there: so whoever adds `l/N` first, N being
one more than the last lease that has ended, is the Nth writer. Times are the server's.
"""

from __future__ import annotations

import secrets
import threading
import time
from contextlib import suppress
from typing import Any

from factcheck.errors import StoreBusy, StoreError
from factcheck.store.remote import Remote, spread

_LEASE = 30.0  # seconds that a lease lasts without being renewed
_POLL = 0.25
_JOIN = 10.0


class Lease:
    """The Nth lease, renewed by a thread of its own while it is held."""

    def __init__(self, remote: Remote, number: int, holder: str) -> None:
        self._remote, self.number, self.holder = remote, number, holder
        self.id = _id(number)
        self.lost = False
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._renew, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._over.set()
        self._thread.join(timeout=_JOIN)

    def end(self) -> None:
        """Give the lease back."""
        if not self.lost:
            self._write(self._remote, 0.0)

    def check(self) -> None:
        """Raise StoreError when another writer has taken over."""
        nobody = not self._remote.get([_id(self.number + 1)])
        if self.lost or not nobody:
            self.lost = True
            raise StoreError(
                f"the store {self._remote.name} was taken over by another writer: this machine had"
                " been silent for too long",
                hint="Run the same command again.",
            )

    def _renew(self) -> None:
        remote = self._remote.again()
        try:
            while not self._over.wait(_LEASE / 4):
                with suppress(Exception):  # tried again; the next write finds out if it was lost
                    self._write(remote, remote.now() + _LEASE)
        finally:
            remote.close()

    def _write(self, remote: Remote, until: float) -> None:
        remote.collection().update(
            ids=[self.id], metadatas=[_about(self.number, self.holder, until)]
        )


def take(remote: Remote, wait: float) -> Lease:
    """The next lease. Raises StoreBusy where another writer keeps the last one for `wait` seconds."""
    deadline = time.monotonic() + wait
    holder = secrets.token_hex(8)
    while True:
        now = remote.now()
        leases = remote.collection().get(where={"what": "lease"}, include=["metadatas"])
        last = max(leases["metadatas"], key=lambda m: m["number"], default=None)
        if last is None or last["until"] < now:
            number = last["number"] + 1 if last else 1
            id = _id(number)
            remote.collection().add(
                ids=[id],
                embeddings=[spread(id)],
                metadatas=[_about(number, holder, now + _LEASE)],
            )
            if remote.get([id])[id][0]["holder"] == holder:
                old = [i for i in leases["ids"] if i != id]
                if old:
                    remote.collection().delete(ids=old)
                return Lease(remote, number, holder)
        if time.monotonic() > deadline:
            raise StoreBusy(
                f"the store {remote.name} is being written to by another process",
                hint="Wait until it is done (a writer that died is forgotten after"
                f" {_LEASE:.0f} seconds), or use another one with --store.",
            )
        time.sleep(_POLL)


def _id(number: int) -> str:
    return f"l/{number:012d}"


def _about(number: int, holder: str, until: float) -> dict[str, Any]:
    return {"what": "lease", "number": number, "holder": holder, "until": until}
