"""A note read back from its JSON: the same records, ready to be shown, asked about and decided on.

The texts of reports are not in a note; they come from the store, by id. A report that is not there
any more is restored without its text, and `notefile.recheck` says so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from pydantic import ValidationError

from factcheck.errors import NoteError
from factcheck.models import (
    NOTE_SCHEMA,
    Article,
    Assessment,
    Attribution,
    Citation,
    Claim,
    ClaimKind,
    Decision,
    Fault,
    FigureCheck,
    LedgerEntry,
    LedgerKind,
    Loaded,
    Note,
    Provenance,
    Reference,
    Sentence,
    Stance,
    Usage,
    Verdict,
)
from factcheck.noteshapes import WholeNote

_HINT = "Was it changed by hand? Check the article again."
Lookup = Callable[[str], Reference | None]


def note_from_json(data: dict[str, Any], lookup: Lookup = lambda _: None) -> Note:
    """The note that `Note.to_json` wrote. Raises NoteError where it is not one of ours."""
    if not isinstance(data, dict) or data.get("schema") != NOTE_SCHEMA:
        raise NoteError(
            "not a note of this program",
            hint="Give a file made by `factcheck check --format json`.",
        )
    try:
        WholeNote.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(x) for x in first["loc"]) or "the whole"
        raise NoteError(f"the note is broken: {where}: {first['msg']}", hint=_HINT) from error
    try:
        return _note(data, lookup)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise NoteError(
            f"the note is broken: {type(error).__name__} {error}",
            hint=_HINT,
        ) from error


def _note(data: dict[str, Any], lookup: Lookup) -> Note:
    entries = tuple(
        LedgerEntry(
            start=e["start"], end=e["end"], kind=LedgerKind(e["kind"]), claims=tuple(e["claims"]),
            reason=e["reason"],
        )
        for e in data["ledger"]
    )  # fmt: skip
    sentence_of = {id: n for n, e in enumerate(entries) for id in e.claims}
    article = _article(data["article"])
    usage = data["usage"]
    return Note(
        article=article,
        ledger=entries,
        assessments=tuple(_assessment(c, sentence_of) for c in data["claims"]),
        summary=tuple(_sentence(s) for s in data["summary"]),
        references=tuple(_reference(r, lookup) for r in data["references"]),
        provenance=Provenance(
            **{k: data["provenance"][k] for k in ("analyst", "model", "prompts", "embedding",
                                                  "store", "version", "created")},
            only=str(data["provenance"].get("only", "")),
            newest=data["provenance"].get("newest", ""),
        ),
        usage=Usage(**{k: usage[k] for k in Usage.__slots__ if k in usage}),
        language=data["language"],
        complete=data["complete"],
        faults=tuple(Fault(**f) for f in data.get("faults", ())),
        decisions=tuple(_decision(d) for d in data.get("decisions", ())),
    )  # fmt: skip


def _article(a: dict[str, Any]) -> Article:
    return Article(
        text=a["text"],
        sha256=a["sha256"],
        title=a["title"],
        outlet=a["outlet"],
        url=a["url"],
        published=_day(a["published"]),
        published_inferred=bool(a.get("published_inferred")),
        language=a["language"],
    )


def _reference(r: dict[str, Any], lookup: Lookup) -> Reference:
    listed = Reference(
        id=r["id"], publisher=r["publisher"], kind=r["kind"], title=r["title"], text="",
        url=r["url"], published=_day(r["published"]), event_date=_day(r["event_date"]),
        language=r["language"], origins=tuple(r["origins"]), form=r["form"],
        archive_url=r.get("archive_url"), retrieved=r.get("retrieved"),
    )  # fmt: skip
    stored = lookup(listed.id)
    return replace(listed, text=stored.text if stored else "", digest=r["sha256"])


def _assessment(c: dict[str, Any], sentence_of: dict[str, int]) -> Assessment:
    claim = Claim(
        id=c["id"],
        start=c["start"],
        end=c["end"],
        said=c["said"],
        statement=c["statement"],
        kind=ClaimKind(c["kind"]),
        sentence=sentence_of.get(c["id"], -1),
        attribution=tuple(
            Attribution(who=x["who"], role=x["role"], source=x.get("source"))
            for x in c["attribution"]
        ),
        loaded=tuple(Loaded(**x) for x in c["loaded"]),
        language=c.get("language", ""),
        about=tuple(c.get("about", ())),
        injected="injection_suspected" in c["flags"],
    )
    return Assessment(
        claim=claim,
        verdict=Verdict(c["verdict"]) if c["verdict"] else None,
        answers=c["answers"],
        rule=c["rule"],
        flags=tuple(c["flags"]),
        difference=c["difference"],
        origins=tuple(c["origins"]),
        citations=tuple(_citation(k) for k in c["citations"]),
        figures=tuple(_figure(f) for f in c["figures"]),
        searched=c["searched"],
        nearest=tuple(c["nearest"]),
        rationale=tuple(_sentence(s) for s in c["rationale"]),
        error=c["error"],
    )


def _citation(k: dict[str, Any]) -> Citation:
    return Citation(
        id=k["id"], reference=k["reference"], publisher=k["publisher"],
        published=_day(k["published"]), stance=Stance(k["stance"]), quote=k["quote"],
        start=k["start"], end=k["end"], url=k["url"], origins=tuple(k["origins"]),
        hindsight=k["hindsight"], page=k.get("page"),
    )  # fmt: skip


def _figure(f: dict[str, Any]) -> FigureCheck:
    return FigureCheck(
        claim=f["claim"], evidence=f["evidence"], quantity=f["quantity"], agree=f["agree"],
        citation=f["citation"], published=_day(f["published"]), publisher=f["publisher"],
        origins=tuple(f["origins"]), value=f["value"], newest=f["newest"],
        hindsight=f["hindsight"],
    )  # fmt: skip


def _decision(d: dict[str, Any]) -> Decision:
    for key, value in d.items():
        if not isinstance(value, dict if key == "before" else str):
            raise TypeError(f"a decision's `{key}` is {type(value).__name__}")
    return Decision(**d)


def _sentence(s: dict[str, Any]) -> Sentence:
    return Sentence(text=s["text"], citations=tuple(s["citations"]), status=s["status"])


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None
