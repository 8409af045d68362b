"""The scripted model server in a process of its own, so that its work is not timed as ours."""

from __future__ import annotations

import json
import multiprocessing
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

from bench import mind
from tests.llm.server import ALL_CAPABILITIES, GOOD, ModelServer, _usage


@dataclass(frozen=True, slots=True)
class Call:
    """One request as the server logged it."""

    at: float  # time.monotonic(), which all processes of a machine share
    step: str
    sent: str  # the text of its messages
    form: str  # the asked form of the answer, which servers may put before the model too
    said: str
    prompt_tokens: int  # as the server reports them: four characters a token
    output_tokens: int


class Served:
    """A running server: its address, its latency, its log."""

    def __init__(self, pipe: Connection, url: str) -> None:
        self._pipe, self.url = pipe, url
        self.latency = 0.0

    def take(self) -> list[Call]:
        """What was asked since the last `take`."""
        self._pipe.send("take")
        calls: list[Call] = self._pipe.recv()
        return calls

    def wait(self, latency: float) -> None:
        """From now on every answer takes that many seconds to begin."""
        self.latency = latency
        self._pipe.send(latency)
        self._pipe.recv()


@contextmanager
def served(*, stream: bool = True, spread: bool = False) -> Iterator[Served]:
    """A scripted model. With `spread` a streamed answer comes bit by bit over the latency, as a real
    model's does, else all at its end; with `stream` False it comes in one piece."""
    context = multiprocessing.get_context("spawn")  # the embedding model must not be forked
    here, there = context.Pipe()
    process = context.Process(target=_serve, args=(there, stream, spread), daemon=True)
    process.start()
    try:
        yield Served(here, here.recv())
    finally:
        here.send("stop")
        process.join(10)


def _serve(pipe: Connection, stream: bool, spread: bool) -> None:
    said: dict[int, str] = {}

    def brain(body: dict[str, Any]) -> str:
        said[id(body)] = mind.answer(body)
        return said[id(body)]

    able = ALL_CAPABILITIES if stream else ALL_CAPABILITIES - {"stream"}
    with ModelServer(
        brain, script=lambda n, body: GOOD, capabilities=able, spread=spread
    ) as server:
        pipe.send(server.url)
        while (order := pipe.recv()) != "stop":
            if order == "take":
                pipe.send([_call(r.at, r.body, said[id(r.body)]) for r in server.requests])
                server.requests.clear()
                said.clear()
            else:
                server.latency = order
                pipe.send(None)


def _call(at: float, body: dict[str, Any], said: str) -> Call:
    usage = _usage(body, said)
    form = (body.get("response_format") or {}).get("json_schema")
    return Call(
        at=at,
        step=mind.step(body),
        sent="".join(m["content"] for m in body["messages"]),
        form=json.dumps(form, ensure_ascii=False) if form else "",
        said=said,
        prompt_tokens=usage["prompt_tokens"],
        output_tokens=usage["completion_tokens"],
    )


def waves(calls: Sequence[Call], latency: float) -> list[list[Call]]:
    """The sequential round trips: a wave ends when its first answer could have been used.

    A call that arrives after the first call of a wave was answered may have needed that answer, so
    it counts as later. That is the longest chain of calls that do not overlap in time.
    """
    out: list[list[Call]] = []
    for call in sorted(calls, key=lambda c: c.at):
        if out and call.at < out[-1][0].at + latency:
            out[-1].append(call)
        else:
            out.append([call])
    return out
