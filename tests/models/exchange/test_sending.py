"""Addresses inside our network are not reached for anybody, unless the operator named their network."""

import pytest

from models.errors import Refusal
from models.exchange.sending import check_url, may_reach, read_networks

INSIDE = [
    "127.0.0.1",
    "127.8.8.8",
    "0.0.0.0",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "224.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "fe80::1",
    "fe80::1%eth0",
    "fc00::1",
    "ff02::1",
    "::ffff:10.0.0.1",
    "::ffff:127.0.0.1",
    "2002:7f00:1::",
    "2002:a00:1::",
    "64:ff9b::a00:1",
    "2130706433",
    "127.1",
    "localhost",
    "",
]


@pytest.mark.parametrize("address", INSIDE)
def test_address_inside_is_not_reached(address):
    assert not may_reach(address, ())


@pytest.mark.parametrize("address", ["223.5.5.5", "8.8.8.8", "2400:3200::1", "::ffff:223.5.5.5"])
def test_public_address_is_reached(address):
    assert may_reach(address, ())


def test_named_network_is_reached_and_no_other():
    allowed = read_networks("10.20.0.0/16,192.168.3.4 fd00::/8")
    assert may_reach("10.20.255.1", allowed)
    assert may_reach("::ffff:10.20.1.1", allowed)
    assert may_reach("192.168.3.4", allowed)
    assert may_reach("fd12::1", allowed)
    assert not may_reach("10.21.0.1", allowed)
    assert not may_reach("192.168.3.5", allowed)


def test_word_that_is_no_network_is_named():
    with pytest.raises(ValueError, match="内网"):
        read_networks("10.0.0.0/8, 内网")


@pytest.mark.parametrize(
    "url",
    [
        "ftp://a.example/",
        "file:///etc/passwd",
        "//a.example",
        "https://",
        "https://user:pw@a.example/",
        "https://@a.example/",
        "https://a.example/#x",
        "https://a.example/a b",
        "https://a.example\\@10.0.0.1/",
        "https://a.example:99999/",
        "https://[::1/",
        "https://例子.example/",
        "https://a.example/" + "x" * 400,
        "",
    ],
)
def test_address_that_may_not_be_kept_is_refused(url):
    with pytest.raises(Refusal):
        check_url(url)


@pytest.mark.parametrize(
    "url", ["https://a.example/hook?key=1", "http://10.0.0.1:8080/x", "https://[2400::1]/"]
)
def test_plain_address_may_be_kept(url):
    check_url(url)
