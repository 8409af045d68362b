"""Sentences: spans that cover the text, and the boundaries that each language's habits want."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factcheck.text.split import sentences

steady = settings(settings.get_profile("text"), max_examples=300)

_PIECES = [
    "Tentara", "merebut", "kota", "The", "army", "U.S.", "Gen.", "J.", "dr.", "Rp.", "2,2", "No.",
    "5", "12.", "November", "z. B.", "الجيش", "؟", "؛", "د.", "،", "Straße", "élan", "(", ")", "[",
    "]", "“", "”", "«", "»", '"', "'", "...", "…", ".", "!", "?", "。", ",", "-", "•", "—", ":",
    "😀", "👩\u200d👧", "\u200f", "e\u0301", "中文。", "1)", "dll.", "12/11",
]  # fmt: skip
_GAPS = ["", " ", " ", " ", "  ", "\n", "\n\n", "\r\n", "\r\n\r\n", "\r", "\t", "\u00a0", "\u2028",
         "\x0b", "\x0c", "\x85", "\n \n"]  # fmt: skip
_LANGUAGES = ["id", "en", "ar", "fr", "es", "de", "tr", "und", "xx"]
mixed = st.lists(st.tuples(st.sampled_from(_PIECES), st.sampled_from(_GAPS)), max_size=30).map(
    lambda pairs: "".join(a + b for a, b in pairs)
)


def said(text: str, language: str) -> list[str]:
    return [text[s.start : s.end] for s in sentences(text, language)]


def _check(text: str, language: str) -> None:
    spans = sentences(text, language)
    at = 0
    for span in spans:
        assert at <= span.start < span.end <= len(text)
        assert not text[at : span.start].strip()
        piece = text[span.start : span.end]
        assert piece == piece.strip()
        at = span.end
    assert not text[at:].strip()


@steady
@given(mixed, st.sampled_from(_LANGUAGES))
def test_spans_rise_and_leave_out_only_white_space(text: str, language: str) -> None:
    _check(text, language)


@steady
@given(st.text(max_size=80), st.sampled_from(_LANGUAGES))
def test_spans_hold_on_any_text(text: str, language: str) -> None:
    _check(text, language)


@steady
@given(st.lists(st.sampled_from(["The army left.", "Who won?", "Nobody knows!", "It rained."]),
                min_size=1, max_size=8), st.sampled_from([" ", "\n", "\n\n", "  "]))  # fmt: skip
def test_plain_sentences_come_back_one_by_one(parts: list[str], gap: str) -> None:
    assert said(gap.join(parts), "en") == parts


@pytest.mark.parametrize("text", ["", " ", "\n\n", "\r\n", "\u00a0"])
def test_nothing_to_split(text: str) -> None:
    assert sentences(text, "en") == ()


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        # Indonesian
        ("id", ["Harganya Rp. 2,2 juta per bulan.", "Warga mengeluh."]),
        ("id", ["Pasien dirawat dr. Budi di rumah sakit.", "Ia pulih."]),
        ("id", ["Hal itu terjadi Selasa (12/11).", "Polisi datang."]),
        ("id", ["Lihat hal. 3 untuk rincian.", "Selesai."]),
        ("id", ['"Kami menang!" kata juru bicara itu.', "Ia pergi."]),
        ("id", ["“Apa yang terjadi?” tanya warga.", "Tidak ada jawaban."]),
        ("id", ["“Kami menang.”", "Ia pergi."]),
        ("id", ["Ia (lahir 1970. Di Solo) pergi.", "Ia kembali."]),
        ("id", ["Letkol. Ahmad tewas di Jl. Merdeka No. 5.", "Polisi datang."]),
        ("id", ["Mereka membawa beras, gula, dll.", "Warga senang."]),
        ("id", ["Prof. Dr. H. Ahmad, S.H. datang.", "Ia bicara."]),
        # English
        ("en", ["Gen. J. Smith spoke to reporters.", "He left."]),
        ("en", ["The U.S. Army left.", "It came back."]),
        ("en", ["See No. 5 for details.", "It is short."]),
        ("en", ['"We won."', "He left."]),
        ("en", ['"Did we win?" he asked.', "Nobody knew."]),
        ("en", ["He said: “We won. They lost.”", "Then he left."]),
        ("en", ["It cost 2.2 million dollars.", "That was too much."]),
        ("en", ["Dr. Jones met Mr. Smith at 5 p.m. on Monday.", "They talked."]),
        # Arabic
        ("ar", ["هل سقطت المدينة؟", "لم يعلق الجيش.", "انسحبت القوات."]),
        ("ar", ["قال د. أحمد إن المدينة هادئة.", "عاد السكان."]),
        ("ar", ["انسحب الجيش؛ وبقيت القوات.", "عاد السكان."]),
        ("ar", ["بلغ العدد ٢٫٢ مليون.", "عاد السكان."]),
        # German
        ("de", ["Am 12. November fiel die Stadt.", "Die Armee schwieg."]),
        ("de", ["Viele Orte, z. B. Aleppo, sind zerstört.", "Die Lage ist schlecht."]),
        ("de", ["Das sind ca. 500 Menschen.", "Mehr nicht."]),
        ("de", ["»Wir haben gewonnen!«, sagte er.", "Dann ging er."]),
        # French
        ("fr", ["M. Hollande a parlé.", "Il est parti."]),
        ("fr", ["« Nous avons gagné ! » a-t-il dit.", "Il est parti."]),
        ("fr", ["Mme. Dupont, env. 50 ans, est partie.", "Elle reviendra."]),
        # Spanish
        ("es", ["El Sr. García habló.", "Luego se fue."]),
        ("es", ["¿Qué pasó?", "Nadie lo sabe.", "¡Ayuda!"]),
        ("es", ["EE. UU. retiró sus tropas.", "La guerra sigue."]),
    ],
)
def test_boundaries(language: str, expected: list[str]) -> None:
    assert said(" ".join(expected), language) == expected


def test_headings_stand_alone() -> None:
    text = "The fall of Safira\n\nThe army won. They left."
    assert said(text, "en") == ["The fall of Safira", "The army won.", "They left."]
    crlf = text.replace("\n", "\r\n")
    assert said(crlf, "en") == ["The fall of Safira", "The army won.", "They left."]


@pytest.mark.parametrize("mark", ["-", "*", "•", "–"])
def test_list_items_stand_alone(mark: str) -> None:
    items = [f"{mark} {what} of the town" for what in ("one part", "two parts", "the rest")]
    assert said("\n".join(items), "en") == items


def test_hard_wrapped_paragraphs_are_joined() -> None:
    first = "The army said on Tuesday that it\nhad taken the town of Safira and\nwould move north."
    second = "Rebels denied\nit."
    assert said(f"{first} {second}", "en") == [first, second]
    crlf = f"{first} {second}".replace("\n", "\r\n")
    assert said(crlf, "en") == [first.replace("\n", "\r\n"), second.replace("\n", "\r\n")]


def test_long_lines_are_paragraphs_of_their_own() -> None:
    line = "The army said that it had taken the town " + "and the next one " * 6 + "without a stop"
    assert said(f"{line}\n{line}", "en") == [line, line]


def test_emoji_and_offsets() -> None:
    text = "Wow 😀! It works. Done."
    assert said(text, "en") == ["Wow 😀!", "It works.", "Done."]


def test_an_unknown_language_is_read_as_english() -> None:
    text = "Mr. Smith left. He came back."
    assert said(text, "xx") == said(text, "en") == ["Mr. Smith left.", "He came back."]
