"""The same article checked again and again: how many of its claims keep one verdict."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from factcheck.errors import UsageError
from factcheck.evaluate import measures
from factcheck.models import Note

Key = tuple[int, int, str]


def compared(notes: Sequence[Note]) -> dict[str, Any]:
    """Figures over notes of one article. A claim is known by its place and its statement.

    `stable` is the share of all claims that any run made which every run made with one verdict;
    `in_all_runs` the share that every run made; `same_verdict` the share of those with one verdict.
    Raises UsageError for fewer than two notes.
    """
    if len(notes) < 2:
        raise UsageError("one run cannot differ from itself", hint="Give --runs 2 or more.")
    runs = [_verdicts(n) for n in notes]
    every = sorted(set().union(*runs))
    common = [k for k in every if all(k in run for run in runs)]
    same = [k for k in common if len({run[k] for run in runs}) == 1]
    return {
        "runs": len(runs),
        "claims": len(every),
        "stable": measures.share(len(same), len(every)),
        "in_all_runs": measures.share(len(common), len(every)),
        "same_verdict": measures.share(len(same), len(common)),
        "seconds": [round(n.usage.seconds, 3) for n in notes],
        "changed": [
            {
                "start": k[0],
                "end": k[1],
                "statement": k[2],
                "verdicts": [run.get(k, "missing") for run in runs],
            }
            for k in every
            if k not in same
        ],
    }


NAMES = {
    "runs": "runs",
    "claims": "claims",
    "stable": "claims with one verdict in all runs",
    "in_all_runs": "claims that every run made",
    "same_verdict": "of these with one verdict",
}


def table(figures: dict[str, Any]) -> str:
    """The figures for people."""
    out = measures.lines(figures, NAMES)
    out += [f"  {c['statement'][:70]}: {', '.join(c['verdicts'])}" for c in figures["changed"]]
    return "\n".join(out)


def _verdicts(note: Note) -> dict[Key, str]:
    return {
        (a.claim.start, a.claim.end, a.claim.statement): str(a.verdict or "failed")
        for a in note.assessments
    }
