"""Questions: an answer with its source, and always a way to a person."""

from handlers.kit import keys
from handlers.kit.filters import chose, kind, matches, menu
from handlers.kit.reply import Choice, Reply, Text
from handlers.kit.router import Router
from handlers.kit.scene import Scene
from models.characters import GAP
from models.city.city import Faq
from models.classify.faq import PLAIN, SURE
from models.classify.forms import wonders

router = Router("faq")

PICK = "7"
HUMAN, REPORT_IT = "71", "72"
ASK = "想问什么，直接打字就行，例如「换招牌要审批吗」「垃圾几点投放」。"
SOURCE = "依据：{refs}。以本地现行规定为准。"
NOT_SURE = "我不太确定您问的是哪一个，请选一个；都不是就回复「人工」："
UNKNOWN = "这个我答不准。要人来回答，回复「人工」就转给工作人员；要反映问题，发照片和位置。"
_ASKING = (
    rf"(?:我|俺|就|只|是|想|随便|先|来|没有|{GAP})*"
    r"(?:问(?:问|一?下|一问|一?哈)|咨询(?:一?下)?|了解一?下|打听一?下|知道一?下?)"
)
_NO_REPORT = r"(?:我|这|也)?(?:不是(?:要|来|想)?(?:举报|投诉|上报|反映|报案)|不报)(?:的|什么|谁)?"
_END = "(?:的|而已|哈|啊|呀)*"
# What people say who are asked for a place and wanted to know something.
only_asks = matches(rf"(?:{_NO_REPORT}{GAP}*)?{_ASKING}(?:{GAP}*{_NO_REPORT})?{_END}|{_NO_REPORT}{_END}")


def is_question(scene: Scene) -> bool:
    """Tell whether the words ask something that we may know."""
    if scene.incoming.kind != "text" or not scene.text or scene.meaning is not None:
        return False
    return scene.verdict.consultation or _best_score(scene) >= SURE


@router.on(menu(keys.ASK))
async def invite(scene: Scene) -> Reply:
    """Say that one may simply ask."""
    scene.talk.end(scene.now)
    return Text(ASK)


@router.on(kind("text"), chose("73", "74", "75"))
async def tell_picked(scene: Scene) -> Reply:
    """Answer the question that the person chose."""
    offered = scene.talk.data.get("offered", []) if scene.talk.topic == "question" else []
    index = int(scene.choice) - 73
    found = [entry for entry in scene.town.city.faq if offered[index : index + 1] == [entry.code]]
    return _tell(found[0], scene, scene.text) if found else Text(UNKNOWN)


@router.on(only_asks)
async def listen(scene: Scene) -> Reply:
    """The person says that they only ask: what they asked was not answered, or is yet to come."""
    unanswered = scene.talk.topic == "question" and not scene.talk.data.get("told")
    return Text(UNKNOWN if unanswered else ASK)


@router.on(is_question)
async def tell(scene: Scene) -> Reply:
    """Answer what was asked."""
    return answer_question(scene, scene.text, least=SURE if wonders(scene.text) else PLAIN)


def answer_question(scene: Scene, question: str, *, least: float = SURE) -> Reply:
    """Answer from the FAQ when sure; offer the likeliest when not; else lead to a person."""
    answers = scene.town.faq.find(question, unasked=not wonders(question))
    if answers and answers[0][1] >= least:
        return _tell(answers[0][0], scene, question)
    scene.talk.begin("question", scene.now, question=question, offered=[faq.code for faq, _ in answers])
    if not answers:
        return Text(UNKNOWN)
    choices = tuple(Choice(str(73 + n), faq.question) for n, (faq, _) in enumerate(answers[:3]))
    return Text(NOT_SURE, choices)


def _tell(faq: Faq, scene: Scene, question: str) -> Reply:
    scene.talk.begin("question", scene.now, question=question, offered=[], told=True)
    refs = "、".join(
        f"《{ref.law}》" + (f"第{ref.article}条" if ref.article else "")
        for ref in faq.refs
        if ref.scope in scene.town.city.scope
    )
    lines = [faq.answer, SOURCE.format(refs=refs)] if refs else [faq.answer]
    return Text("\n".join([*lines, "没说清楚？回复「人工」找人问。"]))


def _best_score(scene: Scene) -> float:
    answers = scene.town.faq.find(scene.text, limit=1, unasked=not wonders(scene.text))
    return answers[0][1] if answers else 0.0
