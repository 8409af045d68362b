"""Saved e-mail: the message, its attachments, and mails made to hurt."""

from __future__ import annotations

import time
from datetime import date
from email.message import EmailMessage

import pytest

from factcheck import readers
from factcheck.errors import InputError
from factcheck.readers import limits
from factcheck.readers.document import Document
from tests.readers import build
from tests.readers.build import LINES, mail

TEXT = " ".join(LINES)


def read(message: EmailMessage | bytes) -> list[Document | InputError]:
    data = message if isinstance(message, bytes) else message.as_bytes()
    return list(readers.read_many(data, name="a.eml"))


def one(message: EmailMessage | bytes) -> Document:
    found = read(message)
    assert len(found) == 1 and isinstance(found[0], Document)
    return found[0]


# ---------------------------------------------------------------- the message


def test_a_message() -> None:
    found = one(mail())
    assert (found.title, found.publisher) == ("Safira in November", "Example Relief")
    assert (found.published, found.text) == (date(2013, 11, 8), TEXT)
    assert readers.read(mail().as_bytes(), name="a.eml") == found


def test_headers_in_other_scripts_and_missing_ones() -> None:
    found = one(mail(From="مرصد السفيرة <x@y.example>", Subject="تقرير أسبوعي", Date=""))
    assert (found.publisher, found.title, found.published) == ("مرصد السفيرة", "تقرير أسبوعي", None)
    assert one(mail(From="press@relief.example")).publisher == "relief.example"
    assert one(mail(From="")).publisher is None


@pytest.mark.parametrize(
    "when", ["soon", "Fri, 99 Nov 2013 09:00:00 +0300", "2013", "Fri, 08 Nov 99999 1"]
)
def test_a_date_that_is_none(when: str) -> None:
    data = mail().as_bytes().replace(b"Fri, 08 Nov 2013 09:00:00 +0300", when.encode())
    assert one(data).published is None


def test_text_before_html() -> None:
    message = mail()
    message.add_alternative(f"<p>Another text.</p><p>{LINES[0]}</p>", subtype="html")
    assert one(message).text == TEXT


def test_html_where_there_is_no_text() -> None:
    message = mail("")
    message.set_content(build.page(*LINES, "<b hidden>SECRET</b>").decode(), subtype="html")
    assert one(message).text == "\n".join(LINES)


@pytest.mark.parametrize("said", ["utf-8", "us-ascii", "no-such-charset", "utf-16", "cp1252"])
def test_a_charset_that_lies(said: str) -> None:
    head = f'From: a@b.example\nSubject: T\nContent-Type: text/plain; charset="{said}"\n\n'
    text = "Les réfugiés sont arrivés à Alep vendredi, a dit un porte-parole à la presse."
    for encoding in ("utf-8", "cp1252"):
        assert one(head.encode() + text.encode(encoding)).text == text


# ---------------------------------------------------------------- attachments


def attached(data: bytes, name: str, kind: str = "application/octet-stream") -> EmailMessage:
    message = mail()
    main, _, sub = kind.partition("/")
    message.add_attachment(data, maintype=main, subtype=sub, filename=name)
    return message


def test_attachments_are_documents_of_their_own() -> None:
    message = attached(build.pdf([LINES, LINES]), "report.pdf", "application/pdf")
    message.add_attachment(b"A note.", maintype="text", subtype="plain", filename="note.txt")
    body, report, note = read(message)
    assert (
        isinstance(body, Document) and isinstance(report, Document) and isinstance(note, Document)
    )
    assert (report.format, len(report.pages)) == ("pdf", 2)
    assert report.title == "Safira in November (report.pdf)"
    assert (report.publisher, report.published) == ("Example Relief", date(2013, 11, 8))
    assert report.place == "a.eml, attachment report.pdf"
    assert note.text == "A note."


@pytest.mark.parametrize(
    ("data", "name", "says"),
    [
        (b"\x89PNG\r\n\x1a\n", "a.png", "a picture"),
        (build.pdf([()]), "scan.pdf", "scanned"),
        (b"PK\x03\x04" + b"\0" * 90, "a.zip", "an archive"),
        (b"title,text\na,b\n", "a.csv", "a table of reports"),
        (b"", "empty.txt", "it is empty"),
        (mail().as_bytes(), "other.eml", "a message of its own"),
        (b"---\nid: F001\npublisher: X\n---\nText of it.", "F001.md", "front matter of its own"),
    ],
)
def test_an_attachment_that_is_not_read_is_named(data: bytes, name: str, says: str) -> None:
    found = one(attached(data, name))
    assert len(found.remarks) == 1
    assert (
        found.remarks[0].startswith(f"attachment {name} is passed over: ")
        and says in found.remarks[0]
    )


