"""Tables in Markdown, printed and where wanted put into the page of benchmarks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

PAGE = Path(__file__).parent.parent / "docs" / "benchmarks.md"


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A Markdown table; the first column is text, the others stand to the right."""
    lines = [_row(head), _row(["---", *["---:"] * (len(head) - 1)])]
    return "\n".join([*lines, *(_row([_cell(c) for c in row]) for row in rows)])


def show(title: str, head: Sequence[str], rows: Sequence[Sequence[object]], note: str = "") -> None:
    """Print a titled table."""
    print(f"\n{_section(title, head, rows, note)}")


def write(
    title: str, head: Sequence[str], rows: Sequence[Sequence[object]], note: str = ""
) -> None:
    """Put a titled table into the page of benchmarks, in place of the one of that title."""
    page = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(replaced(page, title, _section(title, head, rows, note)), encoding="utf-8")


def replaced(page: str, title: str, section: str) -> str:
    """The page with its section of that title, up to the next heading, exchanged; or added."""
    found = re.search(rf"^### {re.escape(title)}\n.*?(?=^#|\Z)", page, re.DOTALL | re.MULTILINE)
    if found is None:
        return f"{page.rstrip()}\n\n{section}\n"
    rest = page[found.end() :]
    return f"{page[: found.start()]}{section}\n" + (f"\n{rest}" if rest else "")


def _section(title: str, head: Sequence[str], rows: Sequence[Sequence[object]], note: str) -> str:
    return f"### {title}\n\n{table(head, rows)}" + (f"\n\n{note}" if note else "")


def _cell(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.2f}"
    return f"{value:,}" if isinstance(value, int) else str(value)


def _row(cells: Sequence[object]) -> str:
    return "| " + " | ".join(map(str, cells)) + " |"
