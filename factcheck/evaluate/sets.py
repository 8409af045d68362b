"""Tiny collections, each made to test one thing: who said it, when, and who is behind it.

A set is a JSON Lines file of scenes. A scene has an `id`, `reports` (`publisher`, `kind`,
`published`, `language`, `text`, and where wanted `origins`, `event_date`, `title`) and `cases`: an
`id`, `lang`, `published`, the `article` (its first sentence holds the claim, or `claim` gives the
words of it), the `verdict` expected, and where wanted `flags` and `without` (flags that must be
there, or must not), `answers` ("so" or "said") and `origins` (how many stand behind it). Every case
is a whole check over the scene's reports alone, in a store of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from factcheck.evaluate import measures
from factcheck.evaluate.notes import Label, best
from factcheck.evaluate.rows import Data, Row, day_of, text_of, wrong
from factcheck.models import Reference, Verdict
from factcheck.pipeline import Checker
from factcheck.settings import Settings
from factcheck.steps.acquire import article as make_article
from factcheck.text.split import sentences

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Outcome:
    """A case and what became of it. `wrong` names what is not as expected; empty when all is."""

    set: str
    id: str
    lang: str
    expected: str
    verdict: str
    rule: str
    flags: tuple[str, ...]
    wrong: tuple[str, ...]

    def row(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}

    def line(self) -> str:
        mark = "-- " if self.wrong else "ok "
        return f"{mark}{self.id:<14}{self.expected:<20}{self.verdict:<20}{'; '.join(self.wrong)}"


@contextmanager
def desk(settings: Settings, **options: Any) -> Iterator[Checker]:
    """A checker over a store that is empty and thrown away afterwards; the vectors are cached."""
    with (
        TemporaryDirectory(prefix="factcheck-sets-") as folder,
        Checker(replace(settings, store=Path(folder) / "store"), **options) as checker,
    ):
        yield checker


def run(
    data: Data, checker: Checker, progress: Progress = lambda _done, _total: None
) -> list[Outcome]:
    """Check every case of a set; what else is in the checker's store is thrown away.

    Raises InputError naming the line that is not of the form above.
    """
    out: list[Outcome] = []
    scenes = [(row, _reports(data, row), _cases(data, row)) for row in data.rows]
    for done, (row, reports, cases) in enumerate(scenes, 1):
        with checker.store.writing():
            for old in checker.store.references():  # of the scene before, or of another set
                checker.store.remove(old.id)
            checker.store.add(reports)
        out += [_outcome(data, row, case, checker) for case in cases]
        progress(done, len(scenes))
    return out


def figures(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Accuracy of the verdicts, the share of cases right in everything, and the failing ids."""
    gold, said = [o.expected for o in outcomes], [o.verdict for o in outcomes]
    return {
        "n": len(outcomes),
        "accuracy": measures.accuracy(gold, said),
        "all_right": measures.share(sum(not o.wrong for o in outcomes), len(outcomes)),
        "false_support_rate": measures.false_support(gold, said),
        "per_language": measures.by([o.lang for o in outcomes], gold, said),
        "confusion": measures.confusion(gold, said),
        "failing": [o.id for o in outcomes if o.wrong],
    }


def table(by_set: dict[str, dict[str, Any]]) -> str:
    """One line a set, and the failing cases below it."""
    out = [f"{'set':<18}{'n':>5}{'verdicts':>10}{'all right':>10}{'false':>10}"]
    for name, f in by_set.items():
        cells = (f["accuracy"], f["all_right"], f["false_support_rate"])
        out.append(f"{name:<18}{f['n']:>5}" + "".join(f"{c:>10.1%}" for c in cells))
        if f["failing"]:
            out.append(f"  failing: {' '.join(f['failing'])}")
    return "\n".join(out)


# ---------------------------------------------------------------- one case


def _outcome(data: Data, scene: Row, case: Row, checker: Checker) -> Outcome:
    article = make_article(
        text_of(data, case, "article"),
        published=day_of(data, case, case.get("published")),
        language=str(case["lang"]),
    )
    note = checker.check(article)
    words = str(case.get("claim") or "")
    start = article.text.find(words) if words else 0
    if start < 0:
        raise wrong(data.path, scene["_line"], f"case {case['id']}: `claim` is not in `article`")
    first = sentences(article.text, article.language)[0]
    end = start + len(words) if words else first.end
    label = Label(str(case["id"]), start, end, article.text[start:end], _verdict(case), ())
    found = best(label.span, note.assessments)
    verdict = "missed" if found is None else str(found.verdict or "failed")
    flags = found.flags if found else ()
    amiss = []
    if verdict != label.verdict:
        amiss.append(f"{verdict}, not {label.verdict}")
    amiss += [f"no flag {f}" for f in case.get("flags", ()) if f not in flags]
    amiss += [f"flag {f}" for f in case.get("without", ()) if f in flags]
    if found and case.get("answers") not in (None, found.answers):
        amiss.append(f"answers {found.answers}, not {case['answers']}")
    if found and case.get("origins") not in (None, len(found.origins)):
        amiss.append(f"{len(found.origins)} origins, not {case['origins']}")
    return Outcome(
        set=data.path.stem,
        id=label.id,
        lang=article.language,
        expected=str(label.verdict),
        verdict=verdict,
        rule=found.rule if found else "",
        flags=flags,
        wrong=tuple(amiss),
    )


def _verdict(case: Row) -> Verdict:
    return Verdict(case["verdict"])


def _cases(data: Data, scene: Row) -> list[Row]:
    cases = scene.get("cases")
    if not isinstance(cases, list) or not cases:
        raise wrong(data.path, scene["_line"], "a scene without `cases`")
    for case in cases:
        try:
            _verdict(case)
            str(case["id"]), str(case["lang"]), str(case["article"])
        except (KeyError, TypeError, ValueError) as error:
            raise wrong(data.path, scene["_line"], f"not a case: {error}") from error
        case["_line"] = scene["_line"]
    return cases


def _reports(data: Data, scene: Row) -> list[Reference]:
    reports = scene.get("reports")
    if not isinstance(reports, list):
        raise wrong(data.path, scene["_line"], "a scene without `reports`")
    made = []
    for number, report in enumerate(reports, 1):
        try:
            made.append(
                Reference(
                    id=f"{scene['id']}-r{number}",
                    publisher=report["publisher"],
                    kind=report["kind"],
                    title=report.get("title") or report["publisher"],
                    text=report["text"],
                    published=day_of(data, scene, report.get("published")),
                    event_date=day_of(data, scene, report.get("event_date")),
                    language=report["language"],
                    origins=tuple(report.get("origins", ())),
                )
            )
        except (KeyError, TypeError, AttributeError) as error:
            raise wrong(data.path, scene["_line"], f"report {number}: {error}") from error
    return made
