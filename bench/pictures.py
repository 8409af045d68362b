"""The pictures in the docs: SVG drawn from saved figures, with a table of the same beside each.

    python -m bench.pictures [--retrieval RUN.json] [--verdict NAME=RUN.json ...]

draws what lies in `docs/figures` and writes `docs/pictures`, and `docs/pictures.md` around them. The figures
come from `python -m bench gold`, `python -m bench cost`, and from runs of `factcheck eval retrieval --mode all
--format json` and `factcheck eval verdict --format json`, whose outputs are taken over into
`docs/figures` when they are named here. The same figures give the same files, byte for byte.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from bench.figures import FOLDER
from bench.tables import table

PICTURES = FOLDER.parent / "pictures"
PAGE = FOLDER.parent / "pictures.md"
# Okabe and Ito's colours, which the colour-blind can tell apart; and never colour alone.
BLUE, ORANGE, GREEN, GREY, RED = "#0072B2", "#E69F00", "#009E73", "#777777", "#D55E00"
_NAMES = {"hybrid": "factcheck", "dense": "vectors alone", "lexical": "keys alone",
          "bm25": "plain BM25", "e5": "plain e5"}  # fmt: skip
_MODES = {"hybrid": (BLUE, ""), "dense": (ORANGE, "///"), "lexical": (GREEN, "..."),
          "bm25": (GREY, "xx"), "e5": (RED, "\\\\\\")}  # fmt: skip

Record = dict[str, Any]


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--retrieval", type=Path, help="output of an eval retrieval run")
    options.add_argument("--verdict", action="append", default=[], metavar="NAME=RUN.json",
                         help="output of an eval verdict run; may be repeated")  # fmt: skip
    chosen = options.parse_args()
    FOLDER.mkdir(exist_ok=True)
    if chosen.retrieval:
        _take(chosen.retrieval, "retrieval", ("results",))
    for given in chosen.verdict:
        name, _, path = given.partition("=")
        _take(Path(path), f"verdict-{name}", ("abstention_curve", "data", "run", "n"))
    draw(FOLDER, PICTURES, PAGE)
    return 0


def _take(run: Path, name: str, fields: Sequence[str]) -> None:
    """Keep what a picture needs of a run's output."""
    data = json.loads(run.read_text(encoding="utf-8"))
    missing = [f for f in fields if f not in data]
    if missing:
        raise SystemExit(f"{run} is no such run: it has no {', '.join(missing)}")
    kept = {f: data[f] for f in (*fields, "run") if f in data}
    text = json.dumps(kept, ensure_ascii=False, indent=1) + "\n"
    (FOLDER / f"{name}.json").write_text(text, encoding="utf-8")


def draw(figures: Path, pictures: Path, page: Path) -> list[Path]:
    """Draw what there are figures for, and the page; the pictures that were made."""
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams.update({
        "svg.hashsalt": "factcheck", "svg.fonttype": "path", "font.family": "DejaVu Sans",
        "font.size": 10, "axes.spines.top": False, "axes.spines.right": False,
        "hatch.linewidth": 0.6, "axes.axisbelow": True,
    })  # fmt: skip
    pictures.mkdir(exist_ok=True)
    parts, made = [_HEAD], []
    for name, needs, picture in SECTIONS:
        records = {p.stem: json.loads(p.read_text(encoding="utf-8"))
                   for pattern in needs for p in sorted(figures.glob(f"{pattern}.json"))}  # fmt: skip
        if len(records) < sum("*" not in pattern for pattern in needs):
            continue  # its figures were not saved yet
        figure, text = picture(records)
        path = pictures / f"{name}.svg"
        figure.savefig(path, metadata={"Date": None, "Creator": None}, bbox_inches="tight")
        made.append(path)
        parts.append(text.replace("@PICTURE@", f"{pictures.name}/{path.name}"))
    page.write_text("\n\n".join(parts) + "\n", encoding="utf-8")
    return made


_HEAD = """# Pictures

Drawn by `make pictures` (`python -m bench.pictures`) from the figures in `docs/figures`, which a bench or a
run of `factcheck eval` wrote, each with its settings and the hash of its data. Below each picture stands
a table of the same."""


def _canvas(width: float, height: float) -> tuple[Any, Any]:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), facecolor="white")
    return figure, figure.add_subplot()


# ---------------------------------------------------------------- the abstention curve


