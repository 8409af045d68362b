"""`factcheck sign` and what `factcheck verify` says afterwards."""

from __future__ import annotations

import json

import pytest

from factcheck import desk, history
from factcheck.errors import InputError
from tests.desk.conftest import edit, load


def sign(cli, *more: object, editor: str = "Night desk"):
    return cli("sign", "note.json", "--editor", editor, *more)


def test_signing_keeps_everything_and_adds_the_signature(cli, saved) -> None:
    before = json.loads(saved.read_text(encoding="utf-8"))
    ran = sign(cli, "--decision", "1=disputed:two ministries differ", "--drop", "c2:off our beat",
               "--remark", "1:ask the embassy")  # fmt: skip
    assert ran.code == 0, ran.err
    assert "signed by Night desk" in ran.out and "Disputed" in ran.out
    after = json.loads(saved.read_text(encoding="utf-8"))
    assert {k: v for k, v in after.items() if k != "decisions"} == {
        k: v for k, v in before.items() if k != "decisions"
    }
    assert [d["kind"] for d in after["decisions"]] == ["verdict", "drop", "note", "sign"]
    assert history.signed(load(saved)).stands
    ran = cli("verify", "note.json")
    assert ran.code == 0 and "signed by Night desk" in ran.out


def test_what_other_programs_added_stays(cli, saved) -> None:
    def add(data):
        data["cms"] = {"id": 7}
        data["claims"][0]["cms"] = "kept"

    edit(saved, add)
    assert sign(cli).code == 0
    after = json.loads(saved.read_text(encoding="utf-8"))
    assert after["cms"] == {"id": 7} and after["claims"][0]["cms"] == "kept"
    assert cli("verify", "note.json").code == 0


def test_a_changed_note_is_no_signed_note(cli, saved) -> None:
    sign(cli)
    edit(saved, lambda d: d["claims"][0].update(verdict="not_checkable"))
    ran = cli("verify", "note.json")
    assert ran.code == 7 and "the note's content was changed" in ran.out
    assert "the history does not hold" in cli("sign", "note.json", "--show").out
    data = json.loads(cli("verify", "note.json", "--format", "json").out)
    assert data["holds"] is False and data["signed"]["stands"] is False


def test_a_changed_reason_breaks_the_chain(cli, saved) -> None:
    sign(cli, "--decision", "1=disputed:two differ")
    edit(saved, lambda d: d["decisions"][0].update(reason="three differ"))
    ran = cli("verify", "note.json")
    assert ran.code == 7 and "entry 1 (verdict)" in ran.out and "--show" in ran.err


def test_no_signature_mends_a_chain_that_was_bent(cli, saved) -> None:
    sign(cli, "--decision", "1=disputed:two differ")
    edit(saved, lambda d: d["decisions"][0].update(reason="three differ"))
    before = saved.read_bytes()
    ran = sign(cli)
    assert ran.code == 2 and "entry 1 (verdict)" in ran.err and "verify" in ran.err
    assert saved.read_bytes() == before


def test_a_note_changed_by_hand_can_be_signed_and_says_so(cli, saved) -> None:
    sign(cli)
    edit(saved, lambda d: d["claims"][0].update(verdict="not_checkable", citations=[], figures=[],
                                                rationale=[]))  # fmt: skip
    assert sign(cli, editor="Day desk").code == 0
    note = load(saved)
    assert [d.kind for d in note.decisions] == ["sign", "change", "sign"]
    assert "outside the program" in note.decisions[1].reason and not history.problems(note)
    assert cli("verify", "note.json").code == 0


def test_a_verdict_may_be_typed_as_the_newsroom_calls_it(cli, saved, tmp_path) -> None:
    folder = tmp_path / "home" / "config" / "factcheck"
    folder.mkdir(parents=True)
    (folder / "config.toml").write_text(
        '[newsroom]\nname = "Desk"\n[newsroom.labels]\nsupported = "Benar"\ndisputed = "Masih Diperdebatkan"\n'
        'contradicted = "Salah"\nnot_checkable = "Salah"\n'
    )
    assert sign(cli, "--decision", "1=masih diperdebatkan:two differ").code == 0
    assert load(saved).decided("c1", "verdict").value == "disputed"
    ran = sign(cli, "--decision", "1=Salah:which of the two?")
    assert ran.code == 2 and "benar" in ran.err and "contradicted" in ran.err


def test_a_correction_keeps_what_stood(cli, saved) -> None:
    assert sign(cli, "--correct", "1=disputed:late").code == 2, "nothing was signed yet"
    sign(cli)
    ran = sign(cli, "--correct", "1=disputed:a reader wrote", "--correct", "note:the headline was wrong",
               editor="Day desk")  # fmt: skip
    assert ran.code == 0, ran.err
    note = load(saved)
    assert [d.kind for d in note.decisions] == ["sign", "correction", "correction", "sign"]
    assert note.decisions[1].before["verdict"] == str(note.assessments[0].verdict)
    shown = cli("sign", "note.json", "--show").out
    assert "correction" in shown and "until then" in shown and "Day desk" in shown
    assert cli("verify", "note.json").code == 0


