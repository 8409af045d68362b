"""Run the benches and print their tables: `python -m bench [cost] [wall] [own_work] [linear]
[second_reader] [swaps] [questions] [gold]`."""

from __future__ import annotations

import os
import platform
import sys
import warnings

from bench import cost, gold, linear, own_work, questions, second_reader, swaps, wall
from bench.ground import ground
from factcheck._version import __version__
from factcheck.analysts.llm import extract, judge, write
from factcheck.steps import judge as second

BENCHES = {
    "cost": cost.run,
    "second_reader": second_reader.run,
    "own_work": own_work.run,
    "linear": linear.run,
    "swaps": swaps.run,
    "wall": wall.run,
    "questions": questions.run,
    "gold": gold.run,
}


def main() -> int:
    chosen = sys.argv[1:] or list(BENCHES)
    if unknown := set(chosen) - set(BENCHES):
        print(f"no such bench: {', '.join(sorted(unknown))}; there are {', '.join(BENCHES)}")
        return 2
    warnings.filterwarnings("ignore", category=DeprecationWarning)
    print(
        f"factcheck {__version__}, Python {platform.python_version()}, {os.cpu_count()} cores;"
        f" extract.WINDOW {extract.WINDOW}, judge.GROUP {judge.GROUP}, write.GROUP {write.GROUP},"
        f" {judge.EVIDENCE} sentences a claim, second reader at {second._FAINT}; 8 calls at once."
    )
    with ground() as made:
        for name in chosen:
            BENCHES[name](made)
    return 0


if __name__ == "__main__":
    sys.exit(main())
