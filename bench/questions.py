"""How good the rules' answers are: questions in seven languages over the starter collection.

`questions.jsonl` names for each question the reports and the words of them that answer it, or no
report where the collection holds nothing. Half of the questions ("tune") were in view while rules were
written; the others ("held") were put once, at the end. A passage is useful when it holds such words.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bench.ground import Ground
from bench.tables import show
from factcheck.pipeline import Checker
from factcheck.questions import Answer, answer

FILE = Path(__file__).parent / "questions.jsonl"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with its key: words of reports that answer it, by report; none if nothing does."""

    language: str
    part: str
    question: str
    answers: dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a question: at which place the first useful passage stands (0: at none)."""

    asked: Asked
    place: int
    shown: int
    language: str


@cache
def questions() -> tuple[Asked, ...]:
    """All questions."""
    lines = FILE.read_text(encoding="utf-8").splitlines()
    return tuple(Asked(**json.loads(line)) for line in lines)


def put(asked: Asked, checker: Checker) -> Result:
    """Ask one question, without an article and without a model."""
    found = answer(asked.question, (), None, checker)
    return Result(asked, _place(asked, found), len(found.citations), found.language)


def _place(asked: Asked, found: Answer) -> int:
    for place, c in enumerate(found.citations, 1):
        if any(words in c.quote for words in asked.answers.get(c.reference, ())):
            return place
    return 0


@dataclass(frozen=True, slots=True)
class Share:
    """Shares of answerable questions whose first passage, or any shown, is useful; and of the others
    that were answered with nothing."""

    first: float
    any: float
    silent: float
    answerable: int
    others: int


def share(results: Iterable[Result]) -> Share:
    """The shares of some results."""
    results = tuple(results)
    good = [r for r in results if r.asked.answers]
    rest = [r for r in results if not r.asked.answers]
    return Share(
        first=sum(r.place == 1 for r in good) / max(1, len(good)),
        any=sum(r.place > 0 for r in good) / max(1, len(good)),
        silent=sum(not r.shown for r in rest) / max(1, len(rest)),
        answerable=len(good),
        others=len(rest),
    )


def run(ground: Ground) -> None:
    """Print the shares by language and part; what was missed goes to standard error."""
    with Checker(ground.settings()) as checker:
        results = [put(q, checker) for q in questions()]
    rows = []
    for part in ("tune", "held"):
        mine = [r for r in results if r.asked.part == part]
        languages = list(dict.fromkeys(r.asked.language for r in mine))
        groups: list[tuple[str, Sequence[Result]]] = [
            (f"{part}, {code}", [r for r in mine if r.asked.language == code]) for code in languages
        ]
        for name, some in [*groups, (f"{part}, all", mine)]:
            s = share(some)
            rows.append((name, s.answerable, s.first, s.any, s.others, s.silent))
    show(
        "Questions answered by the rules",
        ("", "answerable", "first useful", "any useful", "unanswerable", "said so"),
        rows,
    )
    for r in results:
        wrong = r.place != 1 if r.asked.answers else r.shown
        if wrong and r.asked.part == "tune":
            print(f"{r.place}/{r.shown} {r.asked.language} {r.asked.question}", file=sys.stderr)
