"""What a web address says, and which machines are not gone to.

An address is read once, here, into its parts; what is asked for is put together from these parts, so
that no second reader can understand it in another way.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import quote, urlencode, urljoin

import idna

from factcheck.errors import AddressRefused

_LONGEST = 8000
_SHOWN = 160
_PARTS = re.compile(r"([A-Za-z][A-Za-z0-9+.\-]*):(?://([^/?#\\]*))?([^#]*)(?:#.*)?", re.DOTALL)
_HOST = re.compile(r"(?:\[([^\[\]]*)\]|([^:\[\]]*))(?::(\d{0,5}))?")
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_\-]{0,61}[a-z0-9_])?")
_NUMBER = re.compile(r"\d+|0x[0-9a-f]*")
_PORTS = {"http": 80, "https": 443}
_SAFE = "%/:=&?~+!$,;'@()*[]|"  # what stays as it is in a path and a query
_LOCAL_HINT = "If it is a machine of your own, say so: --allow-local."
_FOREIGN_HINT = "Save the page as a file and give that."


@dataclass(frozen=True, slots=True)
class Address:
    """A web address in its parts. `host` is a name in ASCII or an IP address without brackets,
    `target` the path with the query as it is sent."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def authority(self) -> str:
        """The host as the request names it, with the port where it is not the usual one."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        return f"{self.scheme}://{self.authority}"

    @property
    def url(self) -> str:
        return self.origin + self.target

    @property
    def shown(self) -> str:
        """The address as a message names it: a long query is left out."""
        if len(self.url) <= _SHOWN:
            return self.url
        path, _, query = self.target.partition("?")
        return self.origin + path[:_SHOWN] + ("?…" if query else "")

    @property
    def literal(self) -> IPv4Address | IPv6Address | None:
        """The host as an IP address, if it is one."""
        try:
            return ip_address(self.host)
        except ValueError:
            return None


def is_address(text: str) -> bool:
    """Whether a text is a web address rather than a file's name."""
    return re.match(r"\s*https?://", text, re.IGNORECASE) is not None


def joined(base: str, link: str) -> str:
    """A link as it stands on the page at `base`, in full."""
    try:
        return urljoin(base, link.strip())
    except ValueError:  # an unclosed bracket
        return link.strip()


def with_query(url: str, values: Sequence[tuple[str, str]]) -> str:
    """An address with values in its query."""
    return f"{url}?{urlencode(values)}"


def parse(text: str) -> Address:
    """Read a web address. Raises AddressRefused where it is none, or none that is gone to."""
    text = text.strip()
    shown = text if len(text) <= 200 else text[:200] + "…"
    if len(text) > _LONGEST:
        raise AddressRefused(
            f"{shown}: an address of {len(text)} characters", hint="Give a shorter one."
        )
    if any(c < " " or c == "\x7f" for c in text):
        raise AddressRefused(
            f"{shown}: control characters in an address", hint="Copy the address again."
        )
    m = _PARTS.fullmatch(text)
    if m is None:
        raise AddressRefused(f"{shown} is no web address", hint="Write it as https://...")
    scheme, netloc, rest = m[1].lower(), m[2], m[3]
    if scheme not in _PORTS:
        raise AddressRefused(
            f"{shown}: {scheme} addresses are not fetched",
            hint="Only http and https are; save the document as a file and give that.",
        )
    if not netloc or (rest and rest[0] not in "/?"):
        raise AddressRefused(f"{shown} names no host", hint="Write it as https://host/path.")
    if "@" in netloc:
        raise AddressRefused(
            f"{scheme}://…@{netloc.rpartition('@')[2][:80]}: a user name or password in an address",
            hint="Give the address without it; what needs a login, save as a file.",
        )
    host = _HOST.fullmatch(netloc)
    if host is None:
        raise AddressRefused(f"{shown}: `{netloc[:80]}` names no host", hint="Check the address.")
    port = int(host[3]) if host[3] else _PORTS[scheme]
    if not 0 < port < 65536:
        raise AddressRefused(f"{shown}: there is no port {port}", hint="Check the address.")
    target = rest if rest.startswith("/") else "/" + rest
    name = _six(host[1], shown) if host[1] is not None else _name(host[2], shown)
    return Address(scheme, name, port, quote(target, safe=_SAFE, errors="replace"))


def _six(text: str, shown: str) -> str:
    try:
        found = IPv6Address(text)
    except ValueError:
        found = None
    if found is None or found.scope_id:
        raise AddressRefused(
            f"{shown}: `[{text[:80]}]` is no IPv6 address", hint="Check the address."
        )
    return str(found)


