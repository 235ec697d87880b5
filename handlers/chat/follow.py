"""Following a case: progress, more words and photos, hurrying it on, taking it back, and the verdict at the end."""

from datetime import timedelta

from handlers.chat.adding import ADDED, add_to_case
from handlers.chat.case_talk import (
    ADDS,
    AT_EASE,
    PIECE_WORDS,
    PIECES,
    Command,
    ask_which,
    chosen,
    citizen_of,
    find_meant,
    find_whole,
    is_done,
    is_number,
    is_other_word,
    is_tail,
    keep_piece,
    label,
    read_number,
    stops,
    thanks,
    warm,
    words_of,
)
from handlers.chat.drafting import is_about_something
from handlers.chat.follow_words import show_case
from handlers.chat.opening import is_urgent_talk
from handlers.chat.own_words import is_about
from handlers.chat.right_words import type_of
from handlers.kit import keys
from handlers.kit.filters import Filter, chose, either, kind, menu, never, says, seems
from handlers.kit.reply import Choice, Reply, Text
from handlers.kit.router import Router
from handlers.kit.scene import Scene
from models.cases.actions import move_case, urge_case
from models.cases.draft import KEPT as KEPT_DRAFT
from models.cases.moves import Move
from models.cases.queries import is_involved, list_mine, list_open
from models.cases.stepping import check_move
from models.cases.tables import Case
from models.cases.taps import (
    KEEP_CASE,
    SHOW,
    SUPPLEMENT,
    URGE,
    WITHDRAW,
    WITHDRAW_SURE,
)
from models.cases.words import for_public
from models.classify.amends import is_urging, takes_back
from models.classify.replies import Meaning
from models.errors import Refusal

router = Router("follow")

SHORT, MATTERS = 12, 0.5  # characters; how surely words are about something that we handle
SAME_BREATH = timedelta(minutes=2)  # what comes so soon after an answer belongs to it
LOOKED_AT = 20  # of a person's cases, for four digits
NAMED_LONGEST = 14  # characters by which people call a case: 上次报的那个井盖
POINTING = ("那", "这", "我", "的", "上次", "刚才", "昨天")
PROGRESS = Command("进度", "查进度", "查询进度", "查询", "查", "案件")
HURRIES = Command("催办", "催一下", "催单", "催")
TAKES_BACK = Command("撤回", "撤销", "撤案")

NONE_YET = "您还没有报过案件。看到什么问题，发照片、位置和一句话就行。"
YOURS = "您最近的案件，点一下或回复数字看详情："
NOT_INVOLVED = "这个案件不是您报的，也没有加入，所以不能{what}。您也遇到了，就发照片和位置，可以一起跟进。"
NOTHING_OPEN = "您现在没有正在办的案件。要反映新问题，发照片、位置和一句话就行。"
WHICH_ADD = "补充到哪一件？点一下或回复数字："
WHICH_URGE = "催哪一件？点一下或回复数字："
WHICH_BACK = "撤回哪一件？点一下或回复数字："
ADD_NOW = "好，补充到 {number}「{type}」。请发照片或文字，发完回复「好了」。"
ADDED_VOICE = "语音已补充到 {number}「{type}」，但我们听不出字来，请再打几个字说说。"
ADDED_ALL = "好，补充的都交给处理人员了。回复「进度」随时看。"
URGED = "已帮您催办 {number}「{type}」（第 {urged} 次），处理人员马上收到。原定 {due}前办好。"
GO_ON = "刚才没报完的那件给您留着，回复「继续」接着报。"
SURE_BACK = "撤回 {number}「{type}」后就不再办了，确定吗？"
TAKEN_BACK = "{number}「{type}」已撤回，谢谢您说一声。以后看到什么，随时发来。"
KEPT = "好，不撤回，照常办。回复「进度」随时看。"


def asks_one(scene: Scene) -> bool:
    """Tell whether the message is a case number, alone or after 进度 or 查."""
    said = PROGRESS.read(scene.text)
    return (
        is_number(scene) or is_own_tail(scene) or (PROGRESS(scene) and bool(said.number) and not said.words)
    )


def is_own_tail(scene: Scene) -> bool:
    """Tell whether the message is four digits, while nothing is asked that a number could answer."""
    return is_tail(scene) and scene.talk.topic in AT_EASE


