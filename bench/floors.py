"""Floors: what was reached once on our own gold and sets must be reached again.

    python -m bench.floors                              measure, and raise floors that were passed
    python -m bench.floors --check                      measure and say what fell; change nothing
    python -m bench.floors --allow-regression REASON    lower them too, with REASON in CHANGELOG.md

`seeds/gold/floors.json` holds the floors and the hash of the corpus (reports, register of sources,
articles, labels, sets) that they are of. The tests read it; a corpus that changed since is refused
there, because floors of other data tell nothing.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.ground import ROOT, Ground, ground
from factcheck import evaluate
from factcheck.evaluate import rows, sets
from factcheck.files import write_whole
from factcheck.models import Note
from factcheck.pipeline import Checker

FLOORS = ROOT / "seeds" / "gold" / "floors.json"
CHANGELOG = ROOT / "CHANGELOG.md"
ARTICLES = sorted((ROOT / "seeds" / "articles").glob("*.md"))
SETS = sorted((ROOT / "tests" / "data" / "sets").glob("*.jsonl"))
DEVELOPMENT = ROOT.parent / "shared" / "seed"  # not of ours: measured where it is there
HIGH = ("coverage", "accuracy", "macro_f1", "retrieved_at_5", "citations_verified")
LOW = ("false_support_rate",)  # the lower the better: a ceiling
OF_SETS = ("accuracy", "all_right", *LOW)
HEADING = "## Regressions"
Floors = dict[str, dict[str, float]]  # "articles/NAME", "sets/NAME", ... -> measure -> floor


@dataclass(frozen=True, slots=True)
class Fall:
    """A measure that is worse than its floor."""

    name: str
    measure: str
    floor: float
    reached: float

    def __str__(self) -> str:
        return f"{self.name} {self.measure}: {self.floor:.4f} -> {self.reached:.4f}"


# ---------------------------------------------------------------- the file


def corpus() -> str:
    """The hash of everything that the floors rest on."""
    files = [
        *(ROOT / "seeds" / "references").glob("*.md"),
        ROOT / "seeds" / "sources.toml",
        *ARTICLES,
        *(ROOT / "seeds" / "gold").glob("*.jsonl"),
        *SETS,
    ]
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def load(path: Path = FLOORS) -> tuple[str, Floors]:
    """The corpus hash and the floors of the file; empty where there is none yet."""
    if not path.exists():
        return "", {}
    raw = json.loads(path.read_text(encoding="utf-8"))
    return str(raw["corpus"]), raw["floors"]


def save(floors: Floors, sha256: str, path: Path = FLOORS) -> None:
    data = {"corpus": sha256, "floors": {k: floors[k] for k in sorted(floors)}}
    write_whole(path, json.dumps(data, indent=1) + "\n")


# ---------------------------------------------------------------- measuring


def of_notes(figures: Mapping[str, Any]) -> dict[str, float]:
    return {key: float(figures[key]) for key in (*HIGH, *LOW)}


def of_set(figures: Mapping[str, Any]) -> dict[str, float]:
    return {key: float(figures[key]) for key in OF_SETS}


def of_articles(notes: Mapping[Path, Note], checker: Checker) -> Floors:
    """Each article, all together, and the two splits."""
    scores = {}
    for path, note in notes.items():
        gold = ROOT / "seeds" / "gold" / f"{path.stem}.jsonl"
        labels = evaluate.read_gold(gold, [path])[path]
        scores[path.stem] = evaluate.score(note, labels, checker.store.reference)
    reached = {f"articles/{name}": of_notes(s.figures()) for name, s in scores.items()}
    for split in ("dev", "test"):
        kept = [s for s in scores.values() if all(c.label.split == split for c in s.cases)]
        reached[f"split/{split}"] = of_notes(evaluate.total(kept).figures())
    reached["all articles"] = of_notes(evaluate.total(list(scores.values())).figures())
    return reached


def of_development(checker: Checker) -> Floors:
    """The development article, where it is on this machine."""
    article, gold = DEVELOPMENT / "article.id.txt", DEVELOPMENT / "claims.jsonl"
    if not article.exists():
        return {}
    labels = evaluate.read_gold(gold, [article])[article]
    score = evaluate.score(checker.check(article), labels, checker.store.reference)
    return {"development": of_notes(score.figures())}


def of_sets(checker: Checker, files: Iterable[Path] = SETS) -> Floors:
    """Every set of tiny collections; `checker` is over a store to be thrown away."""
    return {
        f"sets/{path.stem}": of_set(sets.figures(sets.run(rows.read(path), checker)))
        for path in files
    }


def measure(made: Ground) -> Floors:
    """All of it."""
    settings = made.settings()
    with Checker(settings) as checker:
        reached = of_articles({a: checker.check(a) for a in ARTICLES}, checker)
        reached |= of_development(checker)
    with sets.desk(settings) as checker:
        reached |= of_sets(checker)
    return reached


# ---------------------------------------------------------------- holding


def falls(floors: Floors, reached: Floors) -> list[Fall]:
    """What was measured and is worse than its floor."""
    return [
        Fall(name, measure, floor, reached[name][measure])
        for name, values in sorted(floors.items())
        for measure, floor in values.items()
        if name in reached and measure in reached[name]
        if _worse(measure, reached[name][measure], floor)
    ]


def raised(floors: Floors, reached: Floors, *, lower: bool = False) -> Floors:
    """The floors after a run: the better of floor and measure, or what was measured with `lower`.

    Floors of what was not measured stay.
    """
    out = {name: dict(values) for name, values in floors.items()}
    for name, values in reached.items():
        own = out.setdefault(name, {})
        for key, value in values.items():
            floor = own.get(key)
            if floor is None or lower or not _worse(key, value, floor):
                own[key] = round(value, 4)
    return out


def recorded(changelog: str, fallen: Iterable[Fall], reason: str) -> str:
    """The changelog with the lowered floors and the reason under "Regressions"."""
    entry = f"- {reason}\n" + "".join(f"  - {fall}\n" for fall in fallen)
    if HEADING not in changelog:
        return f"{changelog.rstrip()}\n\n{HEADING}\n\n{entry}"
    before, after = changelog.split(HEADING, 1)
    return f"{before}{HEADING}\n\n{entry}{after.lstrip()}"


def _worse(measure: str, value: float, floor: float) -> bool:
    return value > floor + 1e-9 if measure in LOW else value < floor - 1e-9


def settle(
    reached: Floors,
    *,
    floors: Path = FLOORS,
    changelog: Path = CHANGELOG,
    check: bool = False,
    reason: str | None = None,
    sha256: str = "",
) -> tuple[int, str]:
    """Hold a measured run against the file, and change the file where that is allowed.

    Returns the exit code (1: something fell, and nothing was changed) and what is to be told.
    """
    _, known = load(floors)
    fallen = falls(known, reached)
    if fallen and reason is None:
        told = "\n".join(f"  {f}" for f in fallen)
        return 1, f"below the floor:\n{told}\nTo lower them: --allow-regression REASON"
    if check:
        return 0, "all floors hold"
    if fallen and reason is not None:
        text = changelog.read_text(encoding="utf-8") if changelog.exists() else "# Changelog\n"
        write_whole(changelog, recorded(text, fallen, reason))
    new = raised(known, reached, lower=reason is not None)
    save(new, sha256, floors)
    moved = sum(
        new[n].get(m) != known.get(n, {}).get(m) for n, values in new.items() for m in values
    )
    return 0, f"{moved} floors moved, {len(fallen)} of them down"


def main() -> int:
    parser = argparse.ArgumentParser(description="Raise the floors from a run.")
    parser.add_argument("--check", action="store_true", help="change nothing")
    parser.add_argument("--allow-regression", metavar="REASON", dest="reason")
    args = parser.parse_args()
    if args.reason is not None and not args.reason.strip():
        parser.error("--allow-regression needs a reason")
    with ground() as made:
        reached = measure(made)
    code, told = settle(reached, check=args.check, reason=args.reason, sha256=corpus())
    print(told)
    return code


if __name__ == "__main__":
    sys.exit(main())
