from __future__ import annotations

from collections.abc import Iterator

import pytest

from factcheck.fetch import Fetcher
from tests.fetch.server import Site


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site()
    yield made
    made.close()


@pytest.fixture
def local() -> Fetcher:
    """A fetcher that may go to this machine and has little patience."""
    return Fetcher(allow_local=True, timeout=3.0, limit=1_000_000)
