"""What goes into a store and comes out of it, and a report as JSON."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from factcheck.models import Passage, Reference, content_id

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Entry:
    """A sentence to be stored: its passage, the text to embed and the keys to index it under."""

    passage: Passage
    embed: str
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Added:
    """What an addition did: reports, the passages stored, those of them that had to be embedded,
    and the seconds that it all took."""

    new: int
    changed: int
    unchanged: int
    passages: int = 0
    embedded: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Reindexed:
    """What a reindexing did. `switched` is False where there was nothing to do."""

    before: str
    after: str
    references: int
    passages: int
    switched: bool


@dataclass(frozen=True, slots=True)
class Record:
    """A report as it is stored: its fields as JSON, text included."""

    id: str
    digest: str
    starter: bool
    fields: str

    @classmethod
    def of(cls, reference: Reference, *, starter: bool = False) -> Record:
        return cls(reference.id, digest(reference), starter, dump(reference))

    def reference(self) -> Reference:
        return restore(self.fields)


@dataclass(frozen=True, slots=True)
class Filed:
    """A passage as the catalogue keeps it: where it stands and what it is filed under."""

    id: str
    start: int
    stop: int
    keys: tuple[str, ...]

    @classmethod
    def of(cls, entry: Entry) -> Filed:
        p = entry.passage
        keys = tuple(dict.fromkeys(k.casefold() for k in entry.keys if k.strip()))
        return cls(p.id, p.start, p.end, keys)


class Spot(NamedTuple):
    """Where a passage stands: its row in the catalogue, and the offsets in its report."""

    id: str
    row: int
    report: str
    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class Edition:
    """One construction of the passages and their vectors. A store has one that serves, and while it
    is being reindexed a next one."""

    number: int
    embedding: str
    layout: int

    def to_json(self) -> dict[str, Any]:
        return {"number": self.number, "embedding": self.embedding, "layout": self.layout}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Edition:
        return cls(int(data["number"]), str(data["embedding"]), int(data["layout"]))


@dataclass(frozen=True, slots=True)
class Editions:
    """The edition that serves and the one being built. Kept as one value, so that the switch from
    one to the other is one write."""

    current: Edition
    next: Edition | None = None

    def all(self) -> tuple[Edition, ...]:
        return (self.current, self.next) if self.next else (self.current,)

    def dumped(self) -> str:
        after = self.next.to_json() if self.next else None
        return json.dumps({"current": self.current.to_json(), "next": after})

    @classmethod
    def loaded(cls, data: str) -> Editions:
        fields = json.loads(data)
        after = fields.get("next")
        return cls(
            Edition.from_json(fields["current"]), Edition.from_json(after) if after else None
        )


def digest(reference: Reference) -> str:
    """A hash over all that a report holds."""
    return content_id(dump(reference))


def dump(reference: Reference) -> str:
    """A report as JSON. What is empty of the later fields is left out: the hash of a report that
    was stored before they existed stays what it was."""
    fields = {
        f.name: getattr(reference, f.name)
        for f in dataclasses.fields(Reference)
        if f.name != "digest" and (f.name in _ALWAYS or getattr(reference, f.name) != f.default)
    }
    for key in ("published", "event_date"):
        fields[key] = fields[key].isoformat() if fields[key] else None
    return json.dumps(fields, ensure_ascii=False, sort_keys=True)


_ALWAYS = frozenset(
    "id publisher kind title text url published event_date language origins form licence".split()
)


def restore(data: str, text: str | None = None) -> Reference:
    """A report out of its JSON, with `text` where that is kept apart. Raises KeyError, TypeError or
    ValueError for any other JSON."""
    fields = json.loads(data)
    if text is not None:
        fields["text"] = text
    for key in ("published", "event_date"):
        fields[key] = date.fromisoformat(fields[key]) if fields.get(key) else None
    for key, value in fields.items():
        if isinstance(value, list):
            fields[key] = tuple(value)
    return Reference(**fields)


def restore_header(data: str, sha256: str) -> Reference:
    """A report without its text, which is known by its hash alone."""
    return dataclasses.replace(restore(data), digest=sha256)
