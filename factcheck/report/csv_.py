"""The claims as CSV, one a row, for a spreadsheet. No cell can be taken for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from factcheck.models import Note
from factcheck.newsroom import Newsroom
from factcheck.report import ruling
from factcheck.text.scrub import one_line
from factcheck.wording import verdicts

COLUMNS = (
    "claim", "start", "end", "said", "statement", "kind", "said_by", "verdict", "label",
    "machine_verdict", "answers", "flags", "origins", "rationale", "citations", "quotations",
    "sources", "urls", "editor", "reason", "dropped", "error",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def render(note: Note, newsroom: Newsroom) -> str:
    """RFC 4180 with a header and CRLF; several values in one cell are parted by " | "."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows([cell(v) for v in row] for row in rows(note, newsroom))
    return out.getvalue()


def rows(note: Note, newsroom: Newsroom) -> list[tuple[str, ...]]:
    """The cells as they are, before anything is neutralised."""
    names = verdicts(note.language, newsroom.labels)
    out: list[tuple[str, ...]] = []
    for a in note.assessments:
        c, verdict = a.claim, ruling.verdict(note, a)
        own = note.decided(c.id, "drop") or note.decided(c.id, "verdict")
        out.append((
            c.id, str(c.start), str(c.end), c.said, c.statement, str(c.kind),
            _joined(f"{x.who} ({x.role})" for x in c.attribution),
            verdict, names[verdict], str(a.verdict or ""), a.answers,
            _joined(a.flags), _joined(a.origins), ruling.why(a),
            _joined(k.id for k in a.citations), _joined(k.quote for k in a.citations),
            _joined(f"{k.publisher}, {k.published or ''}".rstrip(", ") for k in a.citations),
            _joined(k.url or "" for k in a.citations),
            own.by if own else "", own.reason if own else "",
            "yes" if ruling.dropped(note, a) else "", a.error or "",
        ))  # fmt: skip
    return out


def cell(value: str) -> str:
    """One line that no spreadsheet runs: what looks like the start of a formula gets a "'" before it."""
    risky = value.lstrip(" ").startswith(_FORMULA)
    line = one_line(value)
    return "'" + line if risky or line.startswith(_FORMULA) else line


def _joined(values: Iterable[str]) -> str:
    return " | ".join(one_line(v) for v in values)
