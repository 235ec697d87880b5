"""Handing a case back piece by piece, and finding out what a photo that came alone belongs to."""

import re
from collections.abc import Sequence
from dataclasses import replace

from handlers.chat.case_talk import NUMBER, Said, label, warm, words_of
from handlers.chat.drafting import hear_words, keep_and_ask
from handlers.chat.report_words import say_photos
from handlers.kit.reply import Choice, Reply, Text
from handlers.kit.scene import Scene
from models.cases.actions import move_case, prove_case
from models.cases.draft import Draft
from models.cases.moves import Actor, Move
from models.cases.queries import list_in_hand
from models.cases.tables import Case
from models.cases.taps import HAND_BACK, NEW_REPORT
from models.characters import GAP, MARKS
from models.classify.forms import is_settled
from models.errors import Refusal
from models.evidence import has_photo
from models.lifecycle import Role

ASK_BOTH = "{number}「{type}」：请发处理后的照片，再打几个字说说怎么处理的。"
ASK_PHOTO = "记下了。请再发一张 {number}「{type}」处理后的照片。"
ASK_PHOTO_TOO = "收到了，不过看不到处理后的样子：请再发一张 {number}「{type}」的照片{words}。"
AND_WORDS = "，再打几个字说说怎么处理的"
ASK_WORDS = "{photos}请再打几个字，说说 {number}「{type}」怎么处理的。"
HANDED_BACK = "{number}「{type}」办好了，等核查。还有照片就接着发，两分钟内都算这件的。"
STILL_WAITS = "\n{tail} 还差照片，您的话记着：回复「办结 {tail}」再发照片。"
PROVED = "这张也放进 {number} 了。"
WHICH_PHOTO = "{photos}是哪一件办好了？点一下或回复数字："
DONE_FOR = "办结"
NEW_ONE = "都不是，要报新问题"
SAYS_ONLY_DONE = frozenset({"好了", "完成", "完成了", "已完成", "办好了", "已办结"})
DONE = "已处理好。"


_DONE_FIRST = re.compile(rf"{GAP}*{NUMBER}{GAP}*(?P<words>.+)", re.DOTALL)
_NUMBER_LAST = re.compile(rf"{NUMBER}{GAP}*\Z")


def says_done(scene: Scene) -> bool:
    """Tell whether the words say of one case by its number that it is put right: 0012修好了, 井盖换好了 0012."""
    return scene.incoming.kind == "text" and bool(read_done(scene).number)


def read_done(scene: Scene) -> Said:
    """Return the case and the words which say that it is put right; nothing where they do not."""
    found = _DONE_FIRST.fullmatch(scene.said)
    number, start, end = (found["number"], *found.span("words")) if found else ("", 0, 0)
    if found is None and (last := _NUMBER_LAST.search(scene.said)):
        number, end = last["number"], last.start()
    words = scene.text[start:end].strip(MARKS)
    return Said(number, words) if number and is_settled(scene.said[start:end]) else Said()


def take_up(scene: Scene, case: Case) -> tuple[list[str], list[int]]:
    """Return words and evidence that are here already for handing this case back.

    Those of another case that still lacks its photo are put aside with the talk, and come back with its number.
    """
    if not warm("hand_back", "handed_back", "photo_for")(scene):
        return [], []
    data, aside = scene.talk.data, _aside(scene)
    texts, photos = aside.pop(case.number, ([], []))
    here = (data.get("text", []), data.get("evidence", []))
    if scene.talk.topic == "photo_for" or data["number"] == case.number:
        texts, photos = [*texts, *here[0]], [*photos, *here[1]]
    elif any(here):
        aside[data["number"]] = here
    scene.talk.begin("hand_back", scene.now, number=case.number, text=texts, evidence=photos, aside=aside)
    return texts, photos


def _aside(scene: Scene) -> dict[str, tuple[list[str], list[int]]]:
    """Return words and evidence of other cases being handed back, by their numbers."""
    return dict(scene.talk.data.get("aside", {}))


