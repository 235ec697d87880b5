"""Clients that others wrote for WeChat get on with our simulator: what they send is taken as WeChat takes it."""

import asyncio
import json
import shutil
from pathlib import Path

import pytest
from simulator_parts import APPID, SECRET

HERE = Path(__file__).parent
CLIENTS = ("co-wechat-api", "wechat-api", "node-easywechat")
OK = {"errcode": 0}


@pytest.fixture
async def phone(sim):
    """Somebody who has just written, so that we may write to them."""
    phone = sim.phone("王阿姨")
    await phone.follow()
    await phone.say("你好")
    return phone


async def played(client, folder, address, openid, secret=SECRET):
    """Return what each deed of the client came to; what it writes down goes into the folder."""
    command = (shutil.which("node"), HERE / "play.cjs", client, address, APPID, secret, openid)
    process = await asyncio.create_subprocess_exec(
        *command, cwd=folder, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    told, complaint = await process.communicate()
    assert process.returncode == 0, complaint.decode()
    return json.loads(told)


def code_of(told):
    """Return the platform's error code, in whichever form the client hands it on."""
    return told.get("errcode", told.get("code"))


@pytest.mark.clients
@pytest.mark.parametrize("client", CLIENTS)
async def test_client_does_its_daily_deeds(sim, door, phone, client, tmp_path):
    found = await played(client, tmp_path, str(door.make_url("")).rstrip("/"), phone.openid)
    assert found["followers"]["data"]["openid"] == [phone.openid]
    assert (found["person"]["openid"], found["person"]["subscribe"]) == (phone.openid, 1)
    created, shown, removed = found["menu"]
    assert shown["menu"]["button"][0]["key"] == "progress"
    assert [code_of(created), code_of(removed)] == [0, 0]
    assert code_of(found["text"]) == 0
    assert "您好" in [bubble.text for bubble in phone.received]
    assert int(found["template"]["msgid"]) > 0
    assert "井盖" in json.dumps(sim.calls("template/send")[-1].body, ensure_ascii=False)
    assert found["code"]["ticket"]
    assert found.get("media", {"type": "image", "same": True}) == {"type": "image", "same": True}
    assert code_of(found["stranger"]) == 40003
    assert code_of(found["nothing"]) == 44004


@pytest.mark.clients
@pytest.mark.parametrize("client", CLIENTS)
async def test_client_with_a_wrong_secret_is_told_so(door, phone, client, tmp_path):
    found = await played(client, tmp_path, str(door.make_url("")).rstrip("/"), phone.openid, secret="wrong")
    assert "40125" in json.dumps(found["text"]) or "invalid appsecret" in json.dumps(found["text"])
