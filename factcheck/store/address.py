"""What `--store` may name: a folder, a Chroma server or a database in Chroma Cloud."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from factcheck.errors import ConfigError

_TENANT, _DATABASE = "default_tenant", "default_database"
_NAME = re.compile(r"[A-Za-z0-9][\w.\-]{0,127}")
_CLOUD = "chroma-cloud"
_HINT = (
    "Write http://host:port, http://host:port/tenant/database or chroma-cloud://tenant/database."
)


@dataclass(frozen=True, slots=True)
class Address:
    """A Chroma server. `text` is the address as written, which holds no secret."""

    text: str
    host: str
    port: int
    tls: bool
    tenant: str
    database: str
    cloud: bool = False

    def __str__(self) -> str:
        return self.text


def is_address(value: str | Path) -> bool:
    """Whether a store's name is a server's address rather than a folder."""
    return isinstance(value, str) and "://" in value


def parse(value: str | Path) -> Path | Address:
    """A folder or a server's address. Raises ConfigError for an address of another kind, one that
    holds a password, and one whose parts are no names."""
    if not is_address(value):
        return Path(value).expanduser()
    text = str(value)
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise ConfigError("the store's address cannot be read", hint=_HINT) from error
    if parts.username or parts.password:
        raise ConfigError(
            "the store's address holds a name or a password",
            hint="Leave it out and set FACTCHECK_STORE_TOKEN (CHROMA_API_KEY for Chroma Cloud).",
        )
    if parts.query or parts.fragment:
        raise ConfigError("the store's address has a query or a fragment", hint=_HINT)
    names = [p for p in parts.path.split("/") if p]
    if parts.scheme == _CLOUD:
        names = [parts.netloc, *names]
        if len(names) != 2 or not all(map(_NAME.fullmatch, names)):
            raise ConfigError(
                f"the store's address {text} names no tenant and database", hint=_HINT
            )
        return Address(text, "api.trychroma.com", 443, True, names[0], names[1], cloud=True)
    if parts.scheme not in ("http", "https"):
        raise ConfigError(f"the store's address begins with {parts.scheme}://", hint=_HINT)
    if not parts.hostname or len(names) not in (0, 2) or not all(map(_NAME.fullmatch, names)):
        raise ConfigError(f"the store's address {text} is not complete", hint=_HINT)
    tls = parts.scheme == "https"
    tenant, database = names or (_TENANT, _DATABASE)
    return Address(
        text.rstrip("/"), parts.hostname, port or (443 if tls else 8000), tls, tenant, database
    )
