"""What notes say in the languages of the interface, and how dates are written in them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from importlib import resources

LANGUAGES = ("en", "id")


@lru_cache(maxsize=8)
def table(language: str, of: str = "") -> dict[str, dict[str, str]]:
    """All wording of a language (English for one without its own).

    `of` names a file of wording for one place alone: "page" is that of the HTML page and exports.
    """
    name = language if language in LANGUAGES else "en"
    file = f"{of}.{name}.toml" if of else f"{name}.toml"
    path = resources.files("factcheck").joinpath("lexicon", "wording", file)
    return tomllib.loads(path.read_text(encoding="utf-8"))


def verdicts(language: str, house: Mapping[str, str] | None = None) -> dict[str, str]:
    """What each verdict is called: by a newsroom's own labels where it has any."""
    return table(language)["verdict"] | dict(house or {})


def say(language: str, section: str, key: str, **values: object) -> str:
    """A phrase with its placeholders filled; values are put in as they are."""
    return table(language)[section][key].format(**values)


def leaf(page: int | None, language: str) -> str:
    """The page of a quotation, to follow a date: ", p. 3"; "" where the report has no pages."""
    return f", {say(language, 'page', 'leaf', number=page)}" if page else ""


def day(when: date | None, language: str) -> str:
    """A date as the language writes it, "5 November 2013"."""
    if when is None:
        return table(language)["page"]["undated"]
    from babel.dates import format_date

    name = language if language in LANGUAGES else "en"
    pattern = "d MMMM y"
    return str(format_date(when, format=pattern, locale=name))