@router.on(
    either(
        PROGRESS.is_bare,
        says("进度", "查进度", "进展", "查询", "我的案件", "案件进度", "办到哪了"),
        menu(keys.PROGRESS),
    )
)
async def show_mine(scene: Scene) -> Reply:
    """List the person's own cases; one alone is told at once."""
    cases = await list_mine(scene.person)
    if len(cases) == 1:
        return await show_case(scene, cases[0])
    if not cases:
        return Text(NONE_YET)
    lines = [
        Choice(SHOW + case.number, label(scene, case, for_public(case, words_of(scene, case))["state"]))
        for case in cases
    ]
    return Text(YOURS, tuple(lines))


@router.on(either(asks_one, chose(SHOW)))
async def show_one(scene: Scene) -> Reply | None:
    """Tell one case by its number; the last four digits do for one's own."""
    number = chosen(scene, SHOW) or read_number(scene.text) or PROGRESS.read(scene.text).number
    mine = await list_mine(scene.person, limit=LOOKED_AT)
    if is_own_tail(scene) and not any(case.number.endswith(number) for case in mine):
        return None  # some other number
    case = await find_meant(scene, number, mine)
    return await show_case(scene, case) if case else ask_which(scene, mine, SHOW, YOURS)


@router.on(either(ADDS.is_named, chose(SUPPLEMENT)))
@router.on(ADDS, never(warm("report")))
async def begin_adding(scene: Scene) -> Reply:
    """Take words and photos for a case under way, asking for which one when there are several."""
    said = ADDS.read(scene.text)
    words = said.words
    if scene.choice.startswith(SUPPLEMENT) and scene.talk.topic == "supplement_to":
        words = scene.talk.data.get("words", "")
    case = await _own_open(scene, chosen(scene, SUPPLEMENT) or said.number, "补充")
    if isinstance(case, Case):
        if words:
            return await add_to_case(scene, case, ADDED, words=words)
        scene.talk.begin("supplement", scene.now, number=case.number)
        return Text(ADD_NOW.format(**words_of(scene, case)))
    if case:
        scene.talk.begin("supplement_to", scene.now, words=words)
    return ask_which(scene, case, SUPPLEMENT, WHICH_ADD) if case else Text(NOTHING_OPEN)


def presses(scene: Scene) -> bool:
    """Tell whether the words press for their case in words of their own, and tell nothing new."""
    return (
        scene.incoming.kind == "text"
        and scene.talk.topic in {*AT_EASE, "supplement"}
        and is_urging(scene.said)
    )


def names_own(command: Command) -> Filter:
    """Take the command with words for a case of one's own right behind it: 撤回路灯那个, 催一下那个坑."""

    def takes(scene: Scene) -> bool:
        is_free = scene.incoming.kind == "text" and scene.talk.topic in {*AT_EASE, "supplement", "withdraw"}
        named = command.object_of(scene.text) if is_free else ""
        points = any(word in named for word in POINTING)
        return 0 < len(named) <= NAMED_LONGEST and (points or bool(type_of(scene, named)))

    return takes


@router.on(presses)
async def hurry_in_own_words(scene: Scene) -> Reply | None:
    """Urge the case that is under way; who has none is heard as if for the first time."""
    cases = await list_open(scene.person)
    return await hurry(scene) if cases else None


@router.on(names_own(HURRIES))
@router.on(either(HURRIES, chose(URGE)))
async def hurry(scene: Scene) -> Reply:
    """Urge whoever handles the case; how often that may be is the action's rule."""
    number = chosen(scene, URGE) or HURRIES.read(scene.text).number
    case = await _own_open(scene, number, "催办", HURRIES.object_of(scene.text))
    if not isinstance(case, Case):
        return ask_which(scene, case, URGE, WHICH_URGE) if case else Text(NOTHING_OPEN)
    case = await urge_case(case.id, citizen_of(case, scene.person), town=scene.town, now=scene.now)
    return Text(URGED.format(**words_of(scene, case)))


@router.on(either(TAKES_BACK.is_named, chose(WITHDRAW)))
@router.on(names_own(TAKES_BACK))
@router.on(TAKES_BACK, never(warm("report")))
async def ask_back(scene: Scene) -> Reply:
    """Ask once before taking a case back."""
    number = chosen(scene, WITHDRAW) or TAKES_BACK.read(scene.text).number
    case = await _own_open(scene, number, "撤回", TAKES_BACK.object_of(scene.text))
    if not isinstance(case, Case):
        return ask_which(scene, case, WITHDRAW, WHICH_BACK) if case else Text(NOTHING_OPEN)
    return await ask_to_withdraw(scene, case)


