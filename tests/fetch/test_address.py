"""How an address is read, and which machines are not gone to."""

from __future__ import annotations

from ipaddress import ip_address

import pytest

from factcheck.errors import AddressRefused
from factcheck.fetch import is_address, joined
from factcheck.fetch.address import Address, checked, parse, refusal


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("https://example.org", "https://example.org/"),
        ("  HTTPS://Example.ORG:443/A?b=c#d  ", "https://example.org/A?b=c"),
        ("http://example.org:8080?q=1", "http://example.org:8080/?q=1"),
        ("http://example.org./a", "http://example.org/a"),
        ("https://bücher.example/Straße?ä=ö&x=%20", "https://xn--bcher-kva.example/Stra%C3%9Fe?%C3%A4=%C3%B6&x=%20"),
        ("https://例え.example/", "https://xn--r8jz45g.example/"),
        ("https://مثال.example/خبر", "https://xn--mgbh0fb.example/%D8%AE%D8%A8%D8%B1"),
        ("https://example.org/a b\\c", "https://example.org/a%20b%5Cc"),
        ("http://[2606:4700::1111]:81/", "http://[2606:4700::1111]:81/"),
        ("http://[2606:4700:0:0::1111]/", "http://[2606:4700::1111]/"),
        ("http://my_host.example.org/", "http://my_host.example.org/"),
        ("http://8.8.8.8/", "http://8.8.8.8/"),
        ("http://8.8.8.8./", "http://8.8.8.8/"),
        ("http://３.3.3.3/", "http://3.3.3.3/"),  # a full-width digit is that digit
    ],
)  # fmt: skip
def test_an_address_is_read_into_its_parts(text: str, url: str) -> None:
    assert parse(text).url == url
    assert parse(url).url == url


@pytest.mark.parametrize(
    "text",
    [
        "", "example.org", "//example.org/", "http:", "http:/example.org", "http://", "http:///a",
        "file:///etc/passwd", "ftp://example.org/", "gopher://example.org/", "data:text/plain,a",
        "javascript:alert(1)", "http://user@example.org/", "http://user:pass@example.org/",
        "http://example.org@evil.example/", "http://example.org\\@evil.example/",
        "http://good.example\\.evil.example/", "http://example.org:0/", "http://example.org:65536/",
        "http://example.org:99999999/", "http://example.org:a/", "http://example.org:80:80/",
        "http://exa mple.org/", "http://exam%70le.org/", "http://example..org/", "http://.org/",
        "http://-a.example/", f"http://{'a' * 64}.example/", f"http://{'a.' * 140}example/",
        "http://example.org/\nHost: evil", "http://example.org/\x00", "http://exam\tple.org/",
        "http://2130706433/", "http://127.1/", "http://0177.0.0.1/", "http://0x7f.0.0.1/",
        "http://0x7f000001/", "http://017700000001/", "http://127.0.0.1.2/", "http://256.0.0.1/",
        "http://127.0.0.01/", "http://1/", "http://a.1/", "http://0x/", "http://１２７.1/",
        "http://[::1/", "http://[fe80::1%25eth0]/", "http://[fe80::1%eth0]/", "http://[v1.a]/",
        "http://[127.0.0.1]/", "http://[]/", "http://::1/", "http://a[::1]/",
        "http://example.org/" + "a" * 9000,
    ],
)  # fmt: skip
def test_what_is_no_plain_web_address_is_refused(text: str) -> None:
    with pytest.raises(AddressRefused) as caught:
        parse(text)
    assert caught.value.exit_code == 4
    assert caught.value.hint
    assert len(str(caught.value)) < 500


def test_a_password_is_not_repeated() -> None:
    with pytest.raises(AddressRefused) as caught:
        parse("https://editor:hunter2@example.org/")
    assert "hunter2" not in str(caught.value) + caught.value.hint


LOCAL = ("127.0.0.1", "127.255.0.1", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1",
         "::1", "fd12:3456::1", "::ffff:127.0.0.1", "::ffff:192.168.0.1", "64:ff9b::7f00:1")  # fmt: skip
NEVER = (
    "0.0.0.0", "0.1.2.3", "100.64.0.1", "100.100.100.200", "169.254.169.254", "169.254.0.1",
    "168.63.129.16", "192.0.0.192", "192.0.2.1", "192.88.99.1", "198.18.0.1", "198.51.100.7",
    "203.0.113.9", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255",
    "::", "::2", "::7f00:1", "fd00:ec2::254", "fe80::1", "fec0::1", "ff02::1", "2001::1",
    "2001:0:7f00:1::", "2001:db8::1", "2002:7f00:1::", "2002:808:808::", "100::1", "3fff::1",
    "64:ff9b:1::a00:1", "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe", "::ffff:0.0.0.0",
    "5f00::1", "4000::1",
)  # fmt: skip
PUBLIC = ("8.8.8.8", "100.63.255.255", "100.128.0.1", "172.15.0.1", "172.32.0.1", "192.167.0.1",
          "223.255.255.255", "11.0.0.1", "2606:4700::1111", "2a00::1", "::ffff:8.8.8.8",
          "64:ff9b::808:808", "2001:200::1")  # fmt: skip


@pytest.mark.parametrize("ip", LOCAL)
def test_machines_of_ones_own_only_when_asked(ip: str) -> None:
    assert refusal(ip_address(ip), allow_local=False)
    assert refusal(ip_address(ip), allow_local=True) is None


@pytest.mark.parametrize("ip", NEVER)
def test_machines_that_are_never_gone_to(ip: str) -> None:
    assert refusal(ip_address(ip), allow_local=False)
    assert refusal(ip_address(ip), allow_local=True)


@pytest.mark.parametrize("ip", PUBLIC)
def test_the_public_net(ip: str) -> None:
    assert refusal(ip_address(ip), allow_local=False) is None


def test_one_bad_address_of_a_host_is_enough() -> None:
    at = Address("http", "example.org", 80, "/")
    assert checked(at, ["8.8.8.8", "8.8.8.8", "8.8.4.4"], allow_local=False) == (
        "8.8.8.8",
        "8.8.4.4",
    )
    with pytest.raises(AddressRefused, match=r"example.org is at 10.0.0.1: a private address"):
        checked(at, ["8.8.8.8", "10.0.0.1"], allow_local=False)
    with pytest.raises(AddressRefused):
        checked(at, ["fe80::1%eth0"], allow_local=True)


def test_what_looks_like_an_address() -> None:
    assert is_address("https://example.org/a.txt")
    assert is_address(" HTTP://example.org")
    assert not is_address("article.txt")
    assert not is_address("https.txt")
    assert not is_address("ftp://example.org")


def test_links_are_joined() -> None:
    assert joined("https://example.org/a/b", "../c?d") == "https://example.org/c?d"
    assert joined("https://example.org/a", "//other.example/x") == "https://other.example/x"
    assert joined("https://example.org/a", "http://[") == "http://["
