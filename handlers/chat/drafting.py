"""A report while it is put together: its draft in the talk, what words add to it, what is asked next."""

from dataclasses import replace

from handlers.chat.report_words import CANCELLED, INSIST, UNLIKELY, ask_next, offer_types, say_place_heard
from handlers.kit.reply import Choice, Reply, Text
from handlers.kit.scene import Scene
from models.cases.draft import (
    DROPPED,
    KEPT,
    PLACE_SURE,
    WHERE,
    Draft,
    dump_draft,
    load_draft,
    names_place,
)
from models.classify.danger import find_elsewhere
from models.classify.faq import PLAIN as FAQ_PLAIN
from models.classify.faq import SURE as FAQ_SURE
from models.classify.forms import asks, complains, is_address, is_settled, wonders
from models.classify.judgements import Judgement, judgement_of
from models.classify.rules import OTHER, Verdict

SURE = 0.5  # below this the words alone do not name a type: the person is offered the likeliest three
SURE_UNSAID = 0.8  # the same for words without a keyword of the type
COMPLAINT = 0.3  # the same for words that complain: whoever is angry is asked rather than not understood
LEAST = 0.3  # below this not even a question about the type makes sense
NOTHING_LONGEST = 8  # characters
ABOUT = 0.5  # from here on words are about something that we handle, of whatever type
RESTS = "上次没报完的那件还留着，要接着那件回复「继续」。"
TO_PERSON = "好，先收下，由工作人员来定是哪一类。"
NOT_OURS = "{tell}\n要是您觉得就该我们管，回复 1 坚持上报，由工作人员来判断。"


def is_about_something(scene: Scene) -> bool:
    """Tell whether words that open a talk are a report rather than a question or small talk."""
    verdict = scene.verdict
    if verdict.consultation or is_settled(scene.text) or _asks_what_we_know(scene):
        return False
    if judgement_of(scene.said) is Judgement.HAPPY:  # 路修得很平 reports nothing
        return False
    if complains(scene.text):
        return verdict.handled >= COMPLAINT
    if verdict.said:
        return verdict.handled >= ABOUT and verdict.confidence >= LEAST
    # Without a keyword of the likeliest type it must be plain that it is ours.
    return verdict.handled >= SURE_UNSAID and verdict.confidence >= SURE


def says_no_type(scene: Scene) -> bool:
    """Tell whether a few words name neither a type nor a place: no answer to 「是哪一类」, and nothing to keep."""
    if len(scene.text) > NOTHING_LONGEST or names_place(scene.text):
        return False
    return not scene.verdict.said or not scene.town.city.case_types[scene.verdict.type].handled


def is_sure(verdict: Verdict) -> bool:
    """Tell whether the type may be named: by a keyword of it, or where the words leave no doubt without one."""
    return verdict.confidence >= (SURE if verdict.said else SURE_UNSAID)


def is_others(scene: Scene) -> bool:
    """Tell whether the words are about something that another office handles, and no mere question."""
    return (
        not scene.verdict.consultation and find_elsewhere(scene.town.classifier.city, scene.text) is not None
    )


def hear_words(
    scene: Scene, draft: Draft, *, urgent: bool = False, heard: str = "", words: str = ""
) -> Reply:
    """Take in words: what they are about, where, whether they are ours; keep all, and ask for what is missing."""
    before, words = draft, words or scene.text
    draft = replace(
        _read_words(scene, draft.with_words(words, is_place=_says_where(scene, draft))),
        urgent=draft.urgent or urgent,
    )
    if draft.address == scene.text and draft.missing():
        heard += say_place_heard(draft.address)
    elsewhere = (
        None
        if draft.urgent or draft.insists or draft.chosen
        else find_elsewhere(scene.town.classifier.city, scene.text)
    )
    if elsewhere is not None:
        kept = replace(before, extra={**before.extra, "not_ours": scene.text})
        scene.talk.begin("report", scene.now, **dump_draft(kept))
        return Text(NOT_OURS.format(tell=elsewhere.tell), (Choice(INSIST, "坚持上报"),))
    return keep_and_ask(scene, draft, heard, settles=True)


