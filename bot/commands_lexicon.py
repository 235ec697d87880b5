"""The command by which a town teaches its words: ``lexicon try``, ``save``, ``back`` and what belongs to them."""

import asyncio
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

from bot.app import build_town
from bot.commands_danger import add_danger
from bot.commands_learn import SubParsers, add_learn, read_labelled
from bot.commands_replies import add_replies
from bot.config import load_settings, read_environment
from bot.databases import opened
from bot.json_lines import LinesError
from models.audit import Deed, note_deed
from models.clock import MachineClock, local
from models.errors import Refusal
from models.lexicon.bench import Past, Trial, Turn, try_words
from models.lexicon.past import list_corrected, list_past
from models.lexicon.proposals import accept_proposal, list_proposals, propose, refuse_proposal
from models.lexicon.tables import LexiconVersion
from models.lexicon.versions import (
    current_words,
    go_back,
    list_versions,
    newest_version,
    refresh_classifier,
    save_change,
)
from models.lexicon.words import WordChange, apply_words, check_change, load_words
from models.town import Town

REFUSED = 2
WORSE = 1  # exit status when a change is not saved because it makes something worse
EXCERPT = 24  # characters of a message that are shown
SHOWN = 40  # messages
TRIED = "看了 {looked_at} 条：{better} 条变对，{worse} 条变错，{other} 条换了类别但没人说过对错。"
OUTCOMES = {"better": "变对", "worse": "变错", "other": "换了"}
MORE = "…… 还有 {count} 条"
NOT_SAVED = "有变错的，没有保存。看过觉得值得，加上 --anyway 再存一次。"
SAVED = "已存为第 {number} 版：{change}。运行中的服务 20 秒内生效。"
VERSION = "第 {number} 版  {at:%Y-%m-%d %H:%M}  {by}：{change}（为什么：{why}）"
NOTHING_SAVED = "还没有改过，用的是城市资料里的词。"
PROPOSED = (
    "{id}. {type} “{word}” {weight:+g}：{count} 件更正里有（如 {cases}），别的类别 {elsewhere} 条里有；"
    "能让 {better} 条变对，{worse} 条变错。"
)
NO_PROPOSALS = "没有等着处理的建议。"
REFUSAL_KEPT = "第 {number} 条建议不采纳，记下了。"

Act = Callable[[Namespace, Town], Awaitable[int]]


def lexicon(options: Namespace) -> int:
    """Do what was asked about the lexicon; exit status 2 with a sentence when a rule says no."""
    try:
        if options.act is None:
            return int(options.learn(options))
        return asyncio.run(_with_town(options, options.act))
    except (Refusal, LinesError) as error:
        _complain(str(error))
        return REFUSED


async def _with_town(options: Namespace, act: Act) -> int:
    settings = load_settings(read_environment())
    town = build_town(settings)
    async with opened(settings.database):
        await refresh_classifier(town)
        return await act(options, town)


async def try_change(options: Namespace, town: Town) -> int:
    """Show what a change would do to past messages; nothing is saved."""
    _show_trial(await _try(_change(options), options, town))
    return 0


async def save(options: Namespace, town: Town) -> int:
    """Show what the change does and save it as a new version, unless it makes something worse."""
    change = _change(options)
    trial = await _try(change, options, town)
    _show_trial(trial)
    if trial.count("worse") and not options.anyway:
        _complain(NOT_SAVED)
        return WORSE
    now = MachineClock().now()
    version = await save_change([change], town=town, by=options.by, why=options.why, now=now)
    await _note(options, f"lexicon {version.number}")
    _tell(SAVED.format(number=version.number, change=version.change))
    return 0


async def show(_options: Namespace, _town: Town) -> int:
    """List the versions, the newest first, and the words in which the town differs from its folder."""
    newest = await newest_version()
    if newest is None:
        _tell(NOTHING_SAVED)
        return 0
    for version in await list_versions():
        _tell(_say_version(version))
    for change in load_words(newest.words):
        _tell(f"  {change.say()}")
    return 0


async def back(options: Namespace, town: Town) -> int:
    """Show what going back to an older version does, and do it."""
    held = await current_words()
    version = await go_back(options.number, by=options.by, why=options.why, now=MachineClock().now())
    before = town.classifier.with_words(town.classifier.city)
    await refresh_classifier(town)
    words = [change.word for change in (*held, *load_words(version.words))]
    _show_trial(try_words(before, town.classifier, words, await _past(options)))
    await _note(options, f"lexicon {version.number}")
    _tell(SAVED.format(number=version.number, change=version.change))
    return 0


async def proposals(options: Namespace, town: Town) -> int:
    """List the words that corrections speak for; ``--now`` looks for new ones first, as the nightly job does."""
    if options.now:
        await propose(town, now=MachineClock().now())
    rows = await list_proposals()
    for row in rows:
        told = {"id": row.id, "type": row.type, "word": row.word, "weight": row.weight}
        told |= {"count": len(row.cases), "cases": "、".join(row.cases[:3]), "elsewhere": row.elsewhere}
        _tell(PROPOSED.format(**told, better=row.better, worse=row.worse))
    if not rows:
        _tell(NO_PROPOSALS)
    return 0


async def accept(options: Namespace, town: Town) -> int:
    """Let a proposed word count from now on."""
    now = MachineClock().now()
    version = await accept_proposal(options.number, town=town, by=options.by, now=now)
    await _note(options, f"lexicon {version.number}")
    _tell(SAVED.format(number=version.number, change=version.change))
    return 0


