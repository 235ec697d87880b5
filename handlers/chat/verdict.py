"""The verdict at the end: satisfied, or not and why; on the promised day, whether it is fixed."""

from handlers.chat.case_talk import (
    PIECE_NAMES,
    PIECE_SEEN,
    PIECES,
    Command,
    chosen,
    citizen_of,
    find_meant,
    find_whole,
    is_no_reason,
    is_other_word,
    keep_piece,
    stops,
    warm,
    words_of,
)
from handlers.kit.filters import chose, either, kind, never, says
from handlers.kit.reply import Choice, Reply, Text
from handlers.kit.router import Router
from handlers.kit.scene import Scene
from models.cases.actions import move_case, supplement_case
from models.cases.moves import Move, unhappy_step
from models.cases.queries import find_unrated, list_mine
from models.cases.stepping import check_move
from models.cases.tables import Case
from models.cases.taps import FIXED, NOT_FIXED, SATISFIED, UNSATISFIED
from models.characters import bare
from models.errors import Refusal

router = Router("verdict")

FIXED_TOLD = "谢谢您告诉我们。处理人员会补好手续，办结后再请您评价。"
NOT_FIXED_TOLD = "知道了，已经转给{unit}并在催。办完会告诉您。"
LOOKED_AT = 20  # of a person's cases, for one that may be opened again

HAPPY = "不客气。{number}「{type}」处理得您满意吗？点一下或回复数字："
SATISFIED_TOLD = "谢谢您！{number}「{type}」就记为满意。以后看到什么，随时发来。"
NOTHING_TO_RATE = "现在没有等您评价的案件。回复「进度」看您的案件；有话想说，回复「人工」。"
WHY = "抱歉没办好。{number}「{type}」哪里不满意？打几个字，也可以发张照片。"
WHY_WORDS = "{piece}收到。再打几个字说说哪里没办好；不想写就回复「好了」。"
OPEN_VERDICT = "好，先不评价。想好了回复「满意」或「不满意」。"
UNHAPPY_TOLD = {
    "rework": "知道了，已请{unit}再去处理 {number}，办完再告诉您。",
    "complain": "知道了。{number} 已经返工过，这次转给工作人员，由人来决定怎么办，会给您答复。",
    "ask_again": "知道了，{number} 已转给工作人员，会再答复您。",
}
UNHAPPY = Command("不满意", "很不满意", "不太满意", "非常不满意")


def is_mere_number(scene: Scene) -> bool:
    """Tell whether the message is a number alone: it chose something, and gives no reason."""
    return bare(scene.said).isdigit()


def lacks_photo(scene: Scene) -> bool:
    """Tell whether no photo has shown yet what is wrong."""
    return not scene.talk.data["evidence"]


@router.on(either(says("满意", "很满意", "非常满意", "挺满意", "满意的"), chose(SATISFIED)))
async def thank(scene: Scene) -> Reply:
    """Keep a good verdict."""
    case = await _to_rate(scene, chosen(scene, SATISFIED))
    return await keep_praise(scene, case) if case else Text(NOTHING_TO_RATE)


@router.on(either(UNHAPPY, chose(UNSATISFIED)))
async def ask_why(scene: Scene) -> Reply:
    """Ask what is wrong; who said so already is taken at their word."""
    said = UNHAPPY.read(scene.text)
    case = await _to_reopen(scene, chosen(scene, UNSATISFIED) or said.number)
    if case is None:
        return Text(NOTHING_TO_RATE)
    if said.words:
        return await _complain(scene, case, said.words, ())
    return await ask_what_is_wrong(scene, case)


async def ask_what_is_wrong(scene: Scene, case: Case) -> Reply:
    """Ask why somebody is unhappy with this case; raises Refusal where it can no longer be opened again."""
    await check_move(case, _move(scene, case, unhappy_step(case)), town=scene.town, now=scene.now)
    scene.talk.begin("unhappy", scene.now, number=case.number, evidence=[])
    return Text(WHY.format(**words_of(scene, case)))


@router.on(warm("unhappy"), stops)
async def drop_verdict(scene: Scene) -> Reply:
    """Leave the verdict open: it may still be given."""
    scene.talk.end(scene.now)
    return Text(OPEN_VERDICT)


