"""Owes people words, as actions do, and reads from the simulator what became of them."""

from itertools import count

from models.deliveries.actions import queue_deliveries
from models.deliveries.tables import Delivery
from models.people import Person

NUMBERS = count(1)
FIELDS = {"number": "2607060001", "type": "井盖管线", "state": "处理中", "place": "胡埭路 12 号"}


async def owe(stage, phone, text="好消息", **own):
    """Owe one delivery to the person of that phone, due now."""
    person = await Person.get(openid=phone.openid)
    number, now = next(NUMBERS), stage.clock.now()
    row = {"key": f"d-{number}", "text": f"{text} {number}", "due_at": now, "owed_at": now, "fields_": FIELDS}
    await queue_deliveries([Delivery(person_id=person.id, **row | own)])
    return await Delivery.get(key=(row | own)["key"])


def said_to(stage, phone):
    """The texts that customer messages brought to that phone, oldest first."""
    calls = [call for call in stage.simulator.calls("custom/send") if call.body["touser"] == phone.openid]
    went = [call.body for call in calls if _code(call) == 0]
    return [
        body["msgmenu"]["head_content"] if body["msgtype"] == "msgmenu" else body["text"]["content"]
        for body in went
        if body["msgtype"] in {"text", "msgmenu"}
    ]


def refused(stage):
    """The codes with which the platform refused customer messages."""
    return [code for call in stage.simulator.calls("custom/send") if (code := _code(call))]


def _code(call):
    return call.answer.get("errcode", 0) if isinstance(call.answer, dict) else None
