"""The Protocol by which transfers leave the house, and which addresses they may go to: pure."""

import re
from collections.abc import Mapping
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Protocol
from urllib.parse import urlsplit

from models.characters import LISTED
from models.errors import Refusal

Networks = tuple[IPv4Network | IPv6Network, ...]
LONGEST = 400  # characters of an address

NOT_WEB = "地址要以 https:// 或 http:// 开头，后面是主机名。"
NOT_PLAIN = "地址里不能有用户名、密码、空格、汉字或 # 号，最长 400 个字符。"
NO_NETWORK = "“{word}”不是网段，要写成 10.20.0.0/16 或 10.20.3.4 这样"

_PLAIN = re.compile(r"[!-~]+")


class Unreachable(Exception):  # noqa: N818 - names the fact
    """A sending brought no answer; its text says why, in Chinese, for the operator, without address or secret."""


class Post(Protocol):
    """Sends one body to one address; the address is checked against the network at the moment of sending."""

    async def __call__(self, url: str, body: bytes, headers: Mapping[str, str]) -> int:
        """Return the status of the answer (HTTP); raises Unreachable when there was none."""


def check_url(url: str) -> None:
    """Raise Refusal unless the address may be kept: http or https, a host, no credentials, no fragment."""
    if not _PLAIN.fullmatch(url) or len(url) > LONGEST:
        raise Refusal(NOT_PLAIN)
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises for a port that is none
    except ValueError:
        raise Refusal(NOT_WEB) from None
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise Refusal(NOT_WEB)
    if "@" in parts.netloc or parts.fragment or "\\" in url:
        raise Refusal(NOT_PLAIN)


def may_reach(address: str, allowed: Networks) -> bool:
    """Tell whether we may connect to this IP address: a public one, or one inside an allowed network.

    Loopback, private, link-local, shared, reserved and multicast addresses are not public, and neither are those
    that carry such an IPv4 address inside (mapped, 6to4).
    """
    try:
        ip = ip_address(address)
    except ValueError:
        return False
    inner = _inner(ip)
    if any(face in network for network in allowed for face in (ip, inner)):
        return True
    return inner.is_global and not inner.is_multicast and not inner.is_reserved


def read_networks(text: str) -> Networks:
    """Return the networks named in ``text``, separated by commas or spaces; raises ValueError (Chinese)."""
    return tuple(_network(word) for word in re.sub(LISTED, " ", text).split())


def _inner(ip: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """Return the IPv4 address that an IPv6 address carries, else the address itself."""
    return (ip.ipv4_mapped or ip.sixtofour or ip) if isinstance(ip, IPv6Address) else ip


def _network(word: str) -> IPv4Network | IPv6Network:
    try:
        return ip_network(word, strict=False)
    except ValueError:
        raise ValueError(NO_NETWORK.format(word=word)) from None