def test_a_forwarded_message_is_named() -> None:
    message = mail()
    message.add_attachment(mail("A forwarded text.", Subject="Inner"))
    assert "a forwarded message" in one(message).remarks[0]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/cron.d/x.txt", "x.txt"),
        ("C:\\Windows\\x.txt", "x.txt"),
        ("/etc/passwd.txt", "passwd.txt"),
        ("a\x1b[31m.txt", "a[31m.txt"),
        ("n" * 300 + ".txt", "n" * 96 + ".txt"),
        ("..", "of type text/plain"),
    ],
)
def test_a_name_with_a_path_in_it(name: str, shown: str) -> None:
    found = read(attached(b"A note.", name, "text/plain"))[1]
    assert isinstance(found, Document)
    assert found.place == f"a.eml, attachment {shown}"


# ---------------------------------------------------------------- made to hurt


def nested(levels: int) -> bytes:
    head = b"From: a@b.example\nSubject: T\n"
    for n in range(levels):
        head += b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (n, n)
    return head + b"Content-Type: text/plain\n\nDeep down.\n"


def side_by_side(parts: int) -> bytes:
    head = b'From: a@b.example\nSubject: T\nContent-Type: multipart/mixed; boundary="b"\n\n'
    return head + b"--b\nContent-Type: text/plain\n\nWords.\n" * parts + b"--b--\n"


def rfc822(levels: int) -> bytes:
    return b"From: a@b.example\nContent-Type: message/rfc822\n\n" * levels + b"Deep down."


@pytest.mark.parametrize("data", [nested(1000), nested(100), side_by_side(1000), rfc822(5000)],
                         ids=["nested-1000", "nested-100", "side-by-side-1000", "rfc822-5000"])  # fmt: skip
def test_a_thousand_parts(data: bytes) -> None:
    started = time.monotonic()
    with pytest.raises(InputError) as caught:
        read(data)
    assert str(caught.value).startswith("a.eml") and caught.value.hint
    assert time.monotonic() - started < 20


def test_as_many_parts_as_are_allowed() -> None:
    assert one(side_by_side(limits.MAIL_PARTS - 1)).text.count("Words.") == limits.MAIL_PARTS - 1
    assert one(nested(15)).text == "Deep down."


@pytest.mark.parametrize(
    "header",
    ["Subject: " + "=?utf-8?q?a?= " * 50_000, "Subject: " + "a (" * 50_000,
     "From: " + "a, b@c.example, " * 30_000, "Date: " + "1 " * 100_000],
)  # fmt: skip
def test_headers_without_end(header: str) -> None:
    started = time.monotonic()
    found = one(f"X-A: b\nFrom: a@b.example\nSubject: T\n{header}\n\n{TEXT}".encode())
    assert found.text == TEXT
    assert time.monotonic() - started < 20


def test_a_header_of_a_part_without_end() -> None:
    data = b"From: a@b.example\nContent-Type: text/plain; " + b"a=b; " * 50_000 + b"\n\nText."
    with pytest.raises(InputError, match="header is too long"):
        read(data)


@pytest.mark.parametrize(
    "data",
    [b"Just some words.", b"\n\n\n", b"From: a@b.example\nSubject: T\n\n", b"From: a\n\n1234",
     b'From: a\nContent-Type: multipart/mixed; boundary=""\n\nx',
     b"From: a\nContent-Type: image/png\nContent-Transfer-Encoding: base64\n\niVBORw0KGgo="],
)  # fmt: skip
def test_what_is_no_mail_or_holds_no_text(data: bytes) -> None:
    try:
        found = read(data)
    except InputError as error:
        assert error.hint
    else:
        assert all(isinstance(f, Document) and f.text for f in found)


def test_an_encoding_that_lies() -> None:
    head = b"From: a@b.example\nSubject: T\nContent-Transfer-Encoding: base64\n\n"
    try:
        found = read(head + b"!!!! this is no base64 !!!!")
    except InputError as error:
        assert error.hint
    else:
        assert all(isinstance(f, Document) for f in found)
