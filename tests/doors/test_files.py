"""Files: read in one way, written whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from factcheck import files
from factcheck.errors import ConfigError, InputError

ARABIC = "قال المرصد السوري لحقوق الإنسان إن مئة وثلاثين ألف شخص فروا من البلدة يوم الجمعة. " * 4
FRENCH = (
    "Les combats ont repris vendredi dans la région d'Alep. Le régime a mené plusieurs raids"
    " aériens. Des milliers de réfugiés ont traversé la frontière libanaise où la Croix-Rouge a"
    " installé des tentes, a déclaré un porte-parole. Les négociations piétinent à Genève."
)
GERMAN = "Die Flüchtlinge überquerten die Grenze, während die Kämpfe größer wurden. " * 3


# ---------------------------------------------------------------- writing


def test_a_file_is_written_and_replaced(tmp_path: Path) -> None:
    path = tmp_path / "note.json"
    files.write_whole(path, "one\r\ntwo é ع\n")
    assert path.read_bytes() == "one\r\ntwo é ع\n".encode()
    files.write_whole(path, "")
    assert path.read_bytes() == b""
    assert [p.name for p in tmp_path.iterdir() if p.is_file()] == ["note.json"]


def test_replacing_makes_a_new_file(tmp_path: Path) -> None:
    """Who has the old file open keeps reading the old text."""
    path = tmp_path / "note.txt"
    path.write_text("old")
    with path.open() as old:
        files.write_whole(path, "new and longer")
        assert old.read() == "old"
    assert path.read_text() == "new and longer"


def test_the_mode_is_kept_or_the_usual_one(tmp_path: Path) -> None:
    kept, new = tmp_path / "kept", tmp_path / "new"
    kept.write_text("x")
    kept.chmod(0o640)
    before = os.umask(0o022)
    try:
        files.write_whole(kept, "y")
        files.write_whole(new, "y")
    finally:
        os.umask(before)
    assert kept.stat().st_mode & 0o777 == 0o640
    assert new.stat().st_mode & 0o777 == 0o644


@pytest.mark.parametrize("where", ["missing/note.json", "file/note.json"])
def test_a_place_that_cannot_be_written(tmp_path: Path, where: str) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(InputError, match="cannot write") as caught:
        files.write_whole(tmp_path / where, "data")
    assert caught.value.hint
    assert not (tmp_path / "missing").exists()


def test_a_folder_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "place").mkdir()
    with pytest.raises(InputError, match="cannot write"):
        files.write_whole(tmp_path / "place", "data")
    assert sorted(p.name for p in tmp_path.iterdir() if p.name != "home") == ["place"]


def test_a_failure_midway_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "note.txt"
    path.write_text("old")

    def full(self: Path, target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(InputError, match="No space left"):
        files.write_whole(path, "new")
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir() if p.is_file()] == ["note.txt"]


# ---------------------------------------------------------------- reading


def test_read_bytes(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"12345")
    assert files.read_bytes(path, what="an article", limit=5) == b"12345"
    with pytest.raises(InputError, match="an article may have"):
        files.read_bytes(path, what="an article", limit=4)


def test_what_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "empty").write_bytes(b" \r\n\t")
    for path, word in (
        (tmp_path / "missing", "does not exist"),
        (tmp_path, "is a folder"),
        (tmp_path / "empty", "is empty"),
        (tmp_path / "empty" / "under", "cannot read"),
        (tmp_path / ("n" * 300), "cannot read"),
    ):
        with pytest.raises(InputError, match=word) as caught:
            files.read_bytes(path, what="an article", limit=100)
        assert caught.value.hint
        assert caught.value.exit_code == 4


@pytest.mark.parametrize("text", [ARABIC, FRENCH, "plain", "🕊️ e\u0301"], ids=["ar", "fr", "a", "u"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_unicode_is_read(text: str, encoding: str) -> None:
    assert files.decode(text.encode(encoding), name="a") == text


@pytest.mark.parametrize("encoding", ["utf-16-be", "utf-16-le"])
def test_utf_16_of_either_order(encoding: str) -> None:
    assert files.decode(("\ufeff" + ARABIC).encode(encoding), name="a") == ARABIC


def test_old_arabic() -> None:
    assert files.decode(ARABIC.encode("cp1256"), name="a") == ARABIC


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252"])
@pytest.mark.parametrize("text", [FRENCH, GERMAN], ids=["fr", "de"])
def test_old_west_european(text: str, encoding: str) -> None:
    assert files.decode(text.encode(encoding), name="a") == text


@pytest.mark.parametrize(
    "data",
    [
        bytes(range(256)) * 40,
        b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" * 50,
        b"PK\x03\x04\x14\0\0\0" * 60,
        b"\x7fELF\x02\x01\x01\0" * 60,
        b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + b"\x00\x01\x02stream" * 60,
        b"text \0\0\0\0 and NULs",
    ],
    ids=["bytes", "png", "zip", "elf", "pdf", "nul"],
)
def test_binary_is_refused(data: bytes) -> None:
    with pytest.raises(InputError, match=r"a\.bin") as caught:
        files.decode(data, name="a.bin")
    assert caught.value.hint


@pytest.mark.parametrize("data", [b"\xff\xfe\x00\x00abc", b"\xfe\xff\xd8\x00"])
def test_a_false_byte_order_mark(data: bytes) -> None:
    with pytest.raises(InputError):
        files.decode(data * 3 + b"\x00", name="a")


def test_a_few_control_characters_are_no_binary() -> None:
    text = "An ordinary line of text.\f\x1b[0m\n" * 50 + "\x07"
    assert files.decode(text.encode(), name="a") == text


def test_shipped_folders_are_there(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert (files.shipped("seeds") / "sources.toml").is_file()
    with pytest.raises(ConfigError, match="nonsense") as caught:
        files.shipped("nonsense")
    assert "Install" in caught.value.hint
