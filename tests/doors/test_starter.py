"""The starter collection is loaded once, and a loading that was broken off is taken up again."""

from __future__ import annotations

from pathlib import Path

import pytest

from factcheck.collection import ensure_starter, open_store
from factcheck.settings import Settings


class Left(Exception):
    pass


def test_a_loading_that_was_broken_off_is_taken_up_again(
    tmp_path: Path, shared_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings.load(store=tmp_path / "store", cache=shared_cache)
    with open_store(settings) as store:
        real = store.add

        def leave(references, **more):
            real(references[:3], **more)
            raise Left

        monkeypatch.setattr(store, "add", leave)
        with pytest.raises(Left):
            ensure_starter(store)
    with open_store(settings) as store:
        ensure_starter(store)
        assert len(store.references()) == 103
        store.remove("F001")
        ensure_starter(store)
        assert len(store.references()) == 102, "what was removed stays removed"