async def ask_to_withdraw(scene: Scene, case: Case) -> Reply:
    """Ask whether this case need not be done any more; raises Refusal where it cannot be taken back."""
    await check_move(case, _move(scene, case, "withdraw"), town=scene.town, now=scene.now)
    choices = (Choice(WITHDRAW_SURE + case.number, "确定撤回"), Choice(KEEP_CASE + case.number, "先不撤回"))
    scene.talk.begin("withdraw", scene.now, number=case.number)
    return Text(SURE_BACK.format(**words_of(scene, case)), choices)


def says_gone(scene: Scene) -> bool:
    """Tell whether the words say once more that it need not be done: 是我看错了，井盖在旁边."""
    return scene.incoming.kind == "text" and takes_back(scene.said)


@router.on(chose(WITHDRAW_SURE))
@router.on(warm("withdraw"), either(seems(Meaning.YES), says_gone))
async def take_back(scene: Scene) -> Reply:
    """Take the case back."""
    case = await find_whole(chosen(scene, WITHDRAW_SURE) or scene.talk.data["number"])
    case = await move_case(case.id, _move(scene, case, "withdraw"), town=scene.town, now=scene.now)
    scene.talk.end(scene.now)
    return Text(TAKEN_BACK.format(**words_of(scene, case)))


@router.on(chose(KEEP_CASE))
@router.on(warm("withdraw"), seems(Meaning.NO, Meaning.DROP, Meaning.SLIP, Meaning.WAIT))
async def keep(scene: Scene) -> Reply:
    """Leave the case as it is."""
    scene.talk.end(scene.now)
    return Text(KEPT)


def is_short_and_empty(scene: Scene) -> bool:
    """Tell whether the words are short, and about nothing that could be reported or asked."""
    return len(scene.text) <= SHORT and not scene.choice and scene.verdict.handled < MATTERS


@router.on(warm("withdraw"), kind("text"), is_short_and_empty, never(is_other_word))
async def ask_back_again(scene: Scene) -> Reply:
    """Neither yes nor no: what was asked still waits, and nothing is taken back."""
    case = await find_whole(scene.talk.data["number"])
    return await ask_to_withdraw(scene, case)


@router.on(warm("supplement"), either(is_done, thanks, stops))
async def end_adding(scene: Scene) -> Reply:
    """Nothing more is coming; each piece is with the case already. A report that rested before may go on."""
    resting = scene.talk.data.get("resting")
    if resting:
        scene.talk.begin(KEPT_DRAFT, scene.now, **resting)
        return Text(f"{ADDED_ALL}\n{GO_ON}")
    scene.talk.end(scene.now)
    return Text(ADDED_ALL)


@router.on(warm("supplement"), kind(*PIECES, "voice"))
async def add_piece(scene: Scene) -> Reply:
    """Add a photo, a video or a voice to the case."""
    case, piece = await find_whole(scene.talk.data["number"]), await keep_piece(scene)
    told = ADDED_VOICE if scene.incoming.kind == "voice" else ADDED
    return await add_to_case(scene, case, told, words=PIECE_WORDS[scene.incoming.kind], evidence=(piece,))


@router.on(warm("supplement"), kind("text", "location"), never(is_other_word))
async def add_words(scene: Scene) -> Reply | None:
    """Add words or a place to the case; another matter is a report of its own."""
    incoming, case = scene.incoming, await find_whole(scene.talk.data["number"])
    tells = incoming.kind == "text" and scene.answer is None and not is_urgent_talk(scene)
    answers, same_breath = scene.talk.data.get("answers"), warm("supplement", within=SAME_BREATH)(scene)
    if answers and not (same_breath and case.is_open):
        scene.talk.end(scene.now)  # nothing more is asked: what is said now is heard as if for the first time
        return None
    if tells and answers != "photo" and is_about_something(scene) and not is_about(scene, case):
        return None
    words = (
        scene.text if incoming.kind == "text" else f"位置：{incoming.label} {incoming.lat}，{incoming.lng}"
    )
    return await add_to_case(scene, case, ADDED, words=words)


def _move(scene: Scene, case: Case, step: str) -> Move:
    return Move(step, citizen_of(case, scene.person))


async def _own_open(scene: Scene, number: str, what: str, named: str = "") -> Case | list[Case]:
    """Return the open case of their own that is meant, or all that could be; raises Refusal for a stranger's.

    ``named``: the words by which they call it.
    """
    cases = await list_open(scene.person)
    if named:
        kind_ = type_of(scene, named)
        cases = [case for case in cases if case.type == kind_] or cases
    case = await find_meant(scene, number, cases)
    if case is None:
        return cases
    if not await is_involved(case, scene.person):
        raise Refusal(NOT_INVOLVED.format(what=what))
    return case
