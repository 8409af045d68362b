"""Saved e-mail (.eml): the message as a document, and each attachment that can be read as another."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Callable, Iterator
from datetime import date
from email.message import EmailMessage
from email.utils import parseaddr, parsedate_to_datetime
from pathlib import PurePosixPath
from typing import Any

from factcheck.errors import FactcheckError, InputError
from factcheck.files import decode
from factcheck.readers import document
from factcheck.readers.document import Document
from factcheck.readers.limits import MAIL_DEPTH, MAIL_PARTS

_HEADER = 10_000  # characters: the library takes minutes over much longer ones
# A header that the library takes apart while it reads, with the lines it is folded into.
_CONTENT = re.compile(rb"^content-[^\r\n]*(?:\r?\n?[ \t][^\r\n]*)*", re.IGNORECASE | re.MULTILINE)
Read = Callable[[bytes, str], Document]  # of an attachment or an HTML part, by its name


def read_many(data: bytes, *, name: str, read: Read) -> Iterator[Document | InputError]:
    """The message, then its attachments: documents, or the errors of those that cannot be read.

    The sender's name stands for the publisher, the subject for the title, the day on which it was
    sent for that of publication. `read` reads the other formats. Raises InputError where the
    message as a whole cannot be read.
    """
    message = _parsed(data, name)
    said = _stated(message)
    plain, pages, attached = _parts(message, name)
    remarks: list[str] = []
    text = _body(plain, pages, name, read)
    extra: list[Document | InputError] = []
    for part in attached:
        label = _filename(part)
        try:
            extra.append(_attachment(part, label, name, read, said))
        except FactcheckError as error:
            remarks.append(f"attachment {label} is passed over: {error}")
    if text:
        yield Document(text=text, format="eml", place=name, remarks=tuple(remarks), **said)
    elif not extra:
        raise InputError(
            f"{name} has no text in it" + (f"; {remarks[0]}" if remarks else ""),
            hint="Save the text alone as a .txt file.",
        )
    yield from extra


def _parsed(data: bytes, name: str) -> EmailMessage:
    if data.count(b"\n--") > 50 * MAIL_PARTS or data.lower().count(b"multipart/") > MAIL_PARTS:
        raise _too_many(name)
    if any(len(m[0]) > _HEADER for m in _CONTENT.finditer(data)):
        raise InputError(f"{name}: a header is too long", hint="Save its text as .txt.")
    try:
        message = email.message_from_bytes(data, policy=email.policy.default)
    except Exception as error:
        raise InputError(
            f"{name} cannot be read as an e-mail: {type(error).__name__}",
            hint="Save it again as .eml, or its text alone as .txt.",
        ) from error
    assert isinstance(message, EmailMessage)
    if not any(_header(message, key) for key in ("from", "subject", "date")):
        raise InputError(
            f"{name} is no e-mail: it has no From, Subject or Date",
            hint="Save it again as .eml, or its text alone as .txt.",
        )
    return message


def _too_many(name: str) -> InputError:
    return InputError(
        f"{name} has more than {MAIL_PARTS} parts, or parts within parts beyond {MAIL_DEPTH}",
        hint="Save the text alone as a .txt file.",
    )


def _header(message: EmailMessage, key: str) -> str:
    """A header's words; "" where it is missing, absurdly long or beyond repair."""
    if any(len(str(v)) > _HEADER for k, v in message.raw_items() if k.lower() == key):
        return ""
    try:
        return " ".join(str(message[key] or "").split())
    except Exception:  # noqa: BLE001 - the library fails in many ways on damaged headers
        return ""


def _stated(message: EmailMessage) -> dict[str, Any]:
    sender, mailbox = parseaddr(_header(message, "from"))
    domain = mailbox.rpartition("@")[2]
    return {
        "title": document.line(_header(message, "subject"), 300),
        "publisher": document.line(sender, 200) or document.line(domain, 200),
        "author": document.line(sender, 200),
        "published": _sent(_header(message, "date")),
        "language": document.code(_header(message, "content-language")),
    }


