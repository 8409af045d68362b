"""The conversation in the README: what `factcheck chat --plain` says to a few lines about one of our own
articles. `python -m bench.transcript` prints it, `--write` puts it into the README; a test compares.

Where an answer is long, its middle is left out, and the place is marked.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
BEGIN, END = "<!-- transcript: make transcript -->\n```\n", "```\n<!-- /transcript -->\n"
SAID = (
    "/open seeds/articles/aleppo-november.id.md",
    "/claims contradicted",
    "/claim 23",
    "/timeline 23",
    "siapa yang menguasai Pangkalan 80 pada 10 November?",
    "what did the UN say about displaced people in November 2013?",
    "and in January 2014?",
    "Berapa harga beras di Jakarta?",
    "/verdict 23 contradicted two newer counts exist",
    "/sign Night Desk",
)
_COLUMNS, _LONG, _KEPT = 90, 14, 6


def transcript(variables: Mapping[str, str]) -> str:
    """What was said, as the README shows it. `variables` are the environment of the program."""
    done = subprocess.run(
        [sys.executable, "-m", "factcheck", "chat", "--plain"], cwd=ROOT, text=True, check=True,
        input="".join(f"{line}\n" for line in SAID), stdout=subprocess.PIPE, timeout=600,
        stderr=subprocess.DEVNULL, env={**variables, "COLUMNS": str(_COLUMNS), "PYTHONUTF8": "1"},
    )  # fmt: skip
    out: list[str] = []
    for part in done.stdout.split("\n> "):
        lines = [line.rstrip() for line in part.rstrip("\n").split("\n")]
        if len(lines) > _LONG:
            lines = [*lines[:_KEPT], "[...]", *lines[-_KEPT:]]
        out.append("\n".join(lines))
    shown = "\n> ".join(out)
    return "\n".join(_still(line) for line in shown.split("\n")) + "\n"


def _still(line: str) -> str:
    """The line without the time of a signature."""
    head, at, _ = line.partition(" pada 20")
    return f"{head} pada ...." if at and "Night Desk" in head else line


def written() -> str:
    """What the README shows now."""
    return README.read_text(encoding="utf-8").partition(BEGIN)[2].partition(END)[0]


def main() -> int:
    made = transcript(os.environ)
    if "--write" not in sys.argv:
        print(made, end="")
        return 0
    text = README.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    README.write_text(f"{before}{BEGIN}{made}{END}{after}", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
