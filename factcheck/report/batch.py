"""The index page of a batch: one row an article. No script, no request, every text escaped.

`labels` are a newsroom's own words for the verdicts, in place of ours.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from html import escape
from typing import Any

from factcheck.report.desk import Labels, block
from factcheck.text.scrub import one_line
from factcheck.wording import table, verdicts

_ORDER = (
    "contradicted", "disputed", "partly_supported", "supported", "not_enough_evidence",
    "not_checkable", "failed",
)  # fmt: skip
_STATE = {
    "done": "", "partial": "partial", "failed": "failed", "waiting": "not begun", "kept": "kept",
    "duplicate": "the same article",
}  # fmt: skip
_CSS = """
:root { color-scheme: light dark; font: 16px/1.45 system-ui, sans-serif; }
body { margin: 2rem auto; max-width: 75rem; padding: 0 1rem; }
a { color: #0b559f; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: start; vertical-align: top; padding: .5rem .6rem; border-top: 1px solid #8888; }
td.day { white-space: nowrap; }
td.count { text-align: end; font-variant-numeric: tabular-nums; }
@media (prefers-color-scheme: dark) { a { color: #8ec0f5; } }
.state { font-weight: 600; }
small { display: block; }
@media (max-width: 50rem) {
  thead { position: absolute; left: -999rem; }
  tr { display: block; padding: .6rem 0; border-top: 1px solid #8888; }
  th[scope=row], td { display: block; border: 0; padding: .1rem 0; text-align: start !important; }
  td.count::before { content: attr(data-name) ": "; }
  td.none { display: none; }
}
"""


def page(
    rows: Sequence[dict[str, Any]],
    links: str,
    title: str = "Verification notes",
    labels: Labels = None,
) -> str:
    """The whole page; `links` is the ending of the notes' files that rows link to."""
    return "\n".join(_page(rows, links, title, labels)) + "\n"


def _page(rows: Sequence[dict[str, Any]], links: str, title: str, labels: Labels) -> Iterator[str]:
    names, flags = verdicts("en", labels), table("en")["flag"]
    policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
    yield "<!doctype html>"
    yield '<html lang="en"><head><meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>{escape(title)}</title><style>{_CSS}</style></head><body><main>"
    yield f"<h1>{escape(title)}</h1>"
    yield f"<p>{escape(counted(rows, labels))}</p>"
    yield '<table><thead><tr><th scope="col">Article</th><th scope="col">Published</th>'
    for key in _ORDER:
        yield f'<th scope="col">{escape(names[key])}</th>'
    yield '<th scope="col">Flags</th></tr></thead><tbody>'
    for row in rows:
        yield from _row(row, links, names, flags)
    yield "</tbody></table></main></body></html>"


def _row(
    row: dict[str, Any], links: str, names: dict[str, str], flag_names: dict[str, str]
) -> Iterator[str]:
    name = escape(_title(row))
    language = escape(str(row.get("language") or ""), quote=True)
    lang = f' lang="{language}"' if language and language != "und" else ""
    if row["note"]:
        href = escape(f"{row['note'].removesuffix('.json')}.{links}", quote=True)
        name = f'<a href="{href}"><bdi{lang}>{name}</bdi></a>'
    yield f'<tr><th scope="row">{name}'
    if row.get("outlet"):
        yield f"<small><bdi>{escape(one_line(str(row['outlet'])))}</bdi></small>"
    if state := _told(row):
        yield f'<small class="state">{escape(state)}</small>'
    yield "</th>"
    published = escape(str(row.get("published") or "undated")) if row["note"] else ""
    yield f'<td class="day{"" if published else " none"}">{published}</td>'
    for key in _ORDER:
        count = row.get("verdicts", {}).get(key, 0)
        shown = str(count) if count else ""
        yield (
            f'<td class="count{"" if count else " none"}" data-name="'
            f'{escape(names[key], quote=True)}">{shown}</td>'
        )
    flags = ", ".join(
        f"{flag_names.get(flag, one_line(flag))} ({count})"
        for flag, count in row.get("flags", {}).items()
    )
    yield f'<td class="{"" if flags else "none"}">{escape(flags)}</td></tr>'


def _title(row: dict[str, Any]) -> str:
    return one_line(str(row.get("title") or row["source"].rsplit("/", 1)[-1] or row["source"]))


def _told(row: dict[str, Any]) -> str:
    """What an editor must know of a row before its figures."""
    parts = [_STATE.get(row["state"], row["state"])]
    if row["error"] and row["state"] != "duplicate":
        parts.append(one_line(row["error"]))
    if row.get("signed"):
        since = f", then {row['since_signed']}" if row.get("since_signed") else ""
        parts.append(f"signed by {one_line(str(row['signed']))}{since}")
    return " · ".join(p for p in parts if p)


def counted(rows: Sequence[dict[str, Any]], labels: Labels = None) -> str:
    """How many articles and claims, and how they ended, in one line."""
    states = Counter(r["state"] for r in rows)
    total: Counter[str] = Counter()
    for row in rows:
        if row["state"] != "duplicate":
            total.update(row.get("verdicts", {}))
    ours, names = table("en")["verdict"], verdicts("en", labels)
    line = _many(len(rows), "article")
    ended = [f"{states[s]} {_STATE[s]}" for s in _STATE if _STATE[s] and states[s]]
    line += f" ({', '.join(ended)})" if ended else ""
    # Our own words go into the line in small letters; a house's stay as it writes them.
    said = {k: names[k].lower() if names[k] == ours[k] else names[k] for k in _ORDER}
    claims = ", ".join(f"{total[k]} {said[k]}" for k in _ORDER if total[k])
    return f"{line}; {_many(sum(total.values()), 'claim')}: {claims}." if claims else f"{line}."


def summary(rows: Sequence[dict[str, Any]], width: int, labels: Labels = None) -> Iterator[str]:
    """What the command prints at the end: the counts, then what went wrong, with what to do."""
    yield from block("", counted(rows, labels), width)
    for row in rows:
        if row["state"] in ("failed", "partial", "kept"):
            yield from block("  ", f"{_STATE[row['state']]}: {one_line(row['source'])}", width)
            for line in (row["error"], row["hint"]):
                if line:
                    yield from block("    ", one_line(line), width)
    waiting = [r for r in rows if r["state"] == "waiting"]
    if waiting:
        yield from block("  ", f"not begun: {_many(len(waiting), 'article')}", width)
    if any(r["state"] in ("failed", "partial", "waiting") for r in rows):
        yield "Go on with the same command and --resume."


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
