"""Keeping a collection in order: a report's fields corrected by hand, and what looks suspicious."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from factcheck.errors import InputError, UsageError
from factcheck.filters import country_code
from factcheck.lineage import near_copies
from factcheck.models import Reference
from factcheck.refs import KINDS
from factcheck.sources import Register
from factcheck.store import Store
from factcheck.text.language import identify_among

_MUCH = 400  # characters from which a text's language can be told
_LANGUAGES = ("ar", "de", "en", "es", "fr", "id", "tr")


@dataclass(frozen=True, slots=True)
class Finding:
    """Something suspicious. kind: undated, future, event_after_publication, unknown_publisher,
    near_copy, same_address, replaces_unknown, replaces_newer, language."""

    kind: str
    references: tuple[str, ...]
    what: str
    hint: str


def edit(store: Store, id: str, **changes: Any) -> Reference:
    """Change fields of a stored report; what is None stays. Its text cannot be changed, so that
    quotations keep their place. Origins changed here count as edited: nothing read out of the text
    takes their place again.

    Raises InputError for an unknown report, UsageError for a value that does not fit.
    """
    reference = store.reference(id)
    if reference is None:
        raise InputError(f"the collection holds no report `{id}`", hint="See: factcheck refs list.")
    wanted = {key: value for key, value in changes.items() if value is not None}
    if not wanted:
        raise UsageError("nothing to change", hint="Give --origins, --published or another field.")
    if wanted.get("kind") not in (None, *KINDS):
        raise UsageError(f"unknown kind `{wanted['kind']}`", hint=f"One of: {', '.join(KINDS)}.")
    if "countries" in wanted:
        wanted["countries"] = tuple(country_code(c) for c in wanted["countries"])
    for key in ("publisher", "title"):
        if key in wanted and not str(wanted[key]).strip():
            raise UsageError(f"the {key} cannot be empty", hint="Give it a name.")
    if "origins" in wanted:
        register = Register.load()
        wanted["origins"] = tuple(register.canonical(o) for o in wanted["origins"])
        wanted["origins_from"] = "edited"
    changed = replace(reference, **wanted)
    if changed != reference:
        store.add([changed])
    return changed


# ---------------------------------------------------------------- what is suspicious


def lint(references: Sequence[Reference], today: date | None = None) -> list[Finding]:
    """All that looks suspicious, by kind and then by id."""
    today = today or date.today()
    register = Register.load()
    found = [
        *(f for r in references for f in _alone(r, today)),
        *_unknown(references, register),
        *_replaced(references),
        *_same_address(references),
        *_copies(references),
    ]
    return sorted(found, key=lambda f: (f.kind, f.references))


def _alone(r: Reference, today: date) -> Iterator[Finding]:
    if r.published is None:
        yield Finding("undated", (r.id,), "has no day of publication and is never the current report",
                      f"factcheck refs edit {r.id} --published YYYY-MM-DD")  # fmt: skip
    elif r.published > today:
        yield Finding("future", (r.id,), f"was published on {r.published}, which is yet to come",
                      f"factcheck refs edit {r.id} --published YYYY-MM-DD")  # fmt: skip
    if r.published and r.event_date and r.event_date > r.published:
        yield Finding("event_after_publication", (r.id,),
                      f"tells of {r.event_date} but was published on {r.published}",
                      f"factcheck refs edit {r.id} --event-date YYYY-MM-DD")  # fmt: skip
    if len(r.text) >= _MUCH and r.language in _LANGUAGES:
        seen = identify_among(r.text[:4000], _LANGUAGES, r.language)
        if seen != r.language:
            yield Finding("language", (r.id,), f"is marked as `{r.language}` but reads like `{seen}`",
                          f"factcheck refs edit {r.id} --language {seen}")  # fmt: skip


def _unknown(references: Sequence[Reference], register: Register) -> Iterator[Finding]:
    by_publisher: dict[str, list[str]] = defaultdict(list)
    for r in references:
        by_publisher[r.publisher].append(r.id)
    for publisher, ids in by_publisher.items():
        if not register.find(publisher) and not register.named(publisher):
            come = "comes" if len(ids) == 1 else "come"
            yield Finding("unknown_publisher", tuple(ids),
                          f"{come} from `{publisher}`, which the register of sources does not know",
                          "Give origins with `factcheck refs edit`, or add it to the register.")  # fmt: skip


def _replaced(references: Sequence[Reference]) -> Iterator[Finding]:
    by_id = {r.id: r for r in references}
    for r in references:
        if not r.replaces:
            continue
        old = by_id.get(r.replaces)
        if old is None:
            yield Finding("replaces_unknown", (r.id,), f"replaces `{r.replaces}`, which is not here",
                          "Check the id, or add the earlier report.")  # fmt: skip
        elif r.published and old.published and r.published < old.published:
            yield Finding("replaces_newer", (r.id, old.id),
                          f"is of {r.published}, older than the report of {old.published} that it replaces",
                          "Exchange the two, or correct a date.")  # fmt: skip


def _same_address(references: Sequence[Reference]) -> Iterator[Finding]:
    by_url: dict[str, list[str]] = defaultdict(list)
    for r in references:
        if r.url:
            by_url[r.url.rstrip("/")].append(r.id)
    for url, ids in by_url.items():
        if len(ids) > 1:
            yield Finding("same_address", tuple(ids), f"have one address: {url}",
                          "Remove all but one: factcheck refs remove ID.")  # fmt: skip


def _copies(references: Sequence[Reference]) -> Iterator[Finding]:
    by_id = {r.id: r for r in references}
    for copy in near_copies(references):
        a, b = by_id[copy.earlier], by_id[copy.later]
        shared = (
            "with the same origins" if set(a.origins) == set(b.origins) else "with other origins"
        )
        yield Finding("near_copy", (a.id, b.id),
                      f"share {copy.likeness:.0%} of the shorter one's words, {shared}",
                      f"If one copied the other: factcheck refs edit {b.id} --origins"
                      f" \"{', '.join(a.origins) or a.publisher}\"")  # fmt: skip