def _sent(header: str) -> date | None:
    try:
        return parsedate_to_datetime(header).date()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _parts(
    message: EmailMessage, name: str
) -> tuple[list[EmailMessage], list[EmailMessage], list[EmailMessage]]:
    """The message's plain texts, its HTML texts, and what is attached to it."""
    plain: list[EmailMessage] = []
    pages: list[EmailMessage] = []
    attached: list[EmailMessage] = []
    pending = [(message, 0)]
    seen = 0
    while pending:
        part, depth = pending.pop()
        seen += 1
        if seen > MAIL_PARTS or depth > MAIL_DEPTH:
            raise _too_many(name)
        kind = part.get_content_type()
        if kind == "message/rfc822" or _is_attached(part):
            attached.append(part)
        elif part.is_multipart():
            inside = [p for p in part.iter_parts() if isinstance(p, EmailMessage)]
            pending.extend((p, depth + 1) for p in reversed(inside))
        elif kind == "text/plain":
            plain.append(part)
        elif kind == "text/html":
            pages.append(part)
        elif not kind.startswith(("image/", "text/")):
            attached.append(part)
    return plain, pages, attached


def _is_attached(part: EmailMessage) -> bool:
    try:
        return part.get_content_disposition() == "attachment"
    except Exception:  # noqa: BLE001
        return False


def _body(plain: list[EmailMessage], pages: list[EmailMessage], name: str, read: Read) -> str:
    """The plain text; where there is none with words in it, that of the HTML."""
    text = "\n\n".join(filter(None, (_text(part, name) for part in plain)))
    if any(c.isalpha() for c in text) or not pages:
        return text
    texts = []
    for part in pages:
        data = _bytes(part)
        if data.strip():
            page = decode(data, name=name, called=(part.get_content_charset(),))
            texts.append(read(page.encode("utf-8", "replace"), f"{name} (its HTML).html").text)
    return "\n\n".join(texts)


def _text(part: EmailMessage, name: str) -> str:
    data = _bytes(part)
    if not data.strip():
        return ""
    text = decode(data, name=name, called=(part.get_content_charset(),))
    return text.replace("\r\n", "\n").strip()


def _bytes(part: EmailMessage) -> bytes:
    try:
        data = part.get_payload(decode=True)
    except Exception:  # noqa: BLE001 - a transfer encoding that lies
        return b""
    return data if isinstance(data, bytes) else b""


def _filename(part: EmailMessage) -> str:
    """What an attachment is called: a name without a path, and nothing is ever written under it."""
    try:
        given = part.get_filename() or ""
    except Exception:  # noqa: BLE001
        given = ""
    base = PurePosixPath(given.replace("\\", "/")).name
    shown = "".join(c for c in base if c.isprintable())[-100:].strip(". ")
    return shown or f"of type {part.get_content_type()}"


def _attachment(
    part: EmailMessage, label: str, name: str, read: Read, said: dict[str, Any]
) -> Document:
    """An attachment as a document. What it does not state itself, the message states for it."""
    if part.get_content_type() == "message/rfc822":
        raise InputError("a forwarded message")
    if label.lower().endswith(".eml"):
        raise InputError("a message of its own")
    data = _bytes(part)
    if not data.strip():
        raise InputError("it is empty")
    found = read(data, label)
    if found.fields:
        raise InputError("it has front matter of its own")
    subject = f"{said['title']} ({label})" if said["title"] else None
    return Document(
        text=found.text,
        format=found.format,
        title=found.title or subject,
        publisher=found.publisher or said["publisher"],
        author=found.author or said["author"],
        url=found.url,
        language=found.language,
        published=found.published or said["published"],
        pages=found.pages,
        place=f"{name}, attachment {label}",
        remarks=found.remarks,
    )
