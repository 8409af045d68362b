"""The register of sources: who is named in a text, whose family, whose side."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from factcheck.errors import ConfigError
from factcheck.sources import Register


@pytest.fixture(scope="module")
def register() -> Register:
    return Register.load()


def found(register: Register, text: str) -> list[tuple[str, str]]:
    return [(n.source.short, text[n.start : n.end]) for n in register.find(text)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("قال المرصد السوري إن القتال استمر", [("SOHR", "المرصد السوري")]),
        ("أعلن المرصد السوري لحقوق الإنسان", [("SOHR", "المرصد السوري لحقوق الإنسان")]),
        ("وأعلن المرصد مقتل ثلاثة", [("SOHR", "المرصد")]),
        ("وفقا للمرصد السوري", [("SOHR", "للمرصد السوري")]),
        ("والمرصد السوري قال", [("SOHR", "والمرصد السوري")]),
        ("قالت الأمم المتحدة", [("UN", "الأمم المتحدة")]),
        ("menurut PBB pada Senin", [("UN", "PBB")]),
        ("Sekjen PBB menyatakan", [("UN Secretary-General", "Sekjen PBB")]),
        ("Observatorium Suriah untuk HAM", [("SOHR", "Observatorium Suriah untuk HAM")]),
        ("Selon OSDH, 517 morts", [("SOHR", "OSDH")]),
        ("selon ONU", [("UN", "ONU")]),
        ("the Observatory said on Friday", [("SOHR", "the Observatory")]),
        ("The Observatory said on Friday", [("SOHR", "The Observatory")]),
        ("an observatory on the hill", []),
        ("the UN said", [("UN", "UN")]),
        ("un homme est venu", []),
        ("Un homme est venu", []),
        ("WHO confirmed ten cases", [("WHO", "WHO")]),
        ("the man who came", []),
        ("Who came?", []),
        ("kata SANA", [("SANA", "SANA")]),
        ("pergi ke sana", []),
        ("Sana sini", []),
        ("die Syrische Beobachtungsstelle für Menschenrechte",
         [("SOHR", "Syrische Beobachtungsstelle für Menschenrechte")]),
        ("Médecins Sans Frontières (MSF)", [("MSF", "Médecins Sans Frontières"), ("MSF", "MSF")]),
        ("Reuters’s reporter", [("Reuters", "Reuters’s")]),
        ("", []),
        ("… !!! 123", []),
    ],
)  # fmt: skip
def test_find(register: Register, text: str, names: list[tuple[str, str]]) -> None:
    assert found(register, text) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("UN refugee agency", ["UNHCR"]),
        ("UN High Commissioner for Refugees", ["UNHCR"]),
        ("UN High Commissioner for Human Rights", ["OHCHR"]),
        ("المفوضية السامية للأمم المتحدة لشؤون اللاجئين", ["UNHCR"]),
        ("Badan Pengungsi PBB", ["UNHCR"]),
        ("OPCW-UN Joint Mission", ["OPCW-UN Joint Mission"]),
        ("Syrian Observatory for Human Rights", ["SOHR"]),
        ("UN and OCHA and WHO", ["UN", "OCHA", "WHO"]),
    ],
)
def test_the_longest_name_wins(register: Register, text: str, names: list[str]) -> None:
    assert [n for n, _ in found(register, text)] == names


def test_places_stand_in_order_and_do_not_overlap(register: Register) -> None:
    text = "Reuters cited SOHR; PBB and UN refugee agency told AFP what SANA reported."
    hits = register.find(text)
    assert [h.source.short for h in hits] == ["Reuters", "SOHR", "UN", "UNHCR", "AFP", "SANA"]
    for before, after in pairwise(hits):
        assert before.end <= after.start


@pytest.mark.parametrize(
    ("name", "canonical"),
    [
        ("the Observatory", "SOHR"),
        ("syrian observatory for human rights", "SOHR"),
        ("المرصد", "SOHR"),
        ("PBB", "UN"),
        ("SOHR", "SOHR"),
        ("  A paper nobody knows ", "A paper nobody knows"),
        ("", ""),
    ],
)
def test_canonical(register: Register, name: str, canonical: str) -> None:
    assert register.canonical(name) == canonical


@pytest.mark.parametrize(
    ("name", "top"),
    [
        ("OCHA", "UN"),
        ("UNHCR", "UN"),
        ("WHO", "UN"),
        ("Ban Ki-moon", "UN"),
        ("UN", "UN"),
        ("OPCW-UN Joint Mission", "OPCW"),
        ("SOHR", "SOHR"),
        ("SANA", "Syrian government"),
        ("Unknown Daily", "Unknown Daily"),
    ],
)
def test_family(register: Register, name: str, top: str) -> None:
    assert register.family(name) == top


@pytest.mark.parametrize(
    ("name", "party"),
    [
        ("SANA", True),
        ("Syrian state TV", True),
        ("Syrian army", True),
        ("Hezbollah", True),
        ("FSA", True),
        ("SOHR", False),
        ("UN", False),
        ("OCHA", False),
        ("Reuters", False),
        ("MSF", False),
        ("Unknown Daily", False),
        ("", False),
    ],
)
def test_is_party(register: Register, name: str, party: bool) -> None:
    assert register.is_party(name) is party


# ---------------------------------------------------------------- a register of one's own


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "sources.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_register_of_ones_own(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        """
[[source]]
id = "a"
name = "Alpha"
kind = "party"
party_to = ["x"]

[[source]]
id = "b"
name = "Beta Press"
kind = "wire"
parent = "a"
aliases = ["Beta Press Service", "BP"]
""",
    )
    register = Register.load(path)
    assert found(register, "Beta Press Service and BP, not bp") == [
        ("Beta Press", "Beta Press Service"),
        ("Beta Press", "BP"),
    ]
    assert register.family("BP") == "Alpha"
    assert register.is_party("BP")


def test_a_circle_of_parents_ends(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        '[[source]]\nid="a"\nname="A1"\nkind="wire"\nparent="b"\n'
        '[[source]]\nid="b"\nname="B1"\nkind="wire"\nparent="a"\n',
    )
    register = Register.load(path)
    assert register.family("A1") == "B1"
    assert register.is_party("A1") is False


@pytest.mark.parametrize(
    "text", ["not toml", "x = 1", '[[source]]\nid = "a"\n', '[[source]]\nname = "A"\nkind = "un"\n']
)
def test_a_broken_register_is_named(tmp_path: Path, text: str) -> None:
    path = write(tmp_path, text)
    with pytest.raises(ConfigError, match=r"sources\.toml") as caught:
        Register.load(path)
    assert caught.value.hint
    with pytest.raises(ConfigError):
        Register.load(tmp_path / "missing.toml")
