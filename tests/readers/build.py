"""Small files of each kind, made on the spot: honest ones, and the pieces of hostile ones."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Sequence
from email.message import EmailMessage

LINES = (
    "The local council of Safira said on Friday that 1,200 families had left the town",
    "since the first week of November, most of them on foot and at night.",
)


# ---------------------------------------------------------------- PDF


def pdf_of(objects: Sequence[bytes], *, info: int | None = None) -> bytes:
    """A PDF file of numbered objects; the first one is the catalogue."""
    out, at = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        at.append(len(out))
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    table = b"".join(b"%010d 00000 n \n" % a for a in at)
    more = b" /Info %d 0 R" % info if info else b""
    return (
        out
        + b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
        + table
        + b"trailer << /Size %d /Root 1 0 R%s >>\n" % (len(objects) + 1, more)
        + b"startxref\n%d\n%%%%EOF" % len(out)
    )


def stream(data: bytes, packed: bytes | None = None) -> bytes:
    packed = zlib.compress(data) if packed is None else packed
    head = b"<< /Length %d /Filter /FlateDecode >>\nstream\n" % len(packed)
    return head + packed + b"\nendstream"


def drawn(lines: Sequence[str]) -> bytes:
    """The drawing instructions for lines of text, one below the other."""

    def literal(line: str) -> bytes:
        raw = line.encode("cp1252")
        return b"".join(b"\\%03o" % c if chr(c) in "\\()" or c > 126 else bytes((c,)) for c in raw)

    shown = b"\n".join(b"(%s) Tj T*" % literal(line) for line in lines)
    return b"BT /F1 11 Tf 50 800 Td 14 TL\n" + shown + b"\nET"


def pdf(
    pages: Sequence[Sequence[str] | bytes],
    *,
    info: bytes = b"",
    catalogue: bytes = b"",
    kids: bytes | None = None,
    xmp: bytes = b"",
) -> bytes:
    """A PDF of pages of lines (bytes: a stream object as it stands). `info` is the inside of the
    information dictionary, `catalogue` more of the catalogue, `kids` other kids of the root."""
    n = len(pages)
    own = b" ".join(b"%d 0 R" % (4 + 2 * i) for i in range(n))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R %s %s >>"
        % (catalogue, b"/Metadata %d 0 R" % (5 + 2 * n) if xmp else b""),
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (own if kids is None else kids, n),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for i, page in enumerate(pages):
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842]"
            b" /Resources << /Font << /F1 3 0 R >> >> /Contents %d 0 R >>" % (5 + 2 * i)
        )
        objects.append(page if isinstance(page, bytes) else stream(drawn(page)))
    objects.append(b"<< %s >>" % info)
    if xmp:
        objects.append(
            b"<< /Type /Metadata /Subtype /XML /Length %d >>\nstream\n" % len(xmp)
            + xmp
            + b"\nendstream"
        )
    return pdf_of(objects, info=4 + 2 * n)


XMP = b"""<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:prism="http://prismstandard.org/namespaces/basic/2.0/" prism:publicationDate="2013-11-08">
<dc:publisher><rdf:Bag><rdf:li>Example Relief</rdf:li></rdf:Bag></dc:publisher>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">Safira in November</rdf:li></rdf:Alt></dc:title>
</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>"""


# ---------------------------------------------------------------- Word


def docx(*paragraphs: str, title: str = "", edit: object = None) -> bytes:
    """A Word file of paragraphs; `edit(document)` may add to it."""
    import docx as library

    document = library.Document()
    document.core_properties.title = title
    for words in paragraphs:
        document.add_paragraph(words)
    if callable(edit):
        edit(document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def rezipped(
    data: bytes, change: dict[str, bytes] | None = None, *more: tuple[str, bytes]
) -> bytes:
    """A Word file with some parts changed and others added, under any name."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.infolist():
            new.writestr(part.filename, (change or {}).get(part.filename, old.read(part)))
        for name, body in more:
            new.writestr(name, body)
    return out.getvalue()


def part(data: bytes, name: str = "word/document.xml") -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name)


# ---------------------------------------------------------------- web page


def page(
    *paragraphs: str, head: str = "", attributes: str = ' lang="en"', title: str = "Snow on Safira"
) -> bytes:
    told = "".join(f"<p>{words}</p>" for words in paragraphs or LINES)
    return (
        f"<!doctype html><html{attributes}><head><title>{title}</title>{head}</head>"
        f"<body><article>{told}</article></body></html>"
    ).encode()


# ---------------------------------------------------------------- e-mail


def mail(text: str = " ".join(LINES), **headers: str) -> EmailMessage:
    message = EmailMessage()
    named = {
        "From": "Example Relief <press@relief.example>",
        "Subject": "Safira in November",
        "Date": "Fri, 08 Nov 2013 09:00:00 +0300",
        **headers,
    }
    for name, value in named.items():
        if value:
            message[name] = value
    if text:
        message.set_content(text)
    return message