def _abstention(records: dict[str, Record]) -> tuple[Any, str]:
    from matplotlib.ticker import PercentFormatter

    figure, right = _canvas(7.0, 4.0)
    figure.clear()
    right, false = figure.subplots(1, 2)
    styles = [(BLUE, "o", "-"), (RED, "s", "--"), (GREEN, "^", "-."), (ORANGE, "D", ":")]
    rows: list[list[object]] = []
    for (name, record), (colour, mark, line) in zip(sorted(records.items()), styles, strict=False):
        told = "our labelled articles" if name == "gold" else name.removeprefix("verdict-")
        curve = [p for p in record["abstention_curve"] if p["coverage"] > 0]
        x = [p["coverage"] for p in curve]
        for axes, key in ((right, "accuracy"), (false, "false_support_rate")):
            axes.plot(x, [p[key] for p in curve], color=colour, marker=mark, markersize=3.5,
                      linestyle=line, linewidth=1.4, label=told)  # fmt: skip
        rows += [
            [told, f"{p['threshold']:.2f}", *(f"{p[k]:.0%}" for k in
             ("coverage", "accuracy", "false_support_rate"))]
            for p in curve[::2]
        ]  # fmt: skip
    for axes, title, top in (
        (right, "Answers that are right", 1.0), (false, "False support", None)
    ):  # fmt: skip
        axes.set_title(title, loc="left", fontsize=10.5)
        axes.set_xlabel("claims that get an answer")
        axes.set_xlim(0, 1)
        axes.set_ylim(0, top)
        axes.xaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
        axes.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
        axes.grid(color="#dddddd", linewidth=0.6)
    low, high = false.get_ylim()
    false.set_ylim(low, max(high, 0.1))
    if len(records) > 1:
        right.legend(frameon=False, fontsize=8.5, loc="lower left")
    figure.tight_layout(w_pad=2.5)
    head = ["set", "confidence from", "get an answer", "right", "false support"]
    return (
        figure,
        f"""## Answering less

![For each share of claims that get an answer, how many answers are right and how much is falsely called
supported](@PICTURE@)

The rules give an answer only from some confidence on; to the left the threshold is high and little is
answered. False support is the share of what is not labelled supported that is called so. The rules'
confidence tells support from the rest; of a contradiction it says little, which is why the curve of right
answers is no steady climb. From {_named(records)}.

{table(head, rows)}""",
    )


# ---------------------------------------------------------------- recall by language pair


def _retrieval(records: dict[str, Record]) -> tuple[Any, str]:
    from matplotlib.ticker import PercentFormatter

    results = records["retrieval"]["results"]
    modes = [m for m in _MODES if all(m in r["modes"] for r in results)]
    figure, axes = _canvas(7.0, 0.9 + 0.2 * len(modes) * len(results) + 0.25 * len(results))
    step = len(modes) + 1.4
    for at, result in enumerate(results):
        for n, mode in enumerate(modes):
            colour, hatch = _MODES[mode]
            value = result["modes"][mode]["recall@10"]
            y = -(at * step + n)
            axes.barh(y, value, 0.86, color=colour, hatch=hatch, edgecolor="white",
                      label=_NAMES[mode] if at == 0 else None)  # fmt: skip
            axes.text(value + 0.008, y, f"{value:.0%}", va="center", fontsize=7.5)
    middle = (len(modes) - 1) / 2
    axes.set_yticks(
        [-(at * step + middle) for at in range(len(results))],
        [_pair(r["data"]["folder"]) for r in results],
    )
    axes.tick_params(axis="y", length=0)
    axes.set_xlim(0, 1.06)
    axes.set_xticks([0, 0.25, 0.5, 0.75, 1.0])
    axes.xaxis.set_major_formatter(PercentFormatter(1.0))
    axes.grid(axis="x", color="#dddddd", linewidth=0.6)
    axes.set_xlabel("recall among the ten best")
    axes.legend(frameon=False, fontsize=8.5, ncols=len(modes), loc="lower left",
                bbox_to_anchor=(-0.02, 1.0), columnspacing=1.2, handlelength=1.6)  # fmt: skip
    rows = [
        [_pair(r["data"]["folder"]).replace("\n", ", "), r["data"]["used"],
         r["data"]["documents"], *(f"{r['modes'][m]['recall@10']:.3f}" for m in modes)]
        for r in results
    ]  # fmt: skip
    head = ["query to report", "queries", "documents", *(_NAMES[m] for m in modes)]
    hashes = ", ".join(f"{r['data']['folder']} {r['data']['sha256'][:12]}" for r in results)
    return (
        figure,
        f"""## Finding across languages

![Recall among the ten best for each pair of languages: the product's search, its two legs, and plain
BM25 and e5](@PICTURE@)

`factcheck eval retrieval --mode all`, embedding {results[0]["embedding"]}. Recall among the ten best. The
plain baselines search whole documents. Data: {hashes}.

{table(head, rows)}""",
    )


