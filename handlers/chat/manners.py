"""Advertisements and words that hurt: answered calmly, and never taken for a report."""

from handlers.kit.filters import kind
from handlers.kit.reply import Reply, Text
from handlers.kit.router import Router
from handlers.kit.scene import Scene
from models.classify.abuse import is_abuse, is_advert

router = Router("manners")

ADVERT = "这里是反映城市管理问题的地方，广告我们不转发。有要反映的事，发照片、位置和一句话。"
ABUSE = "您先消消气，我们想把事办好。请说说在哪里、出了什么事；想找人说，回复「人工」。"


def advertises(scene: Scene) -> bool:
    """Tell whether the words advertise."""
    return is_advert(scene.town.classifier.city, scene.text)


def hurts(scene: Scene) -> bool:
    """Tell whether the words only hurt."""
    return is_abuse(scene.town.classifier.city, scene.text)


@router.on(kind("text"), advertises)
async def decline_advert(scene: Scene) -> Reply:
    """Say what this place is for."""
    return Text(ADVERT)


@router.on(kind("text"), hurts)
async def calm(scene: Scene) -> Reply:
    """Stay calm, and lead back to the matter."""
    return Text(ABUSE)