def test_a_draft_keeps_decisions_without_a_signature(cli, saved) -> None:
    ran = sign(cli, "--decision", "1=disputed:two differ", "--draft")
    assert ran.code == 0 and "not signed" in ran.out
    assert history.signed(load(saved)) is None
    assert sign(cli, "--draft").code == 2


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (("--decision", "1=disputed"), "cannot be read"),
        (("--decision", "1=disputed: "), "cannot be read"),
        (("--decision", "1=wrong:because"), "unknown verdict"),
        (("--decision", "99=disputed:because"), "no claim `99`"),
        (("--decision", "x=disputed:because"), "no claim `x`"),
        (("--drop", "1"), "cannot be read"),
        (("--remark", "1:"), "cannot be read"),
        (("--show",), "--show changes nothing"),
    ],
)
def test_what_cannot_be_read_changes_nothing(cli, saved, more, says) -> None:
    before = saved.read_bytes()
    ran = sign(cli, *more)
    assert ran.code == 2 and says in ran.err, ran
    assert saved.read_bytes() == before


def test_nobody_cannot_sign(cli, saved) -> None:
    assert cli("sign", "note.json").code == 2
    assert sign(cli, editor="  ").code == 2


def test_a_claim_without_a_verdict_stops_the_signature(cli, saved) -> None:
    edit(saved, lambda d: d["claims"][1].update(verdict=None, error="no answer", citations=[],
                                                figures=[], rationale=[]))  # fmt: skip
    before = saved.read_bytes()
    ran = sign(cli, "--decision", "1=disputed:two differ")
    assert ran.code == 2 and "c2" in ran.err
    assert saved.read_bytes() == before, "all or nothing"
    assert sign(cli, "--drop", "2:no answer").code == 0


def test_the_history_is_shown_at_any_width(cli, saved) -> None:
    sign(cli, "--decision", "1=disputed:" + "a long reason of many words " * 9)
    for width in ("40", "60", "80"):
        out = cli("sign", "note.json", "--show", COLUMNS=width).out
        lines = out.splitlines()
        assert max(map(len, lines[1:-1])) <= int(width), out
        assert lines[-1].endswith(history.head(load(saved)))
    data = json.loads(cli("sign", "note.json", "--show", "--format", "json").out)
    assert data["signed"]["stands"] and data["head"] == history.head(load(saved))


def test_hostile_words_stay_words(cli, saved) -> None:
    ran = sign(
        cli,
        "--decision",
        "1=disputed:\x1b[31mred\nnot signed by [bold]x[/]",
        editor="A\x1b]52;c;x\x07B",
    )
    assert ran.code == 0
    shown = cli("sign", "note.json", "--show").out
    assert "\x1b" not in ran.out + shown and "\x07" not in shown
    assert "[bold]x[/]" in " ".join(shown.split())
    assert not any(line.startswith("not signed") for line in shown.splitlines())
    assert cli("verify", "note.json").code == 0


def test_a_file_that_changed_meanwhile_is_not_written_over(saved) -> None:
    file = desk.read(saved)
    edit(saved, lambda d: d.update(language="id"))
    theirs = saved.read_bytes()
    with pytest.raises(InputError, match="somebody else"):
        desk.write(file, desk.sign(file.note, "Late"))
    assert saved.read_bytes() == theirs


def test_a_link_stays_a_link(cli, work, saved) -> None:
    real = work / "real.json"
    saved.rename(real)
    saved.symlink_to(real)
    assert sign(cli).code == 0
    assert saved.is_symlink() and history.signed(load(real)).stands


@pytest.mark.parametrize(
    "damage",
    [
        lambda d: d.update(decisions=[{"at": 1, "kind": "sign"}]),
        lambda d: d.update(decisions=[{"kind": "sign", "at": "x", "surprise": "y"}]),
        lambda d: d.update(decisions={"a": 1}),
        lambda d: d.update(decisions=[["sign"]]),
        lambda d: d["claims"][0].update(citations=3),
        lambda d: d["claims"][0]["figures"].append({}),
    ],
)
def test_a_damaged_note_is_refused_as_one(cli, saved, damage) -> None:
    edit(saved, damage)
    before = saved.read_bytes()
    for ran in (sign(cli), cli("sign", "note.json", "--show"), cli("verify", "note.json")):
        assert ran.code == 4 and "Traceback" not in ran.err, ran
        assert "note.json" in ran.err
    assert saved.read_bytes() == before


def test_half_a_letter_from_elsewhere_is_kept(cli, saved) -> None:
    saved.write_text(
        saved.read_text(encoding="utf-8").replace(
            '"outlet": "Example Post"', '"outlet": "Post \\ud83d"'
        ),
        encoding="utf-8",
    )
    assert sign(cli).code == 0
    assert cli("verify", "note.json").code == 0
    assert "\\ud83d" in saved.read_text(encoding="utf-8")