def keep_and_ask(scene: Scene, draft: Draft, heard: str, *, settles: bool = False) -> Reply:
    """Keep the draft and say what came in, what it sounds like, and what is still missing.

    ``settles``: further words came; where they do not name the type either, it is not asked for again.
    """
    draft, reply = ask_next(scene, draft, heard, settles=settles)
    rests = scene.talk.topic == KEPT  # until now: it goes behind the new one
    scene.talk.begin("report", scene.now, **dump_draft(draft))
    return (
        replace(reply, text=f"{reply.text}\n{RESTS}")
        if rests and "resting" in draft.extra and isinstance(reply, Text)
        else reply
    )


def ask_type(scene: Scene, draft: Draft) -> Reply:
    """Keep the draft and offer the next likely types."""
    draft, reply = offer_types(scene, draft)
    scene.talk.begin("report", scene.now, **dump_draft(draft))
    return reply


def leave_to_person(scene: Scene, draft: Draft) -> Reply:
    """Keep the draft with no type of ours: somebody of the staff will name it."""
    guessed = draft.guessed or draft.type or next(iter(draft.ranked), "")
    return keep_and_ask(
        scene, replace(draft, type=OTHER, chosen=True, small_class="", guessed=guessed), TO_PERSON
    )


def draft_of(scene: Scene) -> Draft:
    """Return the report under way, an empty one where none is; one that rests is kept behind it."""
    if scene.talk.topic == "report":
        return load_draft(scene.talk.data)
    return Draft(extra={"resting": scene.talk.data}) if scene.talk.topic == KEPT else Draft()


def drop_draft(scene: Scene, draft: Draft) -> Reply:
    """Leave the report; whoever thinks better of it within the hour finds all of it again."""
    if "resting" in draft.extra:
        leave_draft(scene, draft)
    else:
        scene.talk.begin(DROPPED, scene.now, **dump_draft(draft))
    return Text(CANCELLED)


def leave_draft(scene: Scene, draft: Draft) -> None:
    """End the talk about a report; one that rested before it rests on."""
    resting = draft.extra.get("resting")
    if resting:
        scene.talk.begin(KEPT, scene.now, **resting)
    else:
        scene.talk.end(scene.now)


def _says_where(scene: Scene, draft: Draft) -> bool:
    """Tell whether the words answer "where?", or are an address and nothing else."""
    if asks(scene.text):
        return False
    if draft.asked == WHERE and names_place(scene.text):
        return True
    return is_address(scene.text) and not (scene.verdict.said and scene.verdict.confidence >= SURE)


def _asks_what_we_know(scene: Scene) -> bool:
    """Tell whether the words ask what our answers surely tell: 门口能不能摆桌子 reports nobody's tables."""
    if not wonders(scene.text):
        return False
    least = FAQ_PLAIN if complains(scene.text) else FAQ_SURE
    return any(score >= least for _, score in scene.town.faq.find(scene.text, limit=1))


def _share_of_ours(scene: Scene, verdict: Verdict) -> float:
    """Return how sure the likeliest type is that we handle."""
    kinds = scene.town.city.case_types
    shares = {verdict.type: verdict.confidence, **dict(verdict.alternatives)}
    return max((share for code, share in shares.items() if kinds[code].handled), default=0.0)


def _read_words(scene: Scene, draft: Draft) -> Draft:
    """Find type and place in all that was said so far."""
    city, atlas = scene.town.city, scene.town.atlas
    verdict = scene.town.classifier.classify(draft.words)
    ranked = () if verdict.silent else (verdict.type, *(code for code, _ in verdict.alternatives))
    draft = replace(
        draft, urgent=draft.urgent or verdict.urgent, ranked=draft.ranked if draft.chosen else ranked
    )
    draft = replace(draft, extra={**draft.extra, UNLIKELY: _share_of_ours(scene, verdict) < LEAST})
    draft = replace(draft, matters=tuple((matter.type, matter.words) for matter in verdict.several))
    if is_sure(verdict) and city.case_types[verdict.type].handled:
        draft = draft.with_type(city.case_types[verdict.type], small=verdict.small_class, ranked=ranked)
    if draft.point is None and not draft.extra.get("placed"):
        spot = atlas.find_words(draft.words)
        if spot is not None and spot.sure >= PLACE_SURE:
            draft = replace(draft, point=(spot.point.lat, spot.point.lng), address=spot.address)
    return draft