def _pair(folder: str) -> str:
    """ "ntrex_id-en" as "id → en" with the set's name below it."""
    name, _, pair = folder.rpartition("_")
    asked, dash, held = pair.partition("-")
    return f"{asked} → {held if dash else asked}\n{name}"


# ---------------------------------------------------------------- cost of an article


def _cost(records: dict[str, Record]) -> tuple[Any, str]:
    ours = records["cost"]["rows"]
    ours = ours[:2]  # one size of chunk is enough to see
    peers = records["peers"]["rows"]
    everybody = [*ours, *peers]
    figure, _ = _canvas(7.0, 3.0)
    figure.clear()
    plots = figure.subplots(1, 2, sharey=True)
    for axes, key, title, ticks in (
        (plots[0], "calls", "calls of a model", (1, 10, 100, 1000)),
        (plots[1], "input_tokens", "input tokens", (1000, 10_000, 100_000, 1_000_000)),
    ):
        for n, row in enumerate(everybody):  # dots: the length of a bar means nothing on this scale
            colour, mark = (
                (BLUE, "o") if n == 0 else (ORANGE, "s") if n < len(ours) else (GREY, "D")
            )
            axes.plot([ticks[0], row[key]], [-n, -n], color="#cccccc", linewidth=1, zorder=1)
            axes.plot(row[key], -n, color=colour, marker=mark, markersize=8, zorder=2)
            plus = "+" if row.get("least") else ""
            axes.text(row[key] * 1.4, -n, f"{_short(row[key])}{plus}", va="center", fontsize=8.5)
        axes.set_xscale("log")
        axes.set_xlim(ticks[0], ticks[-1] * 8)
        axes.set_xticks(ticks, [_short(tick) for tick in ticks])
        axes.set_ylim(-len(everybody) + 0.4, 0.6)
        axes.set_title(title, loc="left", fontsize=10.5)
        axes.grid(axis="x", color="#dddddd", linewidth=0.6)
        axes.minorticks_off()
    plots[0].set_yticks(
        [-n for n in range(len(everybody))], [_wrapped(r["name"]) for r in everybody]
    )
    for axes in plots:
        axes.tick_params(axis="y", length=0)
    figure.tight_layout(w_pad=1.5)
    rows = [
        [r["name"], f"{r['calls']:,}{'+' if r.get('least') else ''}",
         f"{r['input_tokens']:,}{'+' if r.get('least') else ''}"]
        for r in [*records["cost"]["rows"], *peers]
    ]  # fmt: skip
    return (
        figure,
        f"""## What an article costs

![Calls of a model and input tokens for an article of about 25 claims, ours beside a plain script and four
other programs, on a logarithmic scale](@PICTURE@)

An article of 25 checkable sentences. Ours and the plain script's are counted at a scripted server
(`python -m bench cost`). The others: {records["peers"]["how"]} Both scales are logarithmic.

{table(["program", "calls", "input tokens"], rows)}""",
    )


def _short(n: int) -> str:
    """19,461 as "19k", 1,000,000 as "1,000k"."""
    return f"{n / 1000:,.0f}k" if n >= 1000 else str(n)


def _wrapped(name: str) -> str:
    return name.split(", ")[0].replace(" retrieval-QA", "\nretrieval-QA")


def _named(records: dict[str, Record]) -> str:
    """Of which data and settings figures are."""
    return "; ".join(
        f"{name} ({r['data']['sha256'][:12]}, {r['run']['analyst']}, factcheck {r['run']['factcheck']})"
        for name, r in sorted(records.items())
    )


SECTIONS: tuple[
    tuple[str, tuple[str, ...], Callable[[dict[str, Record]], tuple[Any, str]]], ...
] = (
    ("abstention", ("gold", "verdict-*"), _abstention),
    ("retrieval", ("retrieval",), _retrieval),
    ("cost", ("cost", "peers"), _cost),
)

if __name__ == "__main__":
    raise SystemExit(main())