async def gather_pieces(scene: Scene, case: Case, texts: Sequence[str], photos: Sequence[int]) -> Reply:
    """Hand the case back once words and a photo are here; until then keep them and ask for the other."""
    metres = scene.talk.data.get("metres") if scene.talk.topic == "hand_back" else None
    aside = _aside(scene)
    if not (texts and await has_photo(photos)):
        told = {
            "number": case.number,
            "text": [*texts],
            "evidence": [*photos],
            "metres": metres,
            "aside": aside,
        }
        scene.talk.begin("hand_back", scene.now, **told)
        return Text(await ask_missing(scene, case, texts, photos))
    note = DONE if set(texts) <= SAYS_ONLY_DONE else "\n".join(texts)
    move = Move("hand_back", Actor(Role.OFFICER, scene.person), note, tuple(photos), metres=metres)
    scene.talk.begin("handed_back", scene.now, number=case.number, aside=aside)
    try:
        await move_case(case.id, move, town=scene.town, now=scene.now)
    except Refusal as refusal:  # it went on meanwhile: leave the topic, or every word would end here
        scene.talk.end(scene.now)
        return Text(refusal.sentence)
    waiting = "".join(STILL_WAITS.format(tail=number[-4:]) for number in aside)
    return Text(HANDED_BACK.format(**words_of(scene, case)) + waiting)


async def ask_missing(scene: Scene, case: Case, texts: Sequence[str], photos: Sequence[int]) -> str:
    """Return the sentence that asks for what is not here yet; a film or what got lost is no photo."""
    words = words_of(scene, case)
    if photos and not await has_photo(photos):
        return ASK_PHOTO_TOO.format(**words | {"words": "" if texts else AND_WORDS})
    if photos:
        return ASK_WORDS.format(photos=say_photos(len(photos)), **words)
    return (ASK_PHOTO if texts else ASK_BOTH).format(**words)


async def add_proof(scene: Scene, case: Case, piece: int) -> Reply:
    """Put one more photo to a case just handed back; where it was checked meanwhile, it goes the way of any photo."""
    move = Move("proof", Actor(Role.OFFICER, scene.person), evidence=(piece,))
    try:
        await prove_case(case.id, move, town=scene.town, now=scene.now)
    except Refusal:
        return await sort_pieces(scene, [], [piece])
    scene.talk.begin("handed_back", scene.now, number=case.number, aside=_aside(scene))
    return Text(PROVED.format(number=case.number))


async def sort_pieces(scene: Scene, texts: Sequence[str], photos: Sequence[int]) -> Reply:
    """Ask what the pieces belong to; an officer with nothing in hand reports like anybody."""
    cases = await list_in_hand(scene.person)
    return ask_owner(scene, cases, texts, photos) if cases else begin_report(scene, texts, photos)


def ask_owner(scene: Scene, cases: Sequence[Case], texts: Sequence[str], photos: Sequence[int]) -> Reply:
    """Ask whether the pieces show one of the cases in hand or something new; they are kept meanwhile."""
    scene.talk.begin("photo_for", scene.now, text=[*texts], evidence=[*photos], aside=_aside(scene))
    choices = [Choice(HAND_BACK + case.number, label(scene, case, DONE_FOR)) for case in cases]
    question = WHICH_PHOTO.format(photos=say_photos(len(photos)))
    return Text(question, (*choices, Choice(NEW_REPORT, NEW_ONE)))


def begin_report(scene: Scene, texts: Sequence[str], photos: Sequence[int]) -> Reply:
    """Turn the pieces into a new report, as if they had been sent for one."""
    draft = Draft(evidence=tuple(photos))
    if not texts:
        return keep_and_ask(scene, draft, say_photos(len(photos)))
    said = replace(scene, choice="", incoming=replace(scene.incoming, kind="text", text="\n".join(texts)))
    return hear_words(said, draft)
