"""Tells whether phones can open the address that links begin with."""

from ipaddress import ip_address
from urllib.parse import urlsplit

HINT = "请写手机能打开的网址，例如 https://cg.example.cn"
NOT_SAFE = "用的是 http：微信里打不开或有警告，网页授权也要 https"
INNER = "{host} 只有本机或内网能打开，手机打不开"
NO_NAME = "{host} 是 IP 地址：网页授权域名和 HTTPS 证书都要域名"
ODD_NAME = "{host} 不像一个能在互联网上找到的域名"
INNER_ENDS = (
    "localhost",
    "local",
    "localdomain",
    "internal",
    "intranet",
    "lan",
    "home",
    "corp",
    "test",
    "invalid",
)


def faults_of_address(address: str) -> list[str]:
    """Return what keeps phones from opening the address, in Chinese; nothing when they can."""
    parts = urlsplit(address)
    host = (parts.hostname or "").rstrip(".")
    faults = [NOT_SAFE] if parts.scheme != "https" else []
    return faults + _faults_of_host(host)


def _faults_of_host(host: str) -> list[str]:
    try:
        found = ip_address(host)
    except ValueError:
        if host.rpartition(".")[2] in INNER_ENDS:
            return [INNER.format(host=host)]
        return [] if "." in host else [ODD_NAME.format(host=host)]
    return [NO_NAME.format(host=host) if found.is_global else INNER.format(host=host)]
