"""PDF: pages, running text, what the file states, and files made to hurt."""

from __future__ import annotations

import io
import time
import zlib
from datetime import date

import pypdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck import readers
from factcheck.errors import InputError
from factcheck.models import Reference
from factcheck.readers import layout, limits, pdf
from tests.readers import build
from tests.readers.build import LINES, XMP, stream

# Three pages as they are printed: a heading, a page number, broken words and a sentence that runs on.
PRINTED = (
    ("Weekly report on Safira", LINES[0], LINES[1] + " The coun-",
     "cil counted them at three crossings; it gave no figure for the villages around", "Page 1 of 4"),
    ("Weekly report on Safira", "the town. A second convoy with aid for 300 families",
     "was turned back.", "Town 2012 2013", "Safira 400 1,200", "Homs 31 25", "Page 2 of 4"),
    ("Weekly report on Safira", "Nobody could say on Sunday where the others had gone.", "Page 3 of 4"),
    ("Weekly report on Safira", "The council of Safira meets again on Monday morning.", "Page 4 of 4"),
)  # fmt: skip


def read(data: bytes) -> readers.Document:
    return pdf.read(data, name="a.pdf")


def on(found: readers.Document) -> list[str]:
    """The text of each page."""
    ends = [*found.pages[1:], len(found.text)]
    return [found.text[a:b] for a, b in zip(found.pages, ends, strict=True)]


# ---------------------------------------------------------------- text and pages


def test_printed_pages_become_running_text() -> None:
    found = read(build.pdf(PRINTED))
    assert found.text.split("\n\n") == [
        f"{LINES[0]} {LINES[1]} The council counted them at three crossings; it gave no figure for"
        " the villages around the town. A second convoy with aid for 300 families was turned back.",
        "Town 2012 2013", "Safira 400 1,200", "Homs 31 25",
        "Nobody could say on Sunday where the others had gone.",
        "The council of Safira meets again on Monday morning.", "",
    ]  # fmt: skip
    first, second, third, fourth = on(found)
    assert first.endswith("the villages around ")
    assert second.startswith("the town. A second") and "Homs 31 25" in second
    assert third.startswith("Nobody") and fourth.startswith("The council")


def test_a_quotation_knows_its_page() -> None:
    found = read(build.pdf(PRINTED))
    report = Reference(
        id="R", publisher="P", kind="ngo", title="T", text=found.text, pages=found.pages
    )
    where = {"1,200 families": 1, "A second": 2, "Homs": 2, "Sunday": 3, "Monday": 4}
    for words, number in where.items():
        assert report.page(found.text.index(words)) == number


def test_what_only_looks_like_a_running_heading_stays() -> None:
    pages = [(f"In week {n} there were {n}00 dead.", LINES[0]) for n in range(1, 6)]
    assert all(f"{n}00 dead" in page for n, page in enumerate(on(read(build.pdf(pages))), 1))
    two = [("Weekly report", LINES[0]), ("Weekly report", LINES[1])]
    assert read(build.pdf(two)).text.count("Weekly report") == 2  # two pages prove nothing
    alone = [("Weekly report on Safira",)] * 4
    assert read(build.pdf(alone)).text.count("Weekly") == 4  # pages would be left empty


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (("The govern-", "ment said so."), "The government said so."),
        (("A cease-fire held; the cease-", "fire was new."), "A cease-fire held; the cease-fire was new."),
        (("Kata orang-", "orang itu."), "Kata orang-orang itu."),
        (("Dari 2012-", "2013 saja."), "Dari 2012-2013 saja."),
        (("The Al-", "Nusra front."), "The Al-Nusra front."),
        (("Some gov\u00adern\u00ad", "ment."), "Some gov\u00adernment."),
    ],
)  # fmt: skip
def test_words_broken_at_the_end_of_a_line(lines: tuple[str, ...], text: str) -> None:
    assert layout.text_of(["\n".join(lines)])[0] == text + "\n\n"


def test_lists_and_numbers_that_end_a_sentence() -> None:
    long = "The councils of the valley met in the town hall on the evening of December"
    short = "They asked for three things:"
    lines = [long, "15. The storm was over by then. They said that stoves had come on Decem-", "ber 12.",
             short, "1. stoves", "2. fuel, as soon as the road to the coast is open again for lorries and",
             "buses", "- bread", "- blankets"]  # fmt: skip
    assert layout.text_of(["\n".join(lines)])[0].split("\n\n") == [
        f"{long} {lines[1][:-1]}ber 12.", short, "1. stoves", f"{lines[5]} buses", "- bread", "- blankets", "",
    ]  # fmt: skip


