"""The settings of the house: what each means, what it is when nobody sets it, and all mistakes in one list."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from dotenv import dotenv_values

from bot import setting_forms as forms
from bot.secret_key import FILE as SECRET_FILE
from bot.secret_key import keep_secret_key
from bot.setting_forms import Listen, Log
from bot.setting_reading import Mistake as Mistake
from bot.setting_reading import Reading, Setting
from bot.setting_reading import SettingErrors as SettingErrors
from bot.wechat_templates import Template
from models.city.load import EXAMPLE as EXAMPLE
from models.exchange.sending import Networks, read_networks

OFFICIAL_API = "https://api.weixin.qq.com"
DATA_FOLDER = "data"
DATABASE_FILE = "gongzhi.sqlite3"


SETTINGS = (
    Setting(
        "GONGZHI_DATABASE",
        f"`sqlite://` and `{DATABASE_FILE}` in the data folder",
        "where the rows are kept: `sqlite://PATH` or `postgres://user:pass@host:port/db`",
        "写 sqlite://文件路径，或 postgres://用户:密码@主机:端口/库名",
    ),
    Setting(
        "GONGZHI_DATA",
        "`./data`",
        "data folder: media, the word cache, the secret key and the SQLite file",
        "写一个本程序能读写的文件夹",
    ),
    Setting(
        "GONGZHI_LISTEN",
        "`127.0.0.1:8080`",
        "host and port that the service listens on",
        "写 主机：端口，例如 127.0.0.1:8080",
    ),
    Setting(
        "GONGZHI_PUBLIC_URL",
        "from the listen address",
        "the address that people's phones open, with nothing after the host",
        "写手机能打开的网址，例如 https://cg.example.cn，后面不带路径",
    ),
    Setting(
        "GONGZHI_CITY",
        "the example city",
        "city folder: areas, units, duty, case types, words, FAQ, calendar",
        "写城市资料文件夹的路径；不写就用示例城市",
    ),
    Setting(
        "GONGZHI_SECRET_KEY",
        "made once and kept in the data folder",
        "signs sessions and links; the same on every machine of one service; at least 32 characters",
        "写一串 32 个字符以上的随机字母数字；不写就自动生成，存放在数据文件夹",
    ),
    Setting(
        "GONGZHI_WECHAT_APPID",
        "none",
        "the service account's AppID",
        "在公众平台「设置与开发—基本配置」里复制 AppID",
        is_needed_to_serve=True,
    ),
    Setting(
        "GONGZHI_WECHAT_SECRET",
        "none",
        "the service account's AppSecret",
        "在公众平台「设置与开发—基本配置」里复制 AppSecret",
        is_needed_to_serve=True,
    ),
    Setting(
        "GONGZHI_WECHAT_TOKEN",
        "none; an empty one is refused",
        "the Token of the server configuration; signs what WeChat pushes",
        "写服务器配置里的 Token，两边一样，不能留空，留空等于谁都能冒充微信",
        is_needed_to_serve=True,
    ),
    Setting(
        "GONGZHI_WECHAT_AES_KEY",
        "none",
        "the EncodingAESKey of the server configuration (43 letters and digits)",
        "写服务器配置里的 EncodingAESKey，共 43 个字母数字，并选择「安全模式」",
        is_needed_to_serve=True,
    ),
    Setting(
        "GONGZHI_WECHAT_AES_KEY_OLD",
        "none",
        "the EncodingAESKey before a change: both open pushes until WeChat's machines have all changed over",
        "只在更换 EncodingAESKey 时写换之前的那一个，一天后删掉",
    ),
    Setting(
        "GONGZHI_WECHAT_API",
        f"`{OFFICIAL_API}`",
        "base address of the WeChat API, token requests included",
        "写微信接口的网址；一般不用写",
    ),
    Setting(
        "GONGZHI_WECHAT_TEMPLATES",
        "none",
        "ids and fields of template and subscribe notices by use, JSON",
        '写一段 JSON，例如 {"progress": {"template": "模板ID", "fields": {"thing1": "type"}}}',
    ),
    Setting(
        "GONGZHI_WECOM_WEBHOOKS",
        "none",
        "addresses of WeCom group robots by group, JSON",
        '写一段 JSON，例如 {"商户一群": "https://群机器人的网址"}',
    ),
    Setting(
        "GONGZHI_EXCHANGE_NETWORKS",
        "none: public addresses only",
        "inner networks in which subscribers of case changes may lie, e.g. `10.1.0.0/16`",
        "写允许推送到的内网网段，用逗号分开，例如 10.1.0.0/16；只推送到公网就不写",
    ),
    Setting(
        "GONGZHI_LOG",
        "`text info`",
        "form of the log, `text` or `json`, and the level: `debug`, `info`, `warning` or `error`",
        "写 text 或 json，空一格再写 debug、info、warning 或 error",
    ),
)


@dataclass(frozen=True, slots=True)
class WeChat:
    """The service account; the first four are empty where only the demo runs."""

    appid: str = ""
    secret: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    aes_keys: tuple[str, ...] = field(default=(), repr=False)  # the current one first
    api: str = OFFICIAL_API
    templates: Mapping[str, Template] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Settings:
    """What the house was told, checked and typed; secrets do not show in its repr."""

    database: str = field(repr=False)  # as models.database takes it
    data: Path
    listen: Listen
    public_url: str  # without a slash at the end
    city: Path
    secret_key: bytes = field(repr=False)
    wechat: WeChat
    wecom_webhooks: Mapping[str, str] = field(repr=False)  # group -> address
    log: Log
    exchange_networks: Networks = ()  # inner networks that changes of cases may be sent to

    def secrets(self) -> tuple[str, ...]:
        """Return all that must never be read in a log."""
        account = (self.wechat.secret, self.wechat.token, *self.wechat.aes_keys)
        found = (*account, self.secret_key.decode(errors="replace"), *self.wecom_webhooks.values())
        return tuple(secret for secret in found if secret)


def read_environment(file: Path = Path(".env")) -> dict[str, str]:
    """Return the environment together with the ``.env`` file; where both name a setting the environment wins."""
    written = dotenv_values(file, interpolate=False)
    return {name: value or "" for name, value in written.items()} | dict(os.environ)


def load_settings(environ: Mapping[str, str], *, serving: bool = False) -> Settings:
    """Return the settings; the data folder and the secret key in it exist afterwards.

    With ``serving`` the service account's settings are needed too. Raises SettingErrors with every mistake.
    """
    reading = Reading(SETTINGS, environ)
    settings = _settings(reading)
    if serving:
        reading.demand_account()
    reading.refuse_slips()
    if reading.mistakes:
        raise SettingErrors(tuple(reading.mistakes))
    return settings


def read_places(environ: Mapping[str, str]) -> tuple[Path, str]:
    """Return data folder and database alone; no key is made. Raises SettingErrors."""
    reading = Reading(SETTINGS, environ)
    data = reading.one("GONGZHI_DATA", forms.read_folder, Path(DATA_FOLDER), unset=DATA_FOLDER)
    database = reading.one("GONGZHI_DATABASE", forms.read_database, f"sqlite://{data / DATABASE_FILE}")
    reading.refuse_slips()
    if reading.mistakes:
        raise SettingErrors(tuple(reading.mistakes))
    return data, database


def _settings(reading: Reading) -> Settings:
    data = reading.one("GONGZHI_DATA", forms.read_folder, Path(DATA_FOLDER), unset=DATA_FOLDER)
    listen = reading.one("GONGZHI_LISTEN", forms.read_listen, Listen("127.0.0.1", 8080))
    return Settings(
        database=reading.one("GONGZHI_DATABASE", forms.read_database, f"sqlite://{data / DATABASE_FILE}"),
        data=data,
        listen=listen,
        public_url=reading.one("GONGZHI_PUBLIC_URL", forms.read_public_url, _own_address(listen)),
        city=reading.one("GONGZHI_CITY", forms.read_city, EXAMPLE),
        secret_key=_secret_key(reading, data),
        wechat=_wechat(reading),
        wecom_webhooks=reading.one("GONGZHI_WECOM_WEBHOOKS", forms.read_webhooks, {}),
        log=reading.one("GONGZHI_LOG", forms.read_log, Log()),
        exchange_networks=reading.one("GONGZHI_EXCHANGE_NETWORKS", read_networks, ()),
    )


def _wechat(reading: Reading) -> WeChat:
    keys = (
        reading.one("GONGZHI_WECHAT_AES_KEY", forms.read_aes_key, ""),
        reading.one("GONGZHI_WECHAT_AES_KEY_OLD", forms.read_aes_key, ""),
    )
    return WeChat(
        appid=reading.one("GONGZHI_WECHAT_APPID", forms.read_plain, ""),
        secret=reading.one("GONGZHI_WECHAT_SECRET", forms.read_plain, ""),
        token=reading.one("GONGZHI_WECHAT_TOKEN", forms.read_plain, ""),
        aes_keys=tuple(key for key in keys if key),
        api=reading.one("GONGZHI_WECHAT_API", forms.read_api, OFFICIAL_API),
        templates=reading.one("GONGZHI_WECHAT_TEMPLATES", forms.read_template_ids, {}),
    )


def _secret_key(reading: Reading, data: Path) -> bytes:
    given = reading.one("GONGZHI_SECRET_KEY", forms.read_secret_key, b"")
    if given or reading.mistakes:  # a folder that cannot be used has been told already
        return given
    try:
        return keep_secret_key(data)
    except (OSError, ValueError):
        reading.refuse("GONGZHI_SECRET_KEY", f"数据文件夹里的密钥文件 {SECRET_FILE} 用不了")
        return given


def _own_address(listen: Listen) -> str:
    everywhere = {"0.0.0.0", "::"}  # noqa: S104 - compared, not bound
    host = "127.0.0.1" if listen.host in everywhere else listen.host
    return f"http://[{host}]:{listen.port}" if ":" in host else f"http://{host}:{listen.port}"
