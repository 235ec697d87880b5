"""The bot's manners in one list: who is asked first, and the fallback last."""

from handlers.chat import (
    also,
    amending,
    answers,
    binding,
    danger,
    desk,
    fallback,
    faq,
    follow,
    forged,
    grievance,
    handing_in,
    help,  # noqa: A004 - named after what people say
    manners,
    naming,
    near_miss,
    officer,
    orders,
    own_words,
    patrol,
    place,
    receipts,
    redrafting,
    report,
    same,
    small_talk,
    talking,
    verdict,
    welcome,
    whose_photo,
    wordless,
)
from handlers.kit.reply import Reply
from handlers.kit.router import Router, ask
from handlers.kit.scene import Scene, understand_choice

CHAT: tuple[Router, ...] = (
    receipts.router,  # what the platform reports by itself
    welcome.router,  # follow, scan, unfollow
    wordless.router,  # faces, stickers, mere signs
    binding.router,  # 绑定: who works for the town
    desk.router,  # dispatchers: commands with a number
    patrol.router,  # who walks the streets: 巡查, 打卡, what was seen
    orders.router,  # staff: more time, pauses, colleagues, notes, appeals, and what the desk answers
    officer.router,  # officers: work, hand back
    grievance.router,  # complaints of us: always a person
    danger.router,  # danger to life goes before everything that a citizen may be talking about
    near_miss.router,  # staff: a command that was mistyped
    talking.router,  # what is said in a talk with a person at the desk
    help.router,  # 帮助, 人工, 我的数据, 注销
    redrafting.router,  # a report under way is put right: 重写, 删照片, 地点错了
    amending.router,  # a case is: 地点错了, 不用来了, 点错了
    answers.router,  # a reporter answers a question, or puts type and place right
    verdict.router,  # 满意, 不满意, 已经好了
    whose_photo.router,  # is this photo of the case just opened?
    follow.router,  # 进度, numbers, 催办, 撤回
    own_words.router,  # how is it going, praise and blame, in words of their own
    small_talk.router,  # greetings, our phone, who has it
    manners.router,  # advertisements, abuse
    same.router,  # the same as what is near by?
    naming.router,  # which type a report is of
    also.router,  # another matter of the same message
    handing_in.router,  # 提交, 等一下, 不报了
    report.router,  # the pieces of a report
    faq.router,  # questions
    place.router,  # an address and nothing else
    fallback.router,  # must stay last: takes everything
)


async def answer(scene: Scene) -> Reply:
    """Answer one message; raises Refusal with the sentence to say when a rule says no."""
    turned_away = await forged.turn_away(scene)
    return turned_away or await ask(CHAT, near_miss.retyped(understand_choice(scene)))