def test_a_word_broken_at_the_end_of_a_page_belongs_to_it() -> None:
    text, at = layout.text_of(["The govern-", "ment said so. It was late."])
    assert (text, at) == ("The government said so. It was late.\n\n", (0, 15))


LETTERS = st.sampled_from("aB -.\n1é٣ع\u00ad")


@given(st.lists(st.text(LETTERS, max_size=60), min_size=1, max_size=8))
def test_pages_part_the_text(pages: list[str]) -> None:
    """They begin in order, lie side by side, and no word comes from nowhere or is lost."""
    text, at = layout.text_of(pages)
    assert len(at) == len(pages) and list(at) == sorted(at)
    assert at[0] == 0 and all(a <= len(text) for a in at)
    ends = [*at[1:], len(text)]
    assert "".join(text[a:b] for a, b in zip(at, ends, strict=True)) == text
    kept = [c for c in text if c.isalnum()]
    given = [c for page in pages for c in page if c.isalnum()]
    assert len(kept) <= len(given)
    if len(pages) < 3:
        assert kept == given


def test_pages_without_text_are_named() -> None:
    found = read(build.pdf([LINES, (), LINES[:1], ()]))
    assert found.remarks == ("no text on pages 2, 4 (pictures, or scanned?)",)
    assert len(found.pages) == 4


def test_letter_forms_are_letters() -> None:
    assert (
        pdf._letters("\ufb01re in \ufea3\ufee0\ufe90, 76\u00b9 \ud800\0")
        == "fire in حلب, 76\u00b9 ?"
    )


# ---------------------------------------------------------------- what it states


def test_metadata() -> None:
    found = read(
        build.pdf([LINES], xmp=XMP, catalogue=b"/Lang (en-GB)", info=b"/Author (A. Writer)")
    )
    assert (found.title, found.publisher) == ("Safira in November", "Example Relief")
    assert (found.published, found.language) == (date(2013, 11, 8), "en")
    assert found.author == "A. Writer"


def test_the_day_on_which_a_file_was_made_is_no_day_of_publication() -> None:
    info = b"/Title (Safira in November) /CreationDate (D:20131108120000Z) /ModDate (D:20131109)"
    found = read(build.pdf([LINES], info=info))
    assert found.title == "Safira in November"
    assert found.published is None


@pytest.mark.parametrize(
    "title",
    ["Microsoft Word - SitRep 12 final.docx", "Untitled document", "report_final.pdf", "Slide 1",
     "Safira", "", "   ", "Layout 1", "12 34", "x" * 2000 + " y"],
)  # fmt: skip
def test_a_title_that_a_program_put_there_is_none(title: str) -> None:
    assert read(build.pdf([LINES], info=b"/Title (%s)" % title.encode())).title is None


@pytest.mark.parametrize(
    "xmp",
    [b"<not xml", XMP.replace(b"2013-11-08", b"soon"), b"\0" * 90, b"<!DOCTYPE x [<!ENTITY a 'b'>]><x/>",
     b'<!DOCTYPE l [<!ENTITY a "lol">' + b"".join(b'<!ENTITY a%d "&a;&a;&a;&a;">' % i for i in range(9))
     + b"]><x>&a8;</x>"],
)  # fmt: skip
def test_broken_metadata_counts_as_none(xmp: bytes) -> None:
    found = read(build.pdf([LINES], xmp=xmp, info=b"/Title 12 /Author [1 2]", catalogue=b"/Lang 3"))
    assert found.published is None and LINES[0] in found.text


# ---------------------------------------------------------------- locked


def locked(user: str, algorithm: str) -> bytes:
    writer = pypdf.PdfWriter(io.BytesIO(build.pdf([LINES])))
    writer.encrypt(user, "owner", algorithm=algorithm)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize("algorithm", ["RC4-128", "AES-128", "AES-256"])
def test_a_locked_file(algorithm: str) -> None:
    assert LINES[0] in read(locked("", algorithm)).text  # locked against changes only
    with pytest.raises(InputError, match="locked with a password") as caught:
        read(locked("secret", algorithm))
    assert "without the password" in caught.value.hint


