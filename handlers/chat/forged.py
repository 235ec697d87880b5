"""A tap that we never offered to whoever taps: it does nothing, and is answered with what does."""

import logging

from handlers.kit.reply import Reply, Text
from handlers.kit.scene import Scene
from models.cases.offers import may_tap
from models.cases.taps import DIGITS

log = logging.getLogger(__name__)

NOT_FOR_YOU = (
    "这个按钮不是发给您的，或者时间太久，点不了了。不是您报的案件，不能替别人点；"
    "您也遇到了，请发照片和位置，可以一起跟进。您自己的案件，回复「进度」看。"
)
NOT_FOR_STAFF = (
    "这个按钮不是发给您的，或者时间太久，点不了了。"
    "每一步要由负责这个案件的人来做，回复「待办」看您手上有什么。"
)


async def turn_away(scene: Scene) -> Reply | None:
    """Answer a tap that does not count for this person; None for every other message."""
    tap = scene.incoming.menu_id
    if not tap or await may_tap(scene.person, tap):
        return None
    log.warning("a tap that was never offered: %s…", tap[:DIGITS], extra={"action": "tap_refused"})
    return Text(NOT_FOR_STAFF if scene.person.is_staff else NOT_FOR_YOU, keeps_question=True)
