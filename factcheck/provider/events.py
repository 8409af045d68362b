"""A streamed answer with its many small pieces of text put together, before a client library sees it.

Clients of chat models build several objects for each event of a stream: half a millisecond, where a
server sends an event for every few letters. Nobody reads an answer here before it is whole, and while it
comes the machine has sentences to embed. So the pieces are joined as bytes come in; every event that is
more than a piece of text (the first, a refusal, the end, an error, anything unknown) passes unchanged
and in its place. Some servers say with every piece what was used so far, and clients add that up: what
was said last comes alone, at the end.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

EVENTS = "text/event-stream"
_BETWEEN = re.compile(rb"(?<=\n)\r?\n")  # an empty line ends an event
_STRING = re.compile(
    rb'(?:[^"\\\x00-\x1f]|\\.)*'
)  # what may stand between the quotes of a JSON string
_CONTENT = re.compile(rb'"content"\s*:\s*"(%s)"' % _STRING.pattern)
_DATA = b"data:"
_DONE = b"data:[DONE]"
Event = dict[str, Any]


def joined(stream: Iterable[bytes]) -> Iterator[bytes]:
    """The bytes of a stream of server-sent events, with runs of text pieces as one event each.

    A run ends with an event of another kind or with the stream. Bytes that are no such events pass
    as they are.
    """
    rest = used = b""
    held: Event | None = None  # the first of a run
    texts: list[str] = []
    around: tuple[bytes, bytes] | None = None  # what stands around the text in events of the run
    for part in stream:
        *events, rest = _BETWEEN.split(rest + part)
        for told in events:
            if held is not None and around and (text := _inside(told, *around)) is not None:
                texts.append(text)
                continue
            event, count = _counted(told)
            used = count or used
            piece = _piece(event)
            if piece is not None and (held is None or _follows(held, piece)):
                held = held or piece
                texts.append(_delta(piece)["content"])
                around = None if count else _around(told)
                continue
            if held is not None:
                yield _whole(held, texts)
            held, texts = (None, []) if piece is None else (piece, [_delta(piece)["content"]])
            around = None
            if used and event.replace(b" ", b"").strip() == _DONE:
                yield used
                used = b""
            if piece is None and event:
                yield event + b"\n"
    if held is not None:
        yield _whole(held, texts)
    if used:
        yield used
    if rest:
        yield rest


def _around(event: bytes) -> tuple[bytes, bytes] | None:
    """What stands before and after the text of a piece; the pieces of an answer are alike in it."""
    if event.count(b'"content"') != 1 or (found := _CONTENT.search(event)) is None:
        return None
    return event[: found.start(1)], event[found.end(1) :]


def _inside(event: bytes, before: bytes, after: bytes) -> str | None:
    """The text of an event that differs from another in its text alone; None for any other."""
    if not (event.startswith(before) and event.endswith(after)):
        return None
    text = event[len(before) : len(event) - len(after)]
    if len(event) < len(before) + len(after) or not _STRING.fullmatch(text):
        return None
    try:
        told = text.decode()
        return json.loads(f'"{told}"') if "\\" in told else told
    except ValueError:
        return None


def _counted(event: bytes) -> tuple[bytes, bytes]:
    """The event without what was used so far, and an event that says that alone; either may be b""."""
    if not event.startswith(_DATA) or b'"usage"' not in event or event.count(b"\n") > 1:
        return event, b""
    try:
        said = json.loads(event[len(_DATA) :])
        usage, choices = said["usage"], said["choices"]
    except (ValueError, KeyError, TypeError):
        return event, b""
    if not isinstance(usage, dict) or not isinstance(choices, list) or said.get("error"):
        return event, b""
    if not choices:
        return b"", event + b"\n"
    return _told({**said, "usage": None})[:-1], _told({**said, "choices": []})


def _piece(event: bytes) -> Event | None:
    """The event as an object where it holds a piece of one answer's text and nothing else."""
    if not event.startswith(_DATA) or event.count(b"\n") > 1:
        return None
    try:
        said = json.loads(event[len(_DATA) :])
        (choice,) = said["choices"]
        delta = choice["delta"]
        plain = isinstance(delta["content"], str) and not (said.get("usage") or said.get("error"))
        more = any(v for k, v in delta.items() if k not in ("content", "role"))
        more = more or any(v for k, v in choice.items() if k not in ("index", "delta"))
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    return said if plain and not more else None


def _follows(first: Event, piece: Event) -> bool:
    """Both are pieces of one answer, told alike."""
    return _whose(first) == _whose(piece)


def _whose(piece: Event) -> tuple[Any, ...]:
    return piece.get("id"), piece["choices"][0].get("index"), _delta(piece).get("role")


def _delta(piece: Event) -> Event:
    delta: Event = piece["choices"][0]["delta"]
    return delta


def _whole(first: Event, texts: list[str]) -> bytes:
    _delta(first)["content"] = "".join(texts)
    return _told(first)


def _told(event: Event) -> bytes:
    return _DATA + b" " + json.dumps(event).encode() + b"\n\n"
