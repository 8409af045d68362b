"""Reference files: YAML front matter, then the report's text.

    ---
    id: F072
    publisher: OCHA via RFE/RL
    kind: un
    title: ...
    published: 2013-11-05
    language: en
    origins: [OCHA]
    form: digest
    ---
    The text.

`id`, `publisher`, `kind` and `title` are required. Anything wrong is a ReferenceFileError that
names the file and the line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any

from factcheck.errors import InputError, ReferenceFileError
from factcheck.files import decode, read_bytes
from factcheck.models import Reference

KINDS = (
    "un", "monitor", "wire", "broadcaster", "newspaper", "state_media", "ngo", "academic", "other",
)  # fmt: skip
FORMS = ("report", "digest")
LIMIT = 5_000_000  # bytes of one report
_REQUIRED = ("id", "publisher", "kind", "title")
_KNOWN = frozenset(
    "id publisher kind title url published event_date language original_language origins form "
    "licence tags country archive_url replaces".split()
)
_ID = re.compile(r"[A-Za-z0-9][\w.\-]{0,99}")


def collect(paths: Iterable[Path]) -> list[Path]:
    """The reference files that `paths` name: files as they are, folders searched for *.md.

    Raises InputError for a path that does not exist and a folder that holds no *.md file.
    """
    files: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(p for p in path.rglob("*.md") if p.is_file())
            if not inside:
                raise InputError(
                    f"{path} holds no .md files", hint="A reference is a Markdown file; see docs."
                )
            files.extend(inside)
        elif path.exists():
            files.append(path)
        else:
            raise InputError(f"{path} does not exist", hint="Check the path.")
    return files


def read(path: Path) -> Reference:
    """One reference out of its file. Raises ReferenceFileError (file and line named)."""
    text = decode(read_bytes(path, what="a reference", limit=LIMIT), name=str(path))
    return parse(text, name=str(path))


def read_all(paths: Iterable[Path]) -> list[Reference]:
    """All references that `paths` name; an id that stands in two files is an error."""
    seen: dict[str, Path] = {}
    references = []
    for file in collect(paths):
        reference = read(file)
        if reference.id in seen:
            raise ReferenceFileError(
                f"id {reference.id} stands in two files: {seen[reference.id]} and {file}",
                hint="Give each report an id of its own.",
            )
        seen[reference.id] = file
        references.append(reference)
    return references


def parse(text: str, *, name: str) -> Reference:
    """A reference out of the text of its file; `name` is used in error messages."""
    fields, body, first_line = front_matter(text, name=name)
    if not fields:
        raise ReferenceFileError(
            f"{name}, line 1: no front matter",
            hint="Begin the file with --- and the fields id, publisher, kind, title.",
        )

    def fail(key: str, what: str, hint: str) -> ReferenceFileError:
        line = next(
            (i for i, row in enumerate(text.splitlines(), 1) if row.startswith(f"{key}:")), 1
        )
        return ReferenceFileError(f"{name}, line {line}: {what}", hint=hint)

    for key in _REQUIRED:
        if not str(fields.get(key) or "").strip():
            raise fail(key, f"the field `{key}` is missing", f"Add `{key}:` to the front matter.")
    for key in fields:
        if key not in _KNOWN:
            raise fail(key, f"unknown field `{key}`", f"Known fields: {', '.join(sorted(_KNOWN))}.")
    if not _ID.fullmatch(str(fields["id"])):
        raise fail("id", f"`{fields['id']}` is no id", "Use letters, digits, '.', '_' and '-'.")
    if fields["kind"] not in KINDS:
        raise fail("kind", f"unknown kind `{fields['kind']}`", f"One of: {', '.join(KINDS)}.")
    form = str(fields.get("form") or "report")
    if form not in FORMS:
        raise fail("form", f"unknown form `{form}`", f"One of: {', '.join(FORMS)}.")
    origins = fields.get("origins") or []
    if not isinstance(origins, list) or not all(isinstance(o, str) and o.strip() for o in origins):
        raise fail("origins", "`origins` is not a list of names", "Write `origins: [SOHR, AFP]`.")
    if not body.strip():
        raise ReferenceFileError(
            f"{name}, line {first_line}: the report has no text",
            hint="Put the text below the second ---.",
        )
    return Reference(
        id=str(fields["id"]),
        publisher=str(fields["publisher"]).strip(),
        kind=str(fields["kind"]),
        title=str(fields["title"]).strip(),
        text=body.strip(),
        url=str(fields["url"]) if fields.get("url") else None,
        published=_date(fields.get("published"), "published", fail),
        event_date=_date(fields.get("event_date"), "event_date", fail),
        language=str(fields.get("language") or "und"),
        origins=tuple(o.strip() for o in origins),
        form=form,
        licence=str(fields["licence"]) if fields.get("licence") else None,
        tags=_names(fields.get("tags"), "tags", fail),
        countries=_names(fields.get("country"), "country", fail),
        archive_url=str(fields["archive_url"]) if fields.get("archive_url") else None,
        replaces=str(fields["replaces"]) if fields.get("replaces") else None,
    )


def front_matter(text: str, *, name: str) -> tuple[dict[str, Any], str, int]:
    """Split a Markdown file: its front matter, the body, and the line on which the body begins.

    The body starts at its first character that is no line break. Without front matter the fields
    are empty. Raises ReferenceFileError on broken YAML.
    """
    import yaml

    if not re.match(r"---[ \t]*\r?\n", text):
        return {}, text, 1
    closing = re.search(r"^(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", text[4:], re.MULTILINE)
    if closing is None:
        raise ReferenceFileError(
            f"{name}, line 1: the front matter is not closed", hint="End it with a line of ---."
        )
    head, body = text[4 : 4 + closing.start()], text[4 + closing.end() :]
    line = text[: 4 + closing.end()].count("\n") + 1
    try:
        fields = yaml.safe_load(head)
    except yaml.YAMLError as error:
        mark = getattr(error, "context_mark", None) or getattr(error, "problem_mark", None)
        at = (mark.line + 2) if mark else 1
        problem = getattr(error, "problem", None) or "not valid YAML"
        raise ReferenceFileError(
            f"{name}, line {at}: broken front matter: {problem}",
            hint="Put values with a colon or a quote in double quotes.",
        ) from error
    except ValueError as error:  # a date such as 2013-13-45
        raise ReferenceFileError(
            f"{name}: broken front matter: {error}", hint="Write dates as YYYY-MM-DD."
        ) from error
    if fields is None:
        fields = {}
    if not isinstance(fields, dict):
        raise ReferenceFileError(
            f"{name}, line 2: the front matter is not a list of `field: value`",
            hint="Write one field a line.",
        )
    return {str(k): _whole(v) for k, v in fields.items()}, body.lstrip("\r\n"), line


def _whole(value: Any) -> Any:
    """A value without half letters: YAML reads the escapes "\\ud83d\\ude00" one by one."""
    if isinstance(value, list):
        return [_whole(v) for v in value]
    if not isinstance(value, str):
        return value
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _names(value: object, key: str, fail: Any) -> tuple[str, ...]:
    """One name or a list of names. YAML reads the bare word NO (Norway) as false."""
    if isinstance(value, bool):
        raise fail(key, f"`{key}: {value}` is no name", 'Put it in quotes: "NO".')
    found = [value] if isinstance(value, str) else value or []
    if not isinstance(found, list) or not all(isinstance(n, str) and n.strip() for n in found):
        raise fail(key, f"`{key}` is no list of names", f"Write `{key}: [one, two]`.")
    return tuple(n.strip() for n in found)


def _date(value: object, key: str, fail: Any) -> date | None:
    if value is None or value == "":
        return None
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        raise fail(key, f"`{value}` is no date", "Write it as YYYY-MM-DD.") from None
