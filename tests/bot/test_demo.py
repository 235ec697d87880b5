"""The demo keeps to itself: its own folder and settings; chats and cases go on, or begin anew, together."""

from argparse import Namespace
from dataclasses import replace

import pytest

from bot import demo_folder
from bot.config import Listen, load_settings
from bot.demo import _caption, add_people, build_simulator, demo_settings, open_demo
from bot.demo_folder import keep_chats, open_folder, recall_chats
from bot.simulator.clock import SimClock
from models.city.city import Staff
from models.city.load import EXAMPLE, load_city
from models.errors import Refusal
from models.lifecycle import Role

CITY = load_city(EXAMPLE)


def options(**more):
    return Namespace(
        **{"host": "127.0.0.1", "port": 0, "service_port": 8080, "city": None, "fresh": False, **more}
    )


def simulator():
    return build_simulator(CITY, SimClock(), push_url="")


def test_the_demo_reads_no_setting_of_the_environment_or_of_a_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GONGZHI_DATABASE", "postgres://real:real@127.0.0.1/real")
    (tmp_path / ".env").write_text("GONGZHI_CITY=/nowhere\nGONGZHI_WECHAT_APPID=wxreal\n")
    settings = demo_settings(options(), tmp_path / "demo")
    assert settings.database == f"sqlite://{tmp_path / 'demo' / 'gongzhi.sqlite3'}"
    assert settings.city == EXAMPLE
    assert settings.wechat.appid == ""


def test_a_new_folder_is_marked_as_the_demo_s(tmp_path):
    assert open_folder(tmp_path / "demo", fresh=False) is False
    assert "演示" in (tmp_path / "demo" / demo_folder.MARK).read_text("utf-8")


@pytest.mark.parametrize("fresh", [True, False])
@pytest.mark.parametrize("kind", ["folder", "link", "file"])
def test_what_is_not_the_demo_s_is_never_touched(kind, fresh, tmp_path):
    real = tmp_path / "real"
    real.mkdir()
    (real / "gongzhi.sqlite3").write_text("the town's own")
    folder = real
    if kind == "link":
        (real / demo_folder.MARK).write_text("")
        folder = tmp_path / "demo"
        folder.symlink_to(real)
    elif kind == "file":
        folder = real / "gongzhi.sqlite3"
    with pytest.raises(Refusal, match="没有动它"):
        open_folder(folder, fresh=fresh)
    assert (real / "gongzhi.sqlite3").read_text() == "the town's own"


def test_cases_without_their_chats_begin_anew_and_both_go_on_together(tmp_path):
    folder = tmp_path / "demo"
    open_folder(folder, fresh=False)
    (folder / "gongzhi.sqlite3").write_text("cases")
    assert open_folder(folder, fresh=False) is False
    assert not (folder / "gongzhi.sqlite3").exists()
    (folder / "gongzhi.sqlite3").write_text("cases")
    keep_chats(folder, simulator().platform)
    assert open_folder(folder, fresh=False) is True
    assert (folder / "gongzhi.sqlite3").exists()
    assert open_folder(folder, fresh=True) is False
    assert not (folder / "gongzhi.sqlite3").exists()


def test_phones_go_on_with_the_same_people_and_no_message_twice(tmp_path):
    before, after = simulator(), simulator()
    add_people(before, CITY)
    before.platform.clock.advance(3600)
    person = before.people[0]
    before.platform.show(person, "me", "text", {"content": "路灯不亮"})
    keep_chats(tmp_path, before.platform)
    recall_chats(tmp_path, after.platform)
    assert [one.openid for one in after.people] == [one.openid for one in before.people]
    assert after.people[0].bubbles[-1].text == "路灯不亮"
    assert after.platform.changes.seq == before.platform.changes.seq
    assert after.platform.clock.ahead == 3600
    assert after.phone("王阿姨").person.openid != person.openid, "one more of that name is another person"


def test_people_are_there_before_a_page_can_look():
    one = simulator()
    add_people(one, CITY)
    assert {"王阿姨", "老张"} <= {person.name for person in one.people}
    assert not any(person.following for person in one.people)


@pytest.mark.parametrize(
    ("unit", "caption"),
    [
        ("huanwei", "carekeeper"),
        ("shizheng", "carekeeper"),
        ("zhongdui-1", "officer"),
        ("luzhang-antai", "road_chief"),
    ],
)
def test_who_does_not_enforce_is_not_called_an_officer(unit, caption):
    assert _caption(Staff("x", "某人", Role.OFFICER, unit), CITY) == caption


async def test_moving_the_clock_runs_what_is_due_at_once(tmp_path, unused_tcp_port_factory):
    service, phones = unused_tcp_port_factory(), unused_tcp_port_factory()
    settings = load_settings({"GONGZHI_DATA": str(tmp_path / "data")})
    settings = replace(settings, listen=Listen("127.0.0.1", service))
    async with open_demo(settings, port=phones) as demo:
        hurried = []
        clock = demo.simulator.platform.clock
        real = clock.moved
        clock.moved = lambda: (hurried.append(1), real())
        clock.advance(86_400)
    assert hurried
    assert real.__name__ == "hurry"
