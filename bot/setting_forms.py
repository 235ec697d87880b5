"""How the text of each setting is read: a typed value, or a ValueError that says in Chinese what is wrong."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from bot.wechat_templates import Template, read_templates
from models.database import tortoise_config

KEY_LEAST = 32  # characters of a secret key
LOG_FORMS = ("text", "json")
LOG_LEVELS = ("debug", "info", "warning", "error")
_AES_KEY = re.compile(r"[A-Za-z0-9+/]{43}")
_PLAIN = re.compile(r"[!-~]+")


@dataclass(frozen=True, slots=True)
class Listen:
    """Where the service listens; port 0 lets the machine choose."""

    host: str
    port: int


@dataclass(frozen=True, slots=True)
class Log:
    """How the log is written: ``text`` or ``json``, and from which level on (lower case)."""

    form: str = "text"
    level: str = "info"


def read_database(text: str) -> str:
    """Return the address as models.database takes it; it may hold a password, so no message repeats it."""
    try:
        tortoise_config(text)
        parts = urlsplit(text)
    except ValueError:
        raise ValueError("这个数据库地址看不懂") from None
    if parts.scheme != "sqlite" and not (parts.hostname and parts.path.strip("/")):
        raise ValueError("数据库地址里缺少主机或库名")
    if parts.scheme == "sqlite" and not Path(text.removeprefix("sqlite://")).parent.is_dir():
        raise ValueError("数据库文件所在的文件夹不存在")
    return text


def read_folder(text: str) -> Path:
    """Return the folder, absolute; it exists afterwards and can be written."""
    folder = Path(text).expanduser().resolve()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        probe = folder / ".writable"
        probe.touch()
        probe.unlink(missing_ok=True)
    except OSError as error:
        raise ValueError(f"文件夹 {text} 建不了或写不进去（{error.strerror}）") from None
    return folder


def read_city(text: str) -> Path:
    """Return the folder, absolute; what is in it is for models.city to judge."""
    folder = Path(text).expanduser().resolve()
    if not folder.is_dir():
        raise ValueError(f"找不到文件夹 {text}")
    return folder


def read_listen(text: str) -> Listen:
    """Return host and port of ``host:port``, ``:port`` or ``[ipv6]:port``."""
    try:
        parts = urlsplit(f"//{text}")
        port = parts.port
    except ValueError:
        raise ValueError(f"{text} 里的端口不对") from None
    if port is None or parts.path or parts.username:
        raise ValueError(f"{text} 不是“主机：端口”")
    return Listen(parts.hostname or "0.0.0.0", port)  # noqa: S104 - what an empty host has always meant


def read_public_url(text: str) -> str:
    """Return the address without a slash at the end; pages lie at its root, so it has no path."""
    if _web_address(text).path.strip("/"):
        raise ValueError("网址后面不能带路径")
    return text.rstrip("/")


def read_api(text: str) -> str:
    """Return a base address without a slash at the end."""
    _web_address(text)
    return text.rstrip("/")


def read_secret_key(text: str) -> bytes:
    """Return the key's bytes."""
    if len(text) < KEY_LEAST:
        raise ValueError(f"只有 {len(text)} 个字符，太短")
    return text.encode()


def read_plain(text: str) -> str:
    """Return an id or secret as WeChat shows it: letters, digits and signs, no spaces."""
    if not _PLAIN.fullmatch(text):
        raise ValueError("里面有空格、汉字或其他不该有的字符")
    return text


def read_aes_key(text: str) -> str:
    """Return an EncodingAESKey."""
    if not _AES_KEY.fullmatch(text):
        raise ValueError(f"应为 43 个字母数字，现在是 {len(text)} 个字符或含有别的字符")
    return text


def read_template_ids(text: str) -> dict[str, Template]:
    """Return the notices by use; every mistake is a line of the ValueError."""
    try:
        return read_templates(text)
    except ValueError as error:
        raise ValueError("\n".join(f"内容不对（{line}）" for line in str(error).splitlines())) from None


def read_webhooks(text: str) -> dict[str, str]:
    """Return group robots' addresses by group; the addresses hold a key, so no message repeats them."""
    try:
        given = json.loads(text)
    except ValueError:
        given = None
    if not isinstance(given, dict):
        raise ValueError("不是一段 JSON 对象")  # noqa: TRY004 - one kind of error for a setting
    wrong = [group for group, address in given.items() if not _is_web_address(address)]
    if wrong:
        raise ValueError("\n".join(f"“{group}”的地址不是网址" for group in wrong))
    return given


def read_log(text: str) -> Log:
    """Return form and level, in either order, each at most once."""
    words = text.lower().replace(",", " ").split()
    forms = [word for word in words if word in LOG_FORMS]
    levels = [word for word in words if word in LOG_LEVELS]
    if len(forms) > 1 or len(levels) > 1 or len(forms) + len(levels) < len(words):
        raise ValueError(f"看不懂“{text}”")
    return Log(*(forms or LOG_FORMS[:1]), *(levels or ["info"]))


def _web_address(text: str) -> SplitResult:
    try:
        parts = urlsplit(text)
        _ = parts.port  # raises for a port that is none
    except ValueError:
        raise ValueError("这不是网址") from None
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("网址应以 https:// 或 http:// 开头")
    if parts.query or parts.fragment or parts.username or not _PLAIN.fullmatch(text):
        raise ValueError("网址里有多余的内容")
    return parts


def _is_web_address(address: object) -> bool:
    if not isinstance(address, str):
        return False
    parts = urlsplit(address)
    return parts.scheme in {"http", "https"} and bool(parts.hostname)
