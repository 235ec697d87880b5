"""What the platform tells us by itself: how a template or subscribe notice went, consents, places on entering."""

from handlers.kit.filters import event
from handlers.kit.reply import Reply, Silence
from handlers.kit.router import Router
from handlers.kit.scene import Scene
from models.cases.leaving import leave_town

router = Router("receipts")

QUIET = (
    "templatesendjobfinish",
    "masssendjobfinish",
    "publishjobfinish",
    "subscribe_msg_sent_event",
    "subscribe_msg_popup_event",
    "subscribe_msg_change_event",
    "location",  # the platform's own tracking: we keep none of it
    "view",
    "view_miniprogram",
    "user_info_modified",
)


@router.on(event("user_authorization_revoke", "user_authorization_cancellation"))
async def forget(scene: Scene) -> Reply:
    """Forget who they are, as the platform asks; what they had in hand is passed on, their cases stay."""
    scene.talk.end(scene.now)  # with all that was half said
    await leave_town(scene.person, town=scene.town, now=scene.now)
    return Silence()


@router.on(event(*QUIET))
async def keep_quiet(scene: Scene) -> Reply:
    """Say nothing: no person waits for an answer."""
    return Silence()