# ---------------------------------------------------------------- made to hurt


def test_a_scan_says_that_it_is_one() -> None:
    with pytest.raises(InputError, match="scanned") as caught:
        read(build.pdf([(), ()]))
    assert "OCR" in caught.value.hint


@pytest.mark.parametrize(
    "kids", [b"2 0 R", b"4 0 R 2 0 R", b"1 0 R", b"99 0 R", b"3 0 R", b"(x) 7"]
)
def test_a_page_tree_that_loops_or_leads_nowhere(kids: bytes) -> None:
    started = time.monotonic()
    with pytest.raises(InputError) as caught:
        read(build.pdf([LINES], kids=kids))
    assert caught.value.hint and time.monotonic() - started < 10


def bomb(size: int) -> bytes:
    packer = zlib.compressobj(9)
    piece = b" " * 1_000_000
    return b"".join(packer.compress(piece) for _ in range(size // len(piece))) + packer.flush()


def test_a_stream_that_bursts() -> None:
    burst = stream(b"", bomb(120_000_000))
    assert len(burst) < 150_000
    found = read(build.pdf([LINES, burst]))  # the page is named, the others are read
    assert LINES[0] in found.text
    assert found.remarks[0].startswith("page 2 cannot be read: ")


def test_a_stream_packed_twice() -> None:
    twice = zlib.compress(bomb(120_000_000), 9)
    body = b"<< /Length %d /Filter [/FlateDecode /FlateDecode] >>\nstream\n" % len(twice)
    with pytest.raises(InputError, match="page 1 cannot be read"):
        read(build.pdf([body + twice + b"\nendstream"]))


def test_forms_that_draw_forms() -> None:
    """Ten forms, each drawing the next ten times: ten thousand million words from 2 kB."""
    forms = 10
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [4 0 R] /Count 1 >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842]"
        b" /Resources << /XObject << /X 6 0 R >> >> /Contents 5 0 R >>",
        stream(b"/X Do"),
    ]
    for n in range(forms):
        last = n == forms - 1
        body = b"BT /F1 9 Tf (word) Tj ET" if last else b"/X Do " * 10
        objects.append(
            b"<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources <<"
            b" %s /XObject << /X %d 0 R >> >> /Length %d >>\nstream\n"
            % (b"/Font << /F1 3 0 R >>" if last else b"", 7 + n, len(body))
            + body
            + b"\nendstream"
        )
    started = time.monotonic()
    found = read(build.pdf_of(objects))
    assert len(found.text) < 100_000
    assert found.remarks[0].startswith("page 1 is not read whole: Exceeded 1000")
    assert time.monotonic() - started < 30


def test_ten_thousand_pages() -> None:
    """One small page, named ten thousand times over."""
    data = build.pdf([LINES], kids=b"4 0 R " * 10_000)
    with pytest.raises(InputError, match="3,000"):
        read(data)


def test_as_many_pages_as_are_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "PDF_PAGES", 20)
    assert len(read(build.pdf([LINES] * 20)).pages) == 20
    with pytest.raises(InputError, match="21 pages") as caught:
        read(build.pdf([LINES] * 21))
    assert "Split" in caught.value.hint


def test_a_file_that_takes_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "SECONDS", -1.0)
    with pytest.raises(InputError, match=r"longer than .*page 1 of 2"):
        read(build.pdf([LINES, LINES]))


@pytest.mark.parametrize(
    "data",
    [b"%PDF-1.7", b"%PDF-1.7\n" + b"x" * 5000, b"%PDF-1.4\ntrailer << /Root 1 0 R >>\nstartxref\n0\n%%EOF",
     build.pdf([LINES])[:700], build.pdf([LINES]).replace(b"/Pages 2 0 R", b"/Pages 9 0 R"),
     build.pdf([LINES]).replace(b"/Type /Catalog", b"/Type /Katalog")[:-40]],
)  # fmt: skip
def test_broken_files(data: bytes) -> None:
    try:
        assert LINES[0] in read(data).text  # the library may mend it
    except InputError as error:
        assert str(error).startswith("a.pdf") and error.hint


def test_it_is_the_bytes_that_are_hashed() -> None:
    import hashlib

    data = build.pdf([LINES])
    assert readers.read(data, name="a.pdf").sha256 == hashlib.sha256(data).hexdigest()
    assert limits.BYTES["pdf"] > len(data)
