"""Markdown and plain text: front matter where there is any, then the text as it stands."""

from __future__ import annotations

import re

from factcheck.files import decode
from factcheck.readers import matter
from factcheck.readers.document import Document, line

_HEADING = re.compile(r"\s*#[ \t]+([^\n]+?)[ \t#]*(?:\n|\Z)")


def read(
    data: bytes,
    *,
    name: str,
    encoding: str | None = None,
    charset: str | None = None,
    markdown: bool = True,
) -> Document:
    """A document out of Markdown or plain text. Its first heading, if it opens it, is the title.

    Raises InputError for what is no text and ReferenceFileError for broken front matter.
    """
    text = decode(data, name=name, encoding=encoding, called=(charset,))
    found = matter.split(text, name=name)
    heading = _HEADING.match(found.body) if markdown else None
    return Document(
        text=found.body.rstrip() if found.lines else found.body,
        format="markdown" if markdown else "text",
        title=line(heading[1]) if heading else None,
        fields=found.fields,
        places={k: f"{name}, line {n}" for k, n in found.lines.items()}
        | {"text": f"{name}, line {found.body_line}"},
        place=f"{name}, line 1",
    )
