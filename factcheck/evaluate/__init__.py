"""Measures against labelled data: one module a measure.

`notes` holds whole checks against labelled spans; `verdict` judges claims whose evidence is given;
`extraction` looks at what is taken for a claim; `citations` at finished notes; `stability` at the
same article checked again; `sets` at tiny collections made to test one thing.
"""

from __future__ import annotations

from factcheck.evaluate.notes import Case, Label, Score, read_gold, score, total

__all__ = ["Case", "Label", "Score", "read_gold", "score", "total"]
