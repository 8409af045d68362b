"""Settings: flag beats environment beats file beats default, and each says where it came from."""

from __future__ import annotations

from pathlib import Path

import pytest

from factcheck.errors import ConfigError, UsageError
from factcheck.settings import Settings, config_file, masked


def configure(text: str) -> Path:
    path = config_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_the_defaults(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("FACTCHECK_STORE")
    monkeypatch.delenv("FACTCHECK_CACHE")
    settings = Settings.load()
    assert settings.store == tmp_path / "home" / "data" / "factcheck" / "store"
    assert settings.cache == tmp_path / "home" / "cache" / "factcheck"
    assert (settings.lang, settings.analyst, settings.model) == (None, "local", None)
    assert (settings.api_key, settings.base_url) == (None, None)
    assert set(settings.came_from.values()) == {"default"}


def test_the_environment_beats_the_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = configure('lang = "id"\nstore = "/from/file"\nmodel = "m-file"\n')
    settings = Settings.load()
    assert settings.lang == "id"
    assert settings.came_from["lang"] == str(file)
    assert settings.model == "m-file"
    assert settings.store == tmp_path / "env-store"
    assert settings.came_from["store"] == "environment FACTCHECK_STORE"
    monkeypatch.setenv("FACTCHECK_LANG", "en")
    settings = Settings.load()
    assert settings.lang == "en"
    assert settings.came_from["lang"] == "environment FACTCHECK_LANG"


def test_a_flag_beats_all(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    configure('lang = "en"\n')
    monkeypatch.setenv("FACTCHECK_LANG", "en")
    settings = Settings.load(lang="id", store=tmp_path / "flag", analyst=None)
    assert settings.lang == "id"
    assert settings.store == tmp_path / "flag"
    assert settings.came_from["lang"] == settings.came_from["store"] == "flag"
    assert settings.came_from["analyst"] == "default"


def test_an_empty_variable_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FACTCHECK_LANG", "")
    monkeypatch.setenv("OPENAI_API_KEY", "")
    settings = Settings.load()
    assert (settings.lang, settings.api_key) == (None, None)
    assert settings.came_from["lang"] == "default"


def test_the_key_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test-0123456789")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    settings = Settings.load()
    assert settings.api_key == "sk-test-0123456789"
    assert settings.came_from["api_key"] == "environment OPENAI_API_KEY"
    assert settings.base_url == "http://127.0.0.1:9/v1"


def test_a_key_in_the_file_is_refused_and_not_repeated() -> None:
    file = configure('api_key = "sk-secret-value"\n')
    with pytest.raises(ConfigError, match="api_key") as caught:
        Settings.load()
    assert str(file) in str(caught.value)
    assert "sk-secret-value" not in str(caught.value) + caught.value.hint
    assert "OPENAI_API_KEY" in caught.value.hint


def test_an_unknown_setting_is_named() -> None:
    file = configure('langauge = "id"\n')
    with pytest.raises(ConfigError, match="`langauge`") as caught:
        Settings.load()
    assert str(file) in str(caught.value)
    assert "lang" in caught.value.hint
    assert "api_key" not in caught.value.hint


@pytest.mark.parametrize("text", ["lang = id", "= 1", "[[[", 'lang = "id\n'])
def test_a_broken_file_is_named(text: str) -> None:
    file = configure(text)
    with pytest.raises(ConfigError) as caught:
        Settings.load()
    assert str(file) in str(caught.value)
    assert caught.value.hint


def test_a_file_in_another_encoding_is_named() -> None:
    file = configure("")
    file.write_bytes(b'lang = "\xff\xfe"\n')
    with pytest.raises(ConfigError) as caught:
        Settings.load()
    assert str(file) in str(caught.value)


@pytest.mark.parametrize("text", ["lang = 3", "store = [1]", "model = {a = 1}"])
def test_a_value_of_the_wrong_type_is_named(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.delenv("FACTCHECK_STORE")
    file = configure(text)
    with pytest.raises(ConfigError) as caught:
        Settings.load()
    assert f"`{text.split()[0]}`" in str(caught.value)
    assert str(file) in str(caught.value)


@pytest.mark.parametrize("name", ["lang", "analyst"])
def test_a_value_that_is_no_choice(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    with pytest.raises(UsageError, match="`xx`") as flag:
        Settings.load(**{name: "xx"})
    assert flag.value.exit_code == 2
    assert "One of" in flag.value.hint
    monkeypatch.setenv(f"FACTCHECK_{name.upper()}", "yy")
    with pytest.raises(ConfigError, match=f"environment FACTCHECK_{name.upper()}.*`yy`") as env:
        Settings.load()
    assert env.value.exit_code == 3
    assert "One of" in env.value.hint


def test_a_flag_nobody_knows() -> None:
    with pytest.raises(ConfigError, match="`colour`"):
        Settings.load(colour="red")


def test_home_is_expanded(tmp_path: Path) -> None:
    assert Settings.load(store="~/mine").store == tmp_path / "home" / "mine"


@pytest.mark.parametrize(
    ("key", "shown"),
    [
        (None, "not set"),
        ("", "not set"),
        ("short", "set"),
        ("123456789012", "set"),
        ("sk-1234567890abcd", "set, ends in abcd"),
    ],
)
def test_masked(key: str | None, shown: str) -> None:
    assert masked(key) == shown


def test_a_newsroom_is_read_from_the_file() -> None:
    configure(
        '[newsroom]\nname = "Daily Sample"\nurl = "https://example.org"\n'
        '[newsroom.labels]\nsupported = "Benar"\n[newsroom.ratings]\nsupported = 10\ncontradicted = 1\n'
    )
    newsroom = Settings.load().newsroom
    assert (newsroom.name, newsroom.url) == ("Daily Sample", "https://example.org")
    assert newsroom.labels == {"supported": "Benar"}
    assert newsroom.ratings == {"supported": 10, "contradicted": 1}


def test_without_a_newsroom_the_scale_is_ours() -> None:
    newsroom = Settings.load().newsroom
    assert newsroom.name == "" and newsroom.labels == {}
    assert newsroom.ratings == {
        "supported": 5, "partly_supported": 4, "disputed": 3, "contradicted": 1,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ('[newsroom]\nurl = "https://example.org"', "newsroom.name"),
        ('[newsroom]\nname = "A"\nurl = "javascript:x"', "newsroom.url"),
        ('[newsroom]\nname = "A"\nnote_url = "ftp://a/{article}"', "newsroom.note_url"),
        ('[newsroom]\nname = " "', "newsroom.name"),
        ('[newsroom]\nname = "A"\nlabels = {true = "x"}', "newsroom.labels"),
        ('[newsroom]\nname = "A"\nratings = {supported = 1}', "newsroom.ratings"),
        ('[newsroom]\nname = "A"\ncolour = "red"', "newsroom.colour"),
    ],
)
def test_a_broken_newsroom_is_named(text: str, where: str) -> None:
    file = configure(text)
    with pytest.raises(ConfigError) as caught:
        Settings.load()
    assert where in str(caught.value) and str(file) in str(caught.value)
