"""Settings: what holds by default, what each takes, and that all mistakes are told together."""

import dataclasses
import re

import pytest

from bot.config import SETTINGS, Listen, Log, SettingErrors, load_settings, read_environment

KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
ACCOUNT = {
    "GONGZHI_WECHAT_APPID": "wx0123456789abcdef",
    "GONGZHI_WECHAT_SECRET": "secret-of-the-account",
    "GONGZHI_WECHAT_TOKEN": "pushtoken",
    "GONGZHI_WECHAT_AES_KEY": KEY,
}


@pytest.fixture
def data(tmp_path):
    return {"GONGZHI_DATA": str(tmp_path / "data")}


def mistakes(environ, **options):
    with pytest.raises(SettingErrors) as caught:
        load_settings(environ, **options)
    return {mistake.name: mistake.sentence for mistake in caught.value.mistakes}


def test_the_demo_needs_no_setting_at_all(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    settings = load_settings({})
    assert settings.data == tmp_path / "data"
    assert settings.database == f"sqlite://{tmp_path}/data/gongzhi.sqlite3"
    assert settings.listen == Listen("127.0.0.1", 8080)
    assert settings.public_url == "http://127.0.0.1:8080"
    assert settings.city.name == "example"
    assert settings.wechat.api == "https://api.weixin.qq.com"
    assert settings.wechat.aes_keys == ()
    assert settings.log == Log("text", "info")
    assert (tmp_path / "data" / "secret.key").read_bytes().strip() == settings.secret_key


def test_every_setting_is_read(tmp_path, data):
    (tmp_path / "town").mkdir()
    given = (
        data
        | ACCOUNT
        | {
            "GONGZHI_DATABASE": "postgres://town:p%40ss@db.internal:5433/town",
            "GONGZHI_LISTEN": "0.0.0.0:9000",
            "GONGZHI_PUBLIC_URL": "https://cg.example.cn/",
            "GONGZHI_CITY": str(tmp_path / "town"),
            "GONGZHI_SECRET_KEY": "s" * 32,
            "GONGZHI_WECHAT_AES_KEY_OLD": KEY[::-1],
            "GONGZHI_WECHAT_API": "http://127.0.0.1:8081/",
            "GONGZHI_WECHAT_TEMPLATES": '{"progress": {"template": "T1", "fields": {"thing1": "case"}}}',
            "GONGZHI_WECOM_WEBHOOKS": '{"商户一群": "https://robot.example.cn/send?key=abc"}',
            "GONGZHI_EXCHANGE_NETWORKS": "10.1.0.0/16",
            "GONGZHI_LOG": "json debug",
        }
    )
    assert set(given) == {setting.name for setting in SETTINGS}
    settings = load_settings(given, serving=True)
    assert settings.database == given["GONGZHI_DATABASE"]
    assert settings.listen == Listen("0.0.0.0", 9000)
    assert settings.public_url == "https://cg.example.cn"
    assert settings.city == tmp_path / "town"
    assert settings.secret_key == b"s" * 32
    assert settings.wechat.appid == ACCOUNT["GONGZHI_WECHAT_APPID"]
    assert settings.wechat.aes_keys == (KEY, KEY[::-1]), "the current key comes first"
    assert settings.wechat.api == "http://127.0.0.1:8081"
    assert settings.wechat.templates["progress"].template == "T1"
    assert settings.wecom_webhooks == {"商户一群": "https://robot.example.cn/send?key=abc"}
    assert settings.log == Log("json", "debug")
    assert not (settings.data / "secret.key").exists(), "a key that was given is not kept on the disk"


def test_serving_without_an_account_names_each_missing_setting(data):
    assert set(mistakes(data, serving=True)) == set(ACCOUNT)


@pytest.mark.parametrize("empty", ["", "  "])
def test_an_empty_token_is_refused_when_serving(data, empty):
    told = mistakes(data | ACCOUNT | {"GONGZHI_WECHAT_TOKEN": empty}, serving=True)
    assert list(told) == ["GONGZHI_WECHAT_TOKEN"]
    assert "不能留空" in told["GONGZHI_WECHAT_TOKEN"]


WRONG = {
    "GONGZHI_DATABASE": "mysql://root:hunter22@db/town",
    "GONGZHI_LISTEN": "8080",
    "GONGZHI_PUBLIC_URL": "cg.example.cn",
    "GONGZHI_CITY": "no/such/folder",
    "GONGZHI_SECRET_KEY": "short",
    "GONGZHI_WECHAT_APPID": "在这里填 AppID",
    "GONGZHI_WECHAT_SECRET": "two words",
    "GONGZHI_WECHAT_TOKEN": "令牌",
    "GONGZHI_WECHAT_AES_KEY": KEY[:-1],
    "GONGZHI_WECHAT_AES_KEY_OLD": KEY + "=",
    "GONGZHI_WECHAT_API": "ftp://api.example.cn",
    "GONGZHI_WECHAT_TEMPLATES": "{'progress': 1}",
    "GONGZHI_WECOM_WEBHOOKS": '["https://robot.example.cn/?key=hunter22"]',
    "GONGZHI_EXCHANGE_NETWORKS": "10.1.0.0/99",
    "GONGZHI_LOG": "xml",
}


def test_all_mistakes_are_told_at_once_in_chinese_with_what_to_write(tmp_path):
    (tmp_path / "file").touch()
    wrong = WRONG | {"GONGZHI_DATA": str(tmp_path / "file")}
    told = mistakes(wrong, serving=True)
    assert set(told) == set(wrong) == {setting.name for setting in SETTINGS}
    assert all(re.search("[一-鿿]", sentence) and "请" in sentence for sentence in told.values())
    with pytest.raises(SettingErrors) as caught:
        load_settings(wrong, serving=True)
    assert all(name in str(caught.value) for name in wrong)
    assert "hunter22" not in str(caught.value), "a message never repeats a password"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("GONGZHI_DATABASE", "sqlite://"),
        ("GONGZHI_DATABASE", "sqlite:///no/such/folder/town.db"),
        ("GONGZHI_DATABASE", "postgres://db"),
        ("GONGZHI_DATABASE", "postgres://db:port/town"),
        ("GONGZHI_LISTEN", "127.0.0.1:99999"),
        ("GONGZHI_LISTEN", "127.0.0.1:80/path"),
        ("GONGZHI_PUBLIC_URL", "https://cg.example.cn/gongzhi"),
        ("GONGZHI_PUBLIC_URL", "https://cg.example.cn?a=1"),
        ("GONGZHI_PUBLIC_URL", "https://cg.example.cn:port"),
        ("GONGZHI_PUBLIC_URL", "https://"),
        ("GONGZHI_WECHAT_TEMPLATES", '{"progress": {}}'),
        ("GONGZHI_WECOM_WEBHOOKS", '{"一群": 5}'),
        ("GONGZHI_WECOM_WEBHOOKS", "[1"),
        ("GONGZHI_LOG", "text json"),
        ("GONGZHI_LOG", "info debug"),
        ("GONGZHI_WECHAT_TOKENS", "anything"),
    ],
)
def test_a_wrong_setting_is_refused_by_name(data, name, text):
    assert set(mistakes(data | {name: text})) == {name}