async def refuse(options: Namespace, _town: Town) -> int:
    """Leave a proposed word as it is; it is not proposed again."""
    await refuse_proposal(options.number, by=options.by, why=options.why, now=MachineClock().now())
    await _note(options, f"proposal {options.number}")
    _tell(REFUSAL_KEPT.format(number=options.number))
    return 0


def _change(options: Namespace) -> WordChange:
    weight = None if options.remove else options.weight
    near, unless = tuple(options.near), tuple(options.unless)
    return WordChange(options.type, options.word, weight, near, unless)


async def _try(change: WordChange, options: Namespace, town: Town) -> Trial:
    before = town.classifier
    check_change(before.city, change)
    after = before.with_words(apply_words(before.city, [change]))
    return try_words(before, after, [change.word], await _past(options))


async def _past(options: Namespace) -> list[Past]:
    """Return the town's own messages, and the labelled ones of the files named."""
    past = {message.name: message for message in (*await list_past(), *await list_corrected())}
    labelled = [
        Past(
            f"{file.name}:{number}",
            str(row.get("text") or ""),
            frozenset(filter(None, (row["label"], row.get("alt")))),
            str(row.get("title") or ""),
        )
        for file in options.file
        for number, row in read_labelled(file)
    ]
    return [*past.values(), *labelled]


def _show_trial(trial: Trial) -> None:
    told = {name: trial.count(name) for name in ("better", "worse", "other")}
    _tell(TRIED.format(looked_at=trial.looked_at, **told))
    worst_first = sorted(trial.turns, key=lambda turn: ("worse", "better", "other").index(turn.outcome))
    for turn in worst_first[:SHOWN]:
        _tell(_say_turn(turn))
    if len(worst_first) > SHOWN:
        _tell(MORE.format(count=len(worst_first) - SHOWN))


def _say_turn(turn: Turn) -> str:
    said = " ".join(f"{turn.past.title} {turn.past.text}".split())
    excerpt = said[:EXCERPT] + ("…" if len(said) > EXCERPT else "")
    return f"  {OUTCOMES[turn.outcome]} {turn.past.name} {turn.before} → {turn.after}:{excerpt}"


def _say_version(version: LexiconVersion) -> str:
    told = {"number": version.number, "by": version.by, "why": version.why, "change": version.change}
    return VERSION.format(at=local(version.at), **told)


async def _note(options: Namespace, subject: str) -> None:
    deed = Deed(who=options.by, door="command", action=f"lexicon {options.what}", subject=subject)
    await note_deed(deed, now=MachineClock().now())


def _tell(words: str) -> None:
    print(words)  # noqa: T201


def _complain(words: str) -> None:
    print(words, file=sys.stderr)  # noqa: T201


def _arguments(command: ArgumentParser) -> None:
    acts = command.add_subparsers(required=True, metavar="ACTION", dest="what")
    add = partial(_add_act, acts)
    change, past, reason = _add_change, _add_past, _add_reason
    add(
        "try",
        try_change,
        "show what a change would do to past messages, before anything is saved",
        change,
        past,
    )
    add("save", save, "save a change as a new version", change, past, reason, _add_anyway)
    add("show", show, "list the versions and the words that hold")
    add(
        "back", back, "go back to an older version; 0: the city folder's own words", _add_number, past, reason
    )
    add("proposals", proposals, "list the words that corrections speak for", _add_now)
    add("accept", accept, "let a proposed word count", _add_number, _add_by)
    add("refuse", refuse, "leave a proposed word as it is", _add_number, reason)
    add_learn(acts)
    add_danger(acts)
    add_replies(acts)


def _add_act(
    acts: SubParsers, name: str, act: Act, told: str, *parts: Callable[[ArgumentParser], None]
) -> None:
    parser = acts.add_parser(name, help=told, description=told)
    for part in parts:
        part(parser)
    parser.set_defaults(act=act)


def _add_change(parser: ArgumentParser) -> None:
    parser.add_argument("--type", required=True, help="code of the case type")
    parser.add_argument("--word", required=True)
    weight = parser.add_mutually_exclusive_group(required=True)
    weight.add_argument("--weight", type=float, help="4.5 names the type, 1 hints at it, -2 speaks against")
    weight.add_argument(
        "--remove", action="store_true", help="the word counts nothing for this type any more"
    )
    parser.add_argument(
        "--near", nargs="*", default=[], help="counts only when one of these stands in the text too"
    )
    parser.add_argument(
        "--unless", nargs="*", default=[], help="counts nothing when one of these stands in the text"
    )


def _add_past(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--file", nargs="*", type=Path, default=[], help="labelled messages to look at as well"
    )


def _add_reason(parser: ArgumentParser) -> None:
    _add_by(parser)
    parser.add_argument("--why", required=True, help="the reason, for those who come after")


def _add_anyway(parser: ArgumentParser) -> None:
    parser.add_argument("--anyway", action="store_true", help="save although something gets worse")


def _add_by(parser: ArgumentParser) -> None:
    parser.add_argument("--by", required=True, help="who decides")


def _add_number(parser: ArgumentParser) -> None:
    parser.add_argument("number", type=int)


def _add_now(parser: ArgumentParser) -> None:
    parser.add_argument("--now", action="store_true", help="look for new ones first")


COMMANDS: tuple[tuple[str, Callable[[Namespace], int | None], str], ...] = (
    ("lexicon", lexicon, "teach the words by which case types are known"),
)
ARGUMENTS = {"lexicon": (_arguments,)}
