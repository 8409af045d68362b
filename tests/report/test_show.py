"""`factcheck show`, and the house labels on the way to every output."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from factcheck.models import Assessment, Claim, ClaimKind, Verdict
from tests.faces.conftest import cli, work  # noqa: F401  (fixtures)
from tests.report import sample


@pytest.fixture
def saved(work: Path) -> Path:  # noqa: F811
    path = work / "note.json"
    path.write_text(json.dumps(sample.note(4).to_json()), encoding="utf-8")
    return path


@pytest.mark.parametrize("format", ["text", "md", "json", "html", "csv", "annotations"])
def test_a_saved_note_is_shown(cli, saved: Path, format: str) -> None:  # noqa: F811
    ran = cli("show", saved, "--format", format)
    assert ran.code == 0, ran.err
    assert "claim number 1" in " ".join(ran.out.split())


def test_a_document_is_written_to_a_file(cli, saved: Path, work: Path) -> None:  # noqa: F811
    ran = cli("show", saved, "--format", "docx", "-o", "note.docx")
    assert ran.code == 0 and (work / "note.docx").read_bytes()[:2] == b"PK"
    assert "note.docx" in ran.err
    assert cli("show", saved, "--format", "html", "-o", "nowhere/note.html").code == 4


def test_an_unsigned_note_has_no_claim_review(cli, saved: Path) -> None:  # noqa: F811
    ran = cli("show", saved, "--format", "claimreview")
    assert ran.code == 2 and ran.out == "" and "factcheck sign" in ran.err
    ran = cli("check", "article.txt", "--format", "claimreview")
    assert ran.code == 2 and "signed" in ran.err  # said before anything is read


def test_a_signed_one_has_once_the_newsroom_is_named(cli, work: Path, tmp_path: Path) -> None:  # noqa: F811
    path = work / "signed.json"
    path.write_text(json.dumps(sample.signed(sample.note(4)).to_json()), encoding="utf-8")
    ran = cli("show", path, "--format", "claimreview")
    assert ran.code == 3 and "[newsroom]" in ran.err
    folder = tmp_path / "home" / "config" / "factcheck"
    folder.mkdir(parents=True)
    (folder / "config.toml").write_text(
        '[newsroom]\nname = "Daily"\nlabels = {supported = "Benar"}\n'
    )
    ran = cli("show", path, "--format", "claimreview")
    assert ran.code == 0, ran.err
    assert json.loads(ran.out)[0]["reviewRating"]["alternateName"] == "Benar"
    assert "Benar" in cli("show", path).out and "Benar" in cli("show", path, "--format", "md").out


def test_a_signed_note_changed_by_hand_is_shown_as_no_signed_note(cli, work: Path) -> None:  # noqa: F811
    path = work / "signed.json"
    data = sample.signed(sample.note(4)).to_json()
    path.write_text(json.dumps(data), encoding="utf-8")
    assert "Signed by Night desk, 2 December 2013, 09:00 UTC." in cli("show", path).out
    data["claims"][0]["verdict"] = "not_checkable"
    path.write_text(json.dumps(data), encoding="utf-8")
    for format in ("text", "md", "html"):
        out = " ".join(cli("show", path, "--format", format).out.split())
        assert "DRAFT: signed by Night desk" in out and "changed by hand" in out, format
    ran = cli("show", path, "--format", "claimreview")
    assert ran.code == 2 and ran.out == ""


@pytest.mark.parametrize("args", [("--format", "pdf"), ("--store",)])
def test_a_wrong_call_is_a_usage_error(cli, saved: Path, args: tuple[str, ...]) -> None:  # noqa: F811
    assert cli("show", saved, *args).code == 2


def test_what_is_no_note_is_said(cli, work: Path) -> None:  # noqa: F811
    (work / "x.json").write_text("{}")
    assert cli("show", "x.json").code == 4
    assert cli("show", "missing.json").code == 4


@pytest.mark.parametrize("command", ["show", "verify", "sign"])
def test_a_note_that_may_not_be_read_is_no_wrong_call(
    cli,  # noqa: F811
    saved: Path,
    monkeypatch,
    command,
) -> None:
    def refused(self: Path, *_: object, **__: object) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("os.access", lambda *_, **__: False)  # what typer would ask
    monkeypatch.setattr("pathlib.Path.open", refused)
    monkeypatch.setattr("pathlib.Path.read_bytes", refused)
    more = ("--editor", "Desk") if command == "sign" else ()
    ran = cli(command, saved, *more)
    assert ran.code == 4 and "Permission denied" in ran.err, ran


def test_members_of_one_family_are_one_origin() -> None:
    from factcheck.independence import carriers
    from factcheck.sources import Register

    def made(n: int, verdict: Verdict, *origins: str) -> Assessment:
        claim = Claim(id=f"c{n}", start=0, end=1, said="a", statement="a", kind=ClaimKind.EVENT,
                      sentence=0)  # fmt: skip
        return Assessment(claim=claim, verdict=verdict, origins=origins)

    found = carriers(
        [
            made(1, Verdict.SUPPORTED, "SOHR"),
            made(2, Verdict.SUPPORTED, "OCHA", "UNHCR"),
            made(3, Verdict.SUPPORTED, "SOHR", "OCHA"),
            made(4, Verdict.CONTRADICTED, "SOHR"),
            made(5, Verdict.SUPPORTED, "SANA"),
        ],
        Register.load(),
    )
    told = {c.origin: (c.alone, c.shared, c.party) for c in found}
    assert told["SOHR"] == (("c1",), ("c3",), False)
    assert told["UN"] == (("c2",), ("c3",), False)
    assert told["SANA"] == (("c5",), (), True) and found[-1].origin == "SANA"
