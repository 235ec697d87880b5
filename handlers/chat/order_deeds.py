"""How each order about a case is carried out: what its words mean, and which action takes it."""

import re
import unicodedata
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime

from handlers.chat.case_talk import words_of
from handlers.chat.day_words import read_day
from handlers.chat.unit_words import find_colleague, find_type, find_units
from handlers.kit.scene import Scene
from models.cases.actions import move_case
from models.cases.asking import ask_reporter
from models.cases.correcting import bind_shop, correct_case
from models.cases.linking import link_cases, split_case, unlink_case
from models.cases.moves import Move, request_kind
from models.cases.queries import find_case, list_by_tail
from models.cases.states import OPEN
from models.cases.tables import Case
from models.cases.talking import end_talk as close_talk
from models.city.city import GcjPoint
from models.errors import Refusal
from models.shops import note_shop

WHICH_MAIN = "并到哪一件？请带上主案件的编号，例如「合并 {number} 2607060001」。"
SAY_MAIN = "{number} {type} {place}"
SEVERAL_MAINS = "尾号 {tail} 的有几件，请写全主案件的编号，例如「合并 {case} {number}」：\n{listed}"
MAINS = 5
TAIL = r"\d{4}"
SIGNS = "「」。. "

Carry = Callable[[Scene, Case, Move, str], Awaitable[None]]


async def move_on(scene: Scene, case: Case, move: Move, words: str) -> None:
    """Take the step with the words as its note."""
    await move_case(case.id, replace(move, note=words), town=scene.town, now=scene.now)


async def ask_pause(scene: Scene, case: Case, move: Move, words: str) -> None:
    """Ask for a pause until the day that the words name."""
    until, reason = read_day(words, scene.now)
    move = replace(move, note=reason or words, until=until)
    await move_case(case.id, move, town=scene.town, now=scene.now)


async def pass_on(scene: Scene, case: Case, move: Move, words: str) -> None:
    """Hand the case to the colleague whom the words name."""
    colleague, note = await find_colleague(words, case)
    move = replace(move, note=note, person_id=colleague.id)
    await move_case(case.id, move, town=scene.town, now=scene.now)


async def grant(scene: Scene, case: Case, move: Move, words: str) -> None:
    """Grant what was asked for; a day in the words counts instead of the one that was asked for."""
    asked = case.asked[request_kind(case)]
    until, _ = read_day(words, scene.now)
    if until is None and "until" in asked:
        until = datetime.fromisoformat(asked["until"])
    move = replace(move, note=asked["note"], until=until)
    await move_case(case.id, move, town=scene.town, now=scene.now)


async def ask_back(scene: Scene, case: Case, move: Move, words: str) -> None:
    """Ask the reporter what the words say."""
    await ask_reporter(case.id, replace(move, note=words), town=scene.town, now=scene.now)


async def link(scene: Scene, case: Case, move: Move, words: str) -> None:
    """Let the case go along with the one that the words name, by its number or its last four digits."""
    number = unicodedata.normalize("NFKC", words).strip(SIGNS)
    main = await find_case(number)
    if main is None and re.fullmatch(TAIL, number):
        mains = [one for one in await list_by_tail(number, states=OPEN) if one.id != case.id]
        if len(mains) > 1:
            listed = "\n".join(SAY_MAIN.format(**words_of(scene, one)) for one in mains[:MAINS])
            raise Refusal(
                SEVERAL_MAINS.format(tail=number, case=case.number, number=mains[0].number, listed=listed)
            )
        main = mains[0] if mains else None
    if main is None:
        raise Refusal(WHICH_MAIN.format(number=case.number))
    await link_cases(case.id, main.id, move, town=scene.town, now=scene.now)


async def end_talk(scene: Scene, case: Case, move: Move, _words: str) -> None:
    """End the talk with the citizen."""
    await close_talk(case.id, move, town=scene.town, now=scene.now)


async def unlink(scene: Scene, case: Case, move: Move, _words: str) -> None:
    """Let the case go its own way again."""
    await unlink_case(case.id, move, town=scene.town, now=scene.now)


async def split(scene: Scene, case: Case, move: Move, words: str) -> None:
    """Split the case among the units that the words name."""
    units = find_units(scene.town.city, words, case)
    await split_case(case.id, units, replace(move, note=words), town=scene.town, now=scene.now)


async def correct(scene: Scene, case: Case, move: Move, words: str) -> None:
    """Give the case the type that the words name."""
    code = find_type(scene.town.city, words)
    await correct_case(case.id, move, town=scene.town, now=scene.now, type_code=code)


async def entrust(scene: Scene, case: Case, move: Move, words: str) -> None:
    """Leave the work to the contractor whom the words name."""
    move = replace(move, note=f"委托 {words.strip()}", contractor=words.strip()[:60])
    await move_case(case.id, move, town=scene.town, now=scene.now)


async def name_shop(scene: Scene, case: Case, move: Move, words: str) -> None:
    """Note at which shop it is."""
    point = GcjPoint(case.lat, case.lng) if case.lat and case.lng else None
    shop = await note_shop(words, street=case.street, address=case.address, point=point, now=scene.now)
    await move_case(case.id, replace(move, note=f"店铺：{shop.name}"), town=scene.town, now=scene.now)
    await bind_shop(case.id, shop.id)
