"""Tables of reports: which column holds which field, and a document out of each row."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from factcheck.errors import InputError
from factcheck.readers.document import Document, line

# What columns are called, the plainest name first. Case, blanks, hyphens and underscores do not count.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "text": ("text", "fulltext", "body", "articletext", "article", "content", "contents", "isi",
             "isiberita", "teks", "texte", "texto", "contenu", "contenido", "inhalt", "metin", "النص", "نص"),
    "title": ("title", "headline", "heading", "judul", "titre", "titulo", "título", "titel", "überschrift",
              "baslik", "başlık", "العنوان", "عنوان"),
    "publisher": ("publisher", "outlet", "sitename", "source", "sourcename", "organisation",
                  "organization", "agency", "media", "penerbit", "sumber", "éditeur", "editeur",
                  "herausgeber", "fuente", "medio", "الناشر", "المصدر"),
    "published": ("published", "publishedat", "publisheddate", "datepublished", "publicationdate",
                  "publishdate", "pubdate", "date", "tanggal", "tanggalterbit", "datum", "fecha", "tarih",
                  "تاريخالنشر", "التاريخ"),
    "event_date": ("eventdate", "dateofevent", "tanggalkejadian"),
    "url": ("url", "link", "href", "address", "permalink", "canonicalurl", "tautan", "lien", "enlace"),
    "language": ("language", "lang", "languagecode", "bahasa", "langue", "idioma", "sprache", "dil", "اللغة"),
    "kind": ("kind",),
    "id": ("id", "referenceid", "reportid"),
    "origins": ("origins", "origin"),
    "tags": ("tags", "tag", "keywords", "labels"),
    "country": ("country", "countries", "countrycode", "iso2"),
    "form": ("form",),
    "licence": ("licence", "license"),
    "archive_url": ("archiveurl", "archive", "archivedurl"),
    "original_language": ("originallanguage",),
    "replaces": ("replaces",),
}  # fmt: skip
LISTS = ("origins", "tags", "country")
_TEXT = ("text", "title", "publisher")


def columns(names: Sequence[str], mapping: Mapping[str, str], *, name: str) -> dict[str, str]:
    """Which column holds which field: as `mapping` says, else by the columns' names.

    Raises InputError where a mapped field or column does not exist, or no column holds the text.
    """
    by_name: dict[str, str] = {}
    for column in names:
        by_name.setdefault(_plain(column), column)
    found: dict[str, str] = {}
    for field, column in mapping.items():
        if field not in COLUMNS:
            raise InputError(
                f"--map {field}={column}: there is no field `{field}`",
                hint=f"Fields: {', '.join(COLUMNS)}.",
            )
        if column not in names and not (column.split(".")[0] in names and "." in column):
            raise InputError(
                f"{name} has no column `{column}`", hint=f"Its columns: {', '.join(names[:30])}."
            )
        found[field] = column
    taken = set(found.values())
    for field, synonyms in COLUMNS.items():
        if field not in found:
            column = next(
                (by_name[s] for s in synonyms if by_name.get(s, "") not in ("", *taken)), ""
            )
            if column:
                found[field] = column
                taken.add(column)
    if "text" not in found:
        raise InputError(
            f"{name} has no column for the text",
            hint=f"Say which: --map text=COLUMN. Its columns: {', '.join(names[:30])}.",
        )
    return found


def told(names: Iterable[str], found: Mapping[str, str]) -> str:
    """Which columns are read as what, and which are left, in a line."""
    read = ", ".join(f"{f} from `{c}`" for f, c in found.items() if _plain(f) != _plain(c))
    tops = {c.split(".")[0] for c in found.values()} | set(found.values())
    left = ", ".join(f"`{c}`" for c in names if c not in tops)
    return "; ".join(filter(None, (read, f"not read: {left}" if left else "")))


def document(
    row: Mapping[str, Any],
    found: Mapping[str, str],
    *,
    place: str,
    format: str,
    raw: str,
    told: str = "",
) -> Document:
    """A document out of a row; `told` is a remark on it. Raises InputError that names its place."""
    fields: dict[str, Any] = {}
    for field, column in found.items():
        value = _at(row, column)
        if value is None or value == "" or value == []:
            continue
        if field in LISTS:
            value = _list(value)
        elif field in _TEXT and not isinstance(value, str):
            raise InputError(
                f"{place}: `{column}` is no text but {type(value).__name__}",
                hint=f"Name another column: --map {field}=COLUMN (dots lead inside: content.body).",
            )
        elif isinstance(value, (dict, list)):
            raise InputError(
                f"{place}: `{column}` is no single value",
                hint=f"Name another: --map {field}=COLUMN.",
            )
        fields[field] = value
    text = str(fields.pop("text", "")).strip()
    if not any(c.isalpha() for c in text):
        raise InputError(
            f"{place}: the report has no text (column `{found['text']}`)",
            hint="Fill it in, or name the column that holds the text: --map text=COLUMN.",
        )
    if "title" in fields:
        fields["title"] = line(fields["title"]) or fields["title"]
    return Document(
        text=text,
        format=format,
        fields=fields,
        place=place,
        remarks=(told,) if told else (),
        sha256=hashlib.sha256(raw.encode("utf-8", "surrogatepass")).hexdigest(),
    )


def _at(row: Mapping[str, Any], column: str) -> Any:
    """The value of a column; "a.b" leads into a nested one."""
    if column in row:
        return row[column]
    value: Any = row
    for part in column.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return value


def _list(value: Any) -> Any:
    """Names in one cell: parted by semicolons or bars, else by commas."""
    if not isinstance(value, str):
        return value
    mark = next((m for m in ";|" if m in value), ",")
    return [part.strip() for part in value.split(mark) if part.strip()]


def _plain(name: str) -> str:
    return "".join(c for c in name.casefold() if c not in " -_\ufeff")
