"""What a person can mend, in their words: from the error that ended a command to a sentence that says what to do."""

import errno
import os
import socket
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from bot.json_lines import LinesError
from bot.wechat_errors import Kind, WeChatRefused, WeChatStopped, WeChatUnanswered, WeChatUnreachable
from models.errors import Refusal

COMMAND = "./gongzhi"
BEHIND = f"数据库还没有更新，请先运行：{COMMAND} migrate"
DATABASE = "数据库打不开：{why}。请核对 GONGZHI_DATABASE，再运行 " + f"{COMMAND} check。"
NO_ANSWER = "没有应答"
REASONS = {  # PostgreSQL's own codes
    "28P01": "用户名或密码不对",
    "28000": "用户名或密码不对，或者 pg_hba.conf 不让从这里进",
    "3D000": "没有这个名字的库，请先用 createdb 建一个",
    "53300": "连接数用完了，请等一会儿，或调大 max_connections",
    "57P03": "正在启动，请等一会儿再试",
    "42501": "这个用户的权限不够，请把库的所有者改成它",
    "53100": "磁盘满了，请腾出空间",
}
SQLITE = (
    ("unable to open", "文件建不了或打不开，请看看路径、所有者和权限"),
    ("not a database", "这个文件不是 SQLite 数据库，请换一个文件名，原来的文件不要动"),
    ("malformed", "文件坏了，请停下服务，从备份恢复"),
    ("readonly", "文件只能读，请用服务的用户运行，或改文件和文件夹的所有者"),
    ("locked", "别的程序一直占着它，请等一会儿再试；还不行，看看是谁开着这个文件"),
    ("full", "磁盘满了，请腾出空间"),
    ("no such table", f"里面没有共治的表，请先运行：{COMMAND} migrate"),
)
NETWORK = "连不上 {where}，请看看它有没有启动、主机和端口对不对"
NO_HOST = "找不到这台主机，请看看主机名和 DNS"
FILES = {
    errno.ENOENT: "打不开 {file}：没有这个文件，请核对文件名。",
    errno.EACCES: "没有权限读写 {file}，请换一个用户运行，或改它的权限。",
    errno.EPERM: "没有权限读写 {file}，请换一个用户运行，或改它的权限。",
    errno.EISDIR: "{file} 是文件夹，请写文件的名字。",
    errno.ENOTDIR: "{file} 的路径里有一段不是文件夹，请核对。",
    errno.ENOSPC: "磁盘满了，{file} 没写完，请腾出空间再试。",
    errno.EROFS: "{file} 所在的磁盘只能读，请换一个地方。",
    errno.ENAMETOOLONG: "文件名太长，请改短。",
}
NOT_TEXT = "内容不是 UTF-8 编码的文字，请用编辑器另存为 UTF-8 再试。"
PORT_TAKEN = "端口 {port} 已经有程序在用：可能已经启动过一次，请先停下；或者换一个端口：{other}"
PORT_CLOSED = "不能用端口 {port}：1024 以下的要管理员权限，请换一个大的：{other}"
NO_ADDRESS = "这台机器没有地址 {host}，请核对，例如 127.0.0.1 或 0.0.0.0。"
OTHER_LISTEN = "GONGZHI_LISTEN=127.0.0.1:{port} " + f"{COMMAND} serve"
WECHAT = "微信没有照办：{why}（代码 {code}）。{do}"
WECHAT_ASKS = {
    Kind.SECRET: ("AppID 或 AppSecret 不对", "请到公众平台「设置与开发—基本配置」核对，改好设置再试。"),
    Kind.ADDRESS: (
        "这台机器的 IP 不在白名单",
        "请到公众平台「设置与开发—基本配置」把 IP 加进白名单，过几分钟再试。",
    ),
    Kind.REFRESH: ("访问凭证失效", "请看看有没有别的系统也在用这个号取凭证，停掉它再试。"),
    Kind.DAY: ("今天的次数用完了", "请明天再试，或在公众平台清零。"),
    Kind.MINUTE: ("这一分钟太频繁", "请过一分钟再试。"),
    Kind.BACK_OFF: ("微信正忙", "请过几分钟再试。"),
    Kind.STOP_FEATURE: ("这个号没有这项权限", "请到公众平台「接口权限」看看有没有开通、号有没有认证。"),
}
WECHAT_OTHER = ("{said}", "请查一查这个代码，改好再试。")
WECHAT_AWAY = "连不上微信，请看看这台机器能不能上网、GONGZHI_WECHAT_API 对不对，过几分钟再试。"
WECHAT_SILENT = "微信没有回音，不知道办成了没有，请先在公众平台看一眼，再决定要不要重来。"
WECHAT_STOPPED = "微信那边先停着（代码 {code}），请过几分钟再试；为什么停：" + f"{COMMAND} deliveries list"


