"""Conversations on disk, saved as they go: one file each, named by when it began."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from platformdirs import user_state_path

from factcheck.errors import InputError


@dataclass(frozen=True, slots=True)
class Kept:
    """A saved conversation: its id, when it was saved, and what it is about."""

    id: str
    path: Path
    saved: str
    title: str
    claims: int
    turns: int


def folder() -> Path:
    """Where conversations are kept: FACTCHECK_SESSIONS, or the user's state folder."""
    given = os.environ.get("FACTCHECK_SESSIONS")
    return Path(given).expanduser() if given else user_state_path("factcheck") / "sessions"


def new_path() -> Path:
    """A file for a conversation that begins now."""
    home = folder()
    try:
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise InputError(
            f"conversations cannot be kept in {home}: {error.strerror or error}",
            hint="Name another folder with FACTCHECK_SESSIONS.",
        ) from error
    stem = f"{datetime.now():%Y%m%d-%H%M%S}-{os.getpid()}"
    path, n = home / f"{stem}.json", 1
    while path.exists():
        n += 1
        path = home / f"{stem}-{n}.json"
    return path


def kept() -> list[Kept]:
    """All conversations, the latest first; files that cannot be read are passed over."""
    found = []
    for path in folder().glob("*.json"):
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
            note = data["note"]
            title = (
                note and (note["article"]["title"] or note["article"]["text"])
            ) or "(no article)"
            found.append(Kept(
                id=path.stem, path=path, saved=str(data["saved"]),
                title=" ".join(str(title).split())[:70],
                claims=len(note["claims"]) if note else 0, turns=len(data["turns"]),
            ))  # fmt: skip
        except (OSError, ValueError, KeyError, TypeError):
            continue
    return sorted(found, key=lambda k: (k.saved, k.id), reverse=True)


def path_of(id: str) -> Path:
    """The file of a conversation, by its id or the beginning of it. Raises InputError."""
    matching = [k for k in kept() if k.id.startswith(id)]
    exact = [k for k in matching if k.id == id]
    if len(exact or matching) == 1:
        return (exact or matching)[0].path
    raise InputError(
        f"no conversation `{id}`" if not matching else f"`{id}` fits {len(matching)} conversations",
        hint="See `factcheck chat --list`.",
    )


def latest() -> Path:
    """The conversation that was saved last. Raises InputError when there is none."""
    found = kept()
    if not found:
        raise InputError("no conversation was kept yet", hint="Begin one: factcheck chat ARTICLE.")
    return found[0].path
