"""An address by itself, with nothing before it: a report begins with its place."""

from handlers.chat.drafting import hear_words
from handlers.kit.filters import kind
from handlers.kit.reply import Reply
from handlers.kit.router import Router
from handlers.kit.scene import Scene
from models.cases.draft import Draft
from models.classify.forms import is_address

router = Router("place")


def is_only_a_place(scene: Scene) -> bool:
    """Tell whether the words are an address; what asks or reports has been answered before."""
    return is_address(scene.text)


@router.on(kind("text"), is_only_a_place)
async def begin_with_place(scene: Scene) -> Reply:
    """Keep the address, and ask what happened there."""
    return hear_words(scene, Draft())