class DatabaseBehindError(Exception):
    """The database lacks migrations: ``gongzhi migrate`` first."""


class UnreachableDatabaseError(Exception):
    """The database does not let us in; its text is the reason, in Chinese, without any password."""


class PortError(Exception):
    """An address cannot be listened on; ``sentence`` says so, with the command for another port."""

    def __init__(self, error: OSError, *, host: str, port: int, other: str) -> None:
        words = {errno.EADDRINUSE: PORT_TAKEN, errno.EACCES: PORT_CLOSED}.get(error.errno or 0, NO_ADDRESS)
        self.sentence = words.format(host=host, port=port, other=other)
        super().__init__(self.sentence)


def sentence_of(error: BaseException) -> str | None:
    """Return what the operator reads and does; None where nothing of this kind is wrong: a fault of ours."""
    if isinstance(error, Refusal | PortError):
        return error.sentence
    if isinstance(error, LinesError):
        return str(error)
    if isinstance(error, DatabaseBehindError):
        return BEHIND
    if isinstance(error, UnreachableDatabaseError):
        return DATABASE.format(why=error)
    if why := _database_reason(error):
        return DATABASE.format(why=why)
    return _wechat_sentence(error) or _file_sentence(error)


def why_database(error: BaseException) -> str:
    """Return why a database did not let us in."""
    if why := _database_reason(error):
        return why
    for one in _causes(error):
        if isinstance(one, socket.gaierror):
            return NO_HOST
        if isinstance(one, TimeoutError):
            return NO_ANSWER
        if isinstance(one, OSError):
            return NETWORK.format(where="数据库")
    return type(error).__name__


def _database_reason(error: BaseException) -> str:
    for one in _causes(error):
        if known := REASONS.get(getattr(one, "sqlstate", None) or ""):
            return known
        if isinstance(one, sqlite3.Error):
            return next((why for sign, why in SQLITE if sign in str(one)), "")
    return ""


def _wechat_sentence(error: BaseException) -> str | None:
    if isinstance(error, WeChatRefused):
        why, do = WECHAT_ASKS.get(error.kind, WECHAT_OTHER)
        return WECHAT.format(why=why.format(said=error.errmsg), code=error.code, do=do)
    if isinstance(error, WeChatStopped):
        return WECHAT_STOPPED.format(code=error.code)
    if isinstance(error, WeChatUnreachable):
        return WECHAT_AWAY
    return WECHAT_SILENT if isinstance(error, WeChatUnanswered) else None


def _file_sentence(error: BaseException) -> str | None:
    if isinstance(error, UnicodeDecodeError):
        return NOT_TEXT
    if isinstance(error, OSError) and error.filename is not None:
        return FILES[error.errno].format(file=_shown(error.filename)) if error.errno in FILES else None
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        return FILES[errno.ENOSPC].format(file="文件")
    return None


def _shown(name: str | bytes | int) -> str:
    """Return the name as the operator would type it: short where it lies below where they stand."""
    path = Path(os.fsdecode(name)) if not isinstance(name, int) else Path(str(name))
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield the error and what it was made of: drivers' errors come wrapped, as an argument or as the cause."""
    seen: BaseException | None = error
    while seen is not None:
        yield seen
        inner = seen.args[0] if seen.args and isinstance(seen.args[0], BaseException) else None
        seen = inner or seen.__cause__ or seen.__context__
