"""robots.txt, kept to by RFC 9309: what a site asks programs to leave alone is left alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from protego import Protego

from factcheck.errors import AddressRefused
from factcheck.fetch.address import Address

LIMIT = 512_000  # bytes of a robots.txt that are read
LONGEST_DELAY = 30.0  # seconds between two requests, whatever a site asks for
NAME = "factcheck"  # what a robots.txt may call us by


class Robots:
    """The rules of the sites gone to, each asked for once. `ask` gets (status, bytes) of a file."""

    def __init__(self, ask: Callable[[Address], tuple[int, bytes]]) -> None:
        self._ask = ask
        self._rules: dict[str, Protego] = {}

    def check(self, address: Address) -> float:
        """The seconds that the site asks to leave between two requests, at most LONGEST_DELAY.

        Raises AddressRefused where robots.txt forbids the address, or cannot be served; FetchFailed
        where nobody answers. A site without the file (any 4xx) allows everything.
        """
        if address.origin not in self._rules:
            self._rules[address.origin] = self._read(replace(address, target="/robots.txt"))
        rules = self._rules[address.origin]
        if not rules.can_fetch(address.url, NAME):
            raise AddressRefused(
                f"{address.shown} is not for programs: {address.host}/robots.txt asks so",
                hint="Open the page yourself, save it as a file and give that.",
            )
        return min(rules.crawl_delay(NAME) or 0.0, LONGEST_DELAY)

    def _read(self, file: Address) -> Protego:
        status, data = self._ask(file)
        if status >= 500:
            raise AddressRefused(
                f"{file.shown} cannot be served now ({status}), so nothing is asked for there",
                hint="Try again later, or save the page as a file and give that.",
            )
        text = data.decode("utf-8-sig", "replace") if 200 <= status < 300 else ""
        return Protego.parse("" if text.lstrip().startswith("<") else text)