@pytest.mark.parametrize(
    ("text", "listen"),
    [
        ("[::1]:80", Listen("::1", 80)),
        (":80", Listen("0.0.0.0", 80)),
        ("localhost:0", Listen("localhost", 0)),
    ],
)
def test_listen_address_is_read(data, text, listen):
    assert load_settings(data | {"GONGZHI_LISTEN": text}).listen == listen


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("0.0.0.0:9000", "http://127.0.0.1:9000"),
        ("[::]:9000", "http://127.0.0.1:9000"),
        ("[::1]:1", "http://[::1]:1"),
    ],
)
def test_public_address_follows_the_listen_address(data, text, address):
    assert load_settings(data | {"GONGZHI_LISTEN": text}).public_url == address


@pytest.mark.parametrize(
    ("text", "log"),
    [
        ("json", Log("json", "info")),
        ("warning", Log("text", "warning")),
        ("DEBUG, json", Log("json", "debug")),
    ],
)
def test_log_takes_form_and_level_in_any_order(data, text, log):
    assert load_settings(data | {"GONGZHI_LOG": text}).log == log


def test_a_misspelt_name_is_told_with_the_right_one(data):
    assert "GONGZHI_WECHAT_TOKEN" in mistakes(data | {"GONGZHI_WECHAT_TOKN": "x"})["GONGZHI_WECHAT_TOKN"]


def test_names_that_others_put_into_the_environment_are_left_alone(data):
    load_settings(
        data | {"GONGZHI_PORT": "tcp://10.0.0.1:80", "GONGZHI_SERVICE_HOST": "10.0.0.1", "PATH": "x"}
    )


def test_a_damaged_key_file_is_told(tmp_path, data):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "secret.key").write_text("x")
    assert "secret.key" in mistakes(data)["GONGZHI_SECRET_KEY"]


def test_secrets_do_not_show_in_the_repr(data):
    secrets = ACCOUNT | {"GONGZHI_DATABASE": "postgres://u:hunter22@db/town", "GONGZHI_SECRET_KEY": "s" * 40}
    secrets["GONGZHI_WECOM_WEBHOOKS"] = '{"一群": "https://robot.example.cn/?key=robotkey"}'
    settings = load_settings(data | secrets)
    shown = repr(settings)
    for secret in (*settings.secrets(), "hunter22", "robotkey"):
        assert secret not in shown
    assert set(settings.secrets()) >= {"secret-of-the-account", "pushtoken", KEY, "s" * 40}


def test_settings_cannot_be_changed(data):
    with pytest.raises(dataclasses.FrozenInstanceError):
        load_settings(data).public_url = "https://elsewhere"


def test_env_file_fills_in_what_the_environment_leaves_out(tmp_path, monkeypatch):
    file = tmp_path / ".env"
    file.write_text(
        "GONGZHI_LOG=json\nGONGZHI_LISTEN=127.0.0.1:1\nGONGZHI_WECHAT_TOKEN='a$b${c}'\nGONGZHI_CITY\n"
    )
    monkeypatch.setenv("GONGZHI_LISTEN", "127.0.0.1:2")
    found = read_environment(file)
    assert found["GONGZHI_LOG"] == "json"
    assert found["GONGZHI_LISTEN"] == "127.0.0.1:2"
    assert found["GONGZHI_WECHAT_TOKEN"] == "a$b${c}", "a secret is taken as it is written"
    assert found["GONGZHI_CITY"] == ""


def test_without_an_env_file_the_environment_is_all(tmp_path, monkeypatch):
    monkeypatch.setenv("GONGZHI_LOG", "json")
    assert read_environment(tmp_path / ".env")["GONGZHI_LOG"] == "json"