@router.on(warm("unhappy"), kind(*PIECES, "voice"))
async def hear_why_in_photo(scene: Scene) -> Reply:
    """Keep the photo that shows what is wrong; a few words say what to look at."""
    evidence = [*scene.talk.data["evidence"], await keep_piece(scene)]
    shown = PIECE_SEEN[scene.incoming.kind]
    number = scene.talk.data["number"]
    scene.talk.begin("unhappy", scene.now, number=number, evidence=evidence, shown=shown)
    return Text(WHY_WORDS.format(piece=PIECE_NAMES[scene.incoming.kind]))


@router.on(warm("unhappy"), either(is_no_reason, is_mere_number), lacks_photo)
async def ask_why_again(scene: Scene) -> Reply:
    """Thanks, a greeting or a mere yes are no reason."""
    return Text(WHY.format(**words_of(scene, await find_whole(scene.talk.data["number"]))))


@router.on(warm("unhappy"), kind("text"), never(is_other_word))
async def hear_why(scene: Scene) -> Reply:
    """Take the reason: the first time it is done again, after that a person decides."""
    evidence = tuple(scene.talk.data["evidence"])
    words = scene.talk.data["shown"] if evidence and is_no_reason(scene) else scene.text
    case = await find_whole(scene.talk.data["number"])
    scene.talk.end(scene.now)
    try:
        return await _complain(scene, case, words, evidence)
    except Refusal as refusal:  # it was decided meanwhile: leave the topic, or every word would end here
        return Text(refusal.sentence)


@router.on(chose(FIXED))
async def hear_fixed(scene: Scene) -> Reply:
    """On the promised day: it is well; whoever handles it is told."""
    return await _tell_work(scene, chosen(scene, FIXED), "上报人说现场已经好了。", FIXED_TOLD)


@router.on(chose(NOT_FIXED))
async def hear_not_fixed(scene: Scene) -> Reply:
    """On the promised day: it is not."""
    return await _tell_work(scene, chosen(scene, NOT_FIXED), "上报人说现场还没好。", NOT_FIXED_TOLD)


async def keep_praise(scene: Scene, case: Case) -> Reply:
    """Keep a good verdict on the case and give thanks for it."""
    case = await move_case(case.id, _move(scene, case, "rate"), town=scene.town, now=scene.now)
    return Text(SATISFIED_TOLD.format(**words_of(scene, case)))


async def take_blame(scene: Scene, case: Case) -> Reply:
    """Take the words for a bad verdict on the case with its reason."""
    return await _complain(scene, case, scene.text, ())


def ask_verdict(scene: Scene, case: Case, asked: str = HAPPY) -> Reply:
    """Ask for the verdict on the case once more."""
    choices = (Choice(SATISFIED + case.number, "满意"), Choice(UNSATISFIED + case.number, "不满意"))
    return Text(asked.format(**words_of(scene, case)), choices)


async def _tell_work(scene: Scene, number: str, words: str, told: str) -> Reply:
    case = await find_whole(number)
    move = Move("supplement", citizen_of(case, scene.person), words)
    await supplement_case(case.id, move, town=scene.town, now=scene.now)
    return Text(told.format(**words_of(scene, case)))


async def _complain(scene: Scene, case: Case, words: str, evidence: tuple[int, ...]) -> Reply:
    step = unhappy_step(case)
    move = Move(step, citizen_of(case, scene.person), words, evidence)
    case = await move_case(case.id, move, town=scene.town, now=scene.now)
    return Text(UNHAPPY_TOLD[step].format(**words_of(scene, case)))


def _move(scene: Scene, case: Case, step: str) -> Move:
    return Move(step, citizen_of(case, scene.person))


async def _to_rate(scene: Scene, number: str) -> Case | None:
    """Return the case that the verdict is about: the named one, else the last that waits for one."""
    if number:
        return await find_meant(scene, number, await list_mine(scene.person))
    return await find_unrated(scene.person, now=scene.now)


async def _to_reopen(scene: Scene, number: str) -> Case | None:
    """Return the case that somebody is unhappy with: named, else waiting for a verdict, else the last that ended."""
    ended = [
        case for case in await list_mine(scene.person, limit=LOOKED_AT) if case.state in {"closed", "rated"}
    ]
    if number:
        return await find_meant(scene, number, ended)
    waiting = await find_unrated(scene.person, now=scene.now)
    return waiting or (ended[0] if ended else None)