def _name(text: str, shown: str) -> str:
    """A host name in ASCII and small letters, without the dot at its end, or a plain IPv4 address."""
    try:
        name = text if text.isascii() else idna.encode(text, uts46=True).decode()
    except (idna.IDNAError, UnicodeError):
        name = ""
    name = name.lower().removesuffix(".")
    labels = name.split(".")
    if len(name) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise AddressRefused(f"{shown}: `{text[:80]}` is no host name", hint="Check the address.")
    if _NUMBER.fullmatch(labels[-1]):
        try:
            return str(IPv4Address(name))
        except ValueError:
            raise AddressRefused(
                f"{shown}: `{text[:80]}` is an odd spelling of an IP address",
                hint="Write the address as four plain numbers, or the host by its name.",
            ) from None
    return name


# ------------------------------------------------------------ which machines

_METADATA = frozenset(
    map(ip_address, ("169.254.169.254", "168.63.129.16", "100.100.100.200", "192.0.0.192",
                     "fd00:ec2::254", "fd20:ce::254"))
)  # fmt: skip
_FOUR = tuple(
    (IPv4Network(network), what)
    for network, what in (
        ("0.0.0.0/8", "an address of no machine"),
        ("10.0.0.0/8", "a private address"),
        ("100.64.0.0/10", "an address inside a provider's network"),
        ("127.0.0.0/8", "this machine"),
        ("169.254.0.0/16", "a link-local address"),
        ("172.16.0.0/12", "a private address"),
        ("192.0.0.0/24", "a reserved address"),
        ("192.0.2.0/24", "an address for documentation"),
        ("192.88.99.0/24", "a relay between address families"),
        ("192.168.0.0/16", "a private address"),
        ("198.18.0.0/15", "an address for measurements"),
        ("198.51.100.0/24", "an address for documentation"),
        ("203.0.113.0/24", "an address for documentation"),
        ("224.0.0.0/4", "a multicast address"),
        ("240.0.0.0/4", "a reserved address"),
    )
)
_SIX = tuple(
    (IPv6Network(network), what)
    for network, what in (
        ("::/128", "an address of no machine"),
        ("::1/128", "this machine"),
        ("2001::/23", "a tunnel or a reserved address"),  # Teredo, ORCHID, benchmarks
        ("2001:db8::/32", "an address for documentation"),
        ("2002::/16", "a tunnel to an IPv4 address"),  # 6to4
        ("3fff::/20", "an address for documentation"),
        ("fc00::/7", "a private address"),
        ("fe80::/10", "a link-local address"),
        ("ff00::/8", "a multicast address"),
    )
)
_WORLD = IPv6Network("2000::/3")  # all that IPv6 gives out to machines
_WRAPPED = (IPv6Network("::ffff:0:0/96"), IPv6Network("64:ff9b::/96"))  # mapped, NAT64
_LOCAL = ("this machine", "a private address")


def refusal(ip: IPv4Address | IPv6Address, *, allow_local: bool) -> str | None:
    """What an IP address is, where it is not gone to; None where it is.

    `allow_local` opens this machine and private networks, nothing else. An IPv6 address that wraps
    an IPv4 address is judged by the inner one.
    """
    if ip in _METADATA:
        return "a cloud's metadata service"
    if isinstance(ip, IPv6Address) and any(ip in network for network in _WRAPPED):
        return refusal(IPv4Address(int(ip) & 0xFFFFFFFF), allow_local=allow_local)
    if isinstance(ip, IPv4Address):
        what = next((what for network, what in _FOUR if ip in network), None)
    else:
        what = next((what for network, what in _SIX if ip in network), None)
        if what is None and ip not in _WORLD:
            what = "a reserved address"
    return None if allow_local and what in _LOCAL else what


def checked(address: Address, found: list[str], *, allow_local: bool) -> tuple[str, ...]:
    """The IP addresses of a host, all of them checked. Raises AddressRefused if one is refused: a
    name that points outside and inside at once is not trusted with either."""
    out = []
    for text in found:
        try:
            ip = ip_address(text)
        except ValueError:  # fe80::1%eth0 in an older form
            raise AddressRefused(
                f"{address.shown}: {address.host} is at `{text[:60]}`, which is no IP address",
                hint=_FOREIGN_HINT,
            ) from None
        what = refusal(ip, allow_local=allow_local)
        if what is not None:
            where = "" if text == address.host else f"{address.host} is at {text}: "
            raise AddressRefused(
                f"{address.shown} is refused: {where or text + ' is '}{what}",
                hint=_LOCAL_HINT if what in _LOCAL else _FOREIGN_HINT,
            )
        out.append(str(ip))
    return tuple(dict.fromkeys(out))
