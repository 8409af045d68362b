"""A note as one HTML page: self-contained, without JavaScript, and allowed to load nothing.

The template neutralises and escapes all that it prints (Jinja2, StrictUndefined); the page's own policy
forbids whatever is not its one style block, which it names by its hash.
"""

from __future__ import annotations

import base64
import hashlib
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING

from factcheck.models import Note
from factcheck.newsroom import Newsroom
from factcheck.report import view
from factcheck.report.script import tag
from factcheck.report.told import Lookup
from factcheck.text.scrub import for_page
from factcheck.wording import table

if TYPE_CHECKING:
    from jinja2 import Environment


def render(note: Note, lookup: Lookup, newsroom: Newsroom) -> str:
    """The page. `lookup` gives a stored report by its id, or None where it is not at hand."""
    page = view.page(note, lookup, newsroom)
    style = _style([c.number for c in page.cards])
    words = table(note.language, "page")
    return (
        _environment()
        .get_template("page.html")
        .render(
            page=page,
            note=note,
            w=words["html"],
            kinds=words["kind"],
            common=table(note.language)["page"],
            style=_markup(style),
            policy=policy(style),
            tag=tag,
        )
    )


def policy(style: str) -> str:
    """What the page may load: nothing; and the one style block it may have."""
    digest = base64.b64encode(hashlib.sha256(style.encode("utf-8")).digest()).decode("ascii")
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def _style(numbers: list[int]) -> str:
    """The style sheet, and a rule for each claim that lights up card and text together."""
    lit = ",\n".join(f":root:has(:is(#c{n}, #m{n}):target) .mark.s{n}" for n in numbers)
    cards = ",\n".join(f":root:has(#m{n}:target) .card.s{n}" for n in numbers)
    css = _file("style.css")
    if numbers:
        css += f"{lit} {{ background: var(--glow); outline: 2px solid var(--link); }}\n"
        css += f"{cards} {{ outline: 3px solid var(--link); outline-offset: 2px; }}\n"
    return "\n" + css


@lru_cache(maxsize=1)
def _environment() -> Environment:
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    return Environment(
        loader=FunctionLoader(_file), autoescape=True, undefined=StrictUndefined,
        finalize=_neutral,
    )  # fmt: skip


def _neutral(value: object) -> object:
    """Whatever the template prints, without what HTML cannot hold or what turns text around."""
    return for_page(value) if type(value) is str else value


def _markup(style: str) -> object:
    """The style sheet as it is: it is ours, and holds nothing from outside."""
    from markupsafe import Markup

    return Markup(style)  # noqa: S704


def _file(name: str) -> str:
    return resources.files("factcheck.report").joinpath("page", name).read_text(encoding="utf-8")
