"""Calls and input tokens of an article: ours against the plain retrieval-QA script's.

Both read the same articles and ask the same scripted model in the same run; every request is counted
from the server's log, retries included. Then the sizes of our groups, one at a time, so that the
chosen ones are measured.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from bench import articles, figures
from bench.baseline import Baseline
from bench.count import Spent, spent
from bench.ground import ROOT, Ground
from bench.served import Served, served
from bench.tables import show
from factcheck import embed
from factcheck.analysts.llm import extract, judge, write
from factcheck.models import Article
from factcheck.pipeline import Checker
from factcheck.steps import acquire

CALLS, TOKENS = 10, 25_000  # what the reference case may cost
SIZES = (1, 3, 6, 9, 13, 25)
CHUNKS = (1000, 500)
_HELD = ("reference, English", "reference, Indonesian")
_COUNTS: tuple[tuple[str, Callable[[Spent], int | None]], ...] = (
    ("calls", lambda s: s.calls),
    ("input tokens (server)", lambda s: s.server),
    ("bytes/4", lambda s: s.bytes4),
    ("bytes/3", lambda s: s.bytes3),
    ("o200k", lambda s: s.real),
    ("asked forms", lambda s: s.forms),
    ("output tokens", lambda s: s.output),
    ("longest answer", lambda s: s.longest),
)
_NOTE = (
    "`o200k` needs the package bpe-openai. The asked forms (JSON schemas) are not in the other"
    " columns. Chunks are whole reports where those are shorter."
)


@dataclass(frozen=True, slots=True)
class Case:
    name: str
    article: Article


def cases() -> list[Case]:
    arabic = ROOT / "seeds" / "articles" / "syria-toll.ar.md"
    return [
        Case("reference, English", articles.reference("en")),
        Case("reference, Indonesian", articles.reference("id")),
        Case("60 sentences, English", articles.longer(60)),
        Case("120 sentences, English", articles.longer(120)),
        Case("example article, Arabic", acquire.acquire(arabic)),
    ]


def run(ground: Ground) -> None:
    with served() as server:
        ours = {c.name: _ours(ground, server, c.article) for c in cases()}
        theirs = _baselines(ground, server)
        _compare(ours, theirs)
        _save(ground, ours, theirs)
        _groups(ground, server)


def _ours(ground: Ground, server: Served, article: Article) -> Spent:
    with Checker(ground.settings(server.url), cache=False) as checker:
        note = checker.check(article)
    calls = server.take()
    assert note.complete and not note.faults, note.faults
    assert note.usage.calls == len(calls)
    return spent(calls)


def _baselines(ground: Ground, server: Served) -> dict[int, dict[str, Spent]]:
    """By size of chunk and article. The Arabic example is none of the scripted baseline's."""
    embedder = embed.default(ground.cache)
    out: dict[int, dict[str, Spent]] = {}
    for size in CHUNKS:
        baseline = Baseline(ROOT / "seeds" / "references", embedder, chunk=size)
        out[size] = {}
        for case in cases():
            if case.article.language != "ar":
                baseline.check(case.article.text, server.url)
                out[size][case.name] = spent(server.take())
    return out


def _compare(ours: dict[str, Spent], theirs: dict[int, dict[str, Spent]]) -> None:
    head = ["article", *(name for name, _ in _COUNTS)]
    show("Cost of an article, ours", head, [_row(name, s) for name, s in ours.items()], _NOTE)
    for size, found in theirs.items():
        show(f"Cost of an article, retrieval-QA script, chunks of at most {size} characters", head,
             [_row(name, s) for name, s in found.items()])  # fmt: skip
        ratios = [_row(name, s, ours[name]) for name, s in found.items()]
        show("Script / ours (above 1 ours is cheaper)", head, ratios)
    print()
    for name in _HELD:
        s = ours[name]
        counts = [("as the server counts", s.server), ("pessimistic, bytes/3", s.bytes3)]
        if s.real is not None:
            counts += [("o200k", s.real), ("o200k with the asked forms", s.real + s.forms)]
        for label, tokens in counts:
            held = s.calls <= CALLS and tokens <= TOKENS
            print(
                f"- {name}, {label}: {s.calls} calls, {tokens:,} input tokens;"
                f" <= {CALLS} calls and <= {TOKENS:,} input tokens: {'yes' if held else 'no'}"
            )


def _save(ground: Ground, ours: dict[str, Spent], theirs: dict[int, dict[str, Spent]]) -> None:
    """The reference case, for the picture of what an article costs."""
    rows = [("factcheck", ours[_HELD[0]])]
    rows += [(f"plain retrieval-QA script, chunks of {size}", theirs[size][_HELD[0]])
             for size in CHUNKS]  # fmt: skip
    figures.save(
        "cost",
        {
            "measure": "cost of the reference article",
            "rows": [
                {"name": name, "calls": s.calls, "input_tokens": s.server,
                 "output_tokens": s.output}
                for name, s in rows
            ],
        },
        {"model": "scripted", "tokens": "as the server counts: four characters each"},
        [Path(articles.__file__), *sorted((ROOT / "seeds" / "references").glob("*.md"))],
    )  # fmt: skip


def _row(name: str, spent: Spent, divisor: Spent | None = None) -> list[object]:
    out: list[object] = [name]
    for _, of in _COUNTS:
        value = of(spent)
        below = of(divisor) if divisor else 1
        if value is None or not below:
            out.append("-")
        else:
            out.append(value / below if divisor else value)
    return out


def _groups(ground: Ground, server: Served) -> None:
    """The reference case with other sizes of one step's groups at a time."""
    for module, name, what in (
        (extract, "WINDOW", "sentences a call when claims are listed"),
        (judge, "GROUP", "claims a call when they are judged"),
        (write, "GROUP", "claims a call when explanations are written"),
    ):
        step = module.__name__.rsplit(".", 1)[-1]
        chosen = getattr(module, name)
        rows = []
        for size in sorted({*SIZES, chosen}):
            with (
                mock.patch.object(module, name, size),
                Checker(ground.settings(server.url), cache=False) as checker,
            ):
                checker.check(articles.reference("en"))
            every = server.take()
            s = spent([c for c in every if c.step == step])
            rows.append(
                [f"{size}{' (chosen)' if size == chosen else ''}", s.calls, s.server,
                 s.output, s.longest, len(every), spent(every).server]
            )  # fmt: skip
        show(f"{what[0].upper()}{what[1:]} ({step}.{name})",
             ["size", "calls", "input tokens", "output tokens", "longest answer",
              "calls in all", "input tokens in all"], rows)  # fmt: skip
