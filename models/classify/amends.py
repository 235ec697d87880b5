"""What people say who put right or take back what they told us: the place was wrong, it need not be done any more."""

from dataclasses import dataclass

from models.characters import bare, folded_pattern
from models.classify.gist import Gist, gist_of
from models.classify.replies import clauses_of, meaning_of

LONGEST = 60  # characters; whoever writes more tells something new
ASIDE = 12  # characters of a clause that may stand beside one that takes back
_PLACE = r"(?:地点|位置|地址|定位|路名|地方|门牌号?|街道名?|小区名|方位|路段|路口)"
_LEAD = (
    r"(?:^|\M) *(?:不好意思|哎呀|哎|啊|对不起|抱歉|刚才|刚刚|我|那个|这个|上面|前面|之前|上次|发的|报的|写的|说的|的|"
    r"帮我|请|麻烦|能不能|可以|想|要|需要|把|(?:(?!的)\C){1,6}的){0,8}"  # bounded: its parts may be cut in many ways
)
_WRONG_PLACE = folded_pattern(
    rf"{_LEAD}{_PLACE}(?:又|好像|是|都|有点|我|要|得|需要|应该|帮我|请|给)*\C{{0,3}}(?:错|不对|有误|反了|偏|不准|更正|纠正|改|换)"
    rf"|{_LEAD}(?:发|写|说|填|点|标|报|打|选|搞|弄|讲|定|记|看)(?:的)?(?:错|反|岔|偏)(?:了|掉|咯)?(?:个)?{_PLACE}"
    rf"|{_LEAD}(?:改|换|更正|纠正|修改|更改|调|挪)(?:一下|下|个|一)?{_PLACE}"
)
_NEW = r"(?P<new>\C{2,30}?)"
_OLD = r"(?P<old>\C{1,20}?)"
_TAIL = r"(?:才对|才是|那边|这边|那里|哦|啊|的|吧)*(?=$|\M)"
_IS = r"(?:应该|其实|实际|正确的?|准确(?:地|的)?说|就)?(?:是|在|系|叫)"
_INSTEAD = (
    r"(?:改成|改为|改到|换成|换到|更正为|纠正为|挪到|应为|正确的?(?:地址|地点|位置)?是|应该是|应该在|实际上?[是在]|"
    r"其实[是在]|才是|是在)"
)
_CONTRASTS = (  # 不是…是…: say by themselves that something was wrong
    folded_pattern(rf"不(?:是|在|系){_OLD}\M* *(?:而|应该|其实|那个|那边)?(?:是|在|系){_NEW}{_TAIL}"),
    folded_pattern(rf"{_IS}{_NEW}\M* *(?:而|可)?(?:不|勿|弗|唔)(?:是|在|系){_OLD}(?=$|\M)"),
)
_REPLACED = (
    folded_pattern(rf"{_INSTEAD}{_NEW}{_TAIL}"),
    folded_pattern(rf"\M *(?:是|在){_NEW}{_TAIL}"),
    folded_pattern(rf"(?:^|\M){_NEW}才对"),
)
_SLIP = folded_pattern(r"(?:说|打|写|发|报|讲|弄|搞|填|记)(?:错|反|岔)|口误|手误|笔误|打错字|更正|纠正")

_NO_NEED = (
    r"(?:不用|不必|不要|别|甭|无需|勿用|用不着|不需要|没必要|莫|唔使|勿要|覅)(?:再|你们|您们?|麻烦|让|叫|给|安排|派|请|"
    r"专门|特地)*"
)
_COMES = r"(?:来|派|派人|过来|跑|跑一?趟|管|处理|修|去|看|查|办|弄|清|人|麻烦|折腾|处置|上门|出警|动|操心|安排|铲|扫)"
_GONE = r"(?:退|好|修|清|走|搬|开|收|拖|没|处理|解决|弄|亮|通|干|停|扫|捡|挪|移|拆|恢复|盖|补|找到|关|散|消|熄|化|回来)"
_WHICH = r"(?:我|的|报的|那[件个条单]|这[件个条单]|案件|案子|单子|工单|举报|投诉|刚才|上次|之前|昨天)"
_TAKES_BACK = tuple(  # a whole clause each
    folded_pattern(pattern)
    for pattern in (
        (
            rf"(?:帮我|麻烦|请|就|把|给我|还是|要|想|{_WHICH})*(?:给我|就|先|都)*(?:撤|取消|作废|删|关)(?:回|销|掉|了|案|单|诉|除|闭)*"
            rf"(?:吧|了|掉|一下|算了|谢谢|可以|上报|{_WHICH})*"
        ),
        rf"(?:{_WHICH}|师傅|你们|恁|侬)*(?:已经|现在|就|也)*{_NO_NEED}{_COMES}{{1,3}}(?:人|车|他们|师傅|了|啦|咯|喽|吧|哈|啊|谢谢)*",
        rf"\C{{0,10}}{_GONE}\C{{0,4}}(?:了|啦|咯)?\C{{0,6}}{_NO_NEED}{_COMES}{{1,3}}(?:人|了|啦|咯|喽|吧|谢谢)*",
        r"(?:我|是我|不好意思|抱歉|当时)*(?:看错|误会|误报|报错|认错|看花眼|虚惊一场|虚惊)(?:了|一场|咯)*",
        r"(?:我|也|就|还是)*(?:不想|不|先不|别|不打算|不要)(?:再)?(?:报|投诉|举报|反映|追究|上报|告|计较)(?:他|他们|这个|那个)?(?:了|啦|咯)",
        r"(?:就)?当我没(?:报|说|投诉)(?:过)?(?:吧)?",
    )
)
_SETTLED = folded_pattern(rf"{_GONE}\C{{0,4}}(?:了|啦|咯)$")
_GOES_ON = folded_pattern(r"\?|吗$|怎么|为什么|凭什么|没人|还没|又|就坏|别不|怎样|如何|哪里|谁|能不能$|什么")


@dataclass(frozen=True, slots=True)
class RightWords:
    """Where in folded words the right place stands; nothing there: it was wrong, and no more is told.

    ``plainly``: the words speak of a place that was wrong; otherwise they may as well contrast other things.
    """

    start: int
    end: int
    plainly: bool
    old_start: int = 0  # of what is denied, where something is
    old_end: int = 0


_URGES = folded_pattern(
    r"(?:你们|麻烦|请|能不能|可不可以|赶紧|怎么|这|也|都|真|太|再|我|人|师傅)*(?:快来|快点|快些|快一点|尽快|加急|抓紧|催|催催|赶紧来?|赶快来?|"
    r"来快点|太慢|慢死|拖太久|太久|还不来|还没来|没人来|怎么还没(?:有)?人来|有人(?:来|管|在)?(?:吗|不|没)|来不来|人呢|到底来不来|快处理|快修|快弄|都?[一二两三四五六七八九十几\d]{1,7}(?:天|个?小时|个?月|周|个?星期)了?)"
    r"(?:来|处理|修|办|弄|解决|安排|点|些|一点|了|啊|呀|吧|吗|不|行不行|可以吗|行吗|好吗|一下|人|谢谢|催)*"
)
URGING_LONGEST = 16  # characters


def is_urging(said: str) -> bool:
    """Tell whether folded words press for what was reported, and tell nothing new."""
    clauses = clauses_of(said)
    urging = [clause for clause in clauses if _URGES.fullmatch(clause)]
    others = [clause for clause in clauses if clause not in urging]
    return bool(urging) and len(bare(said)) <= URGING_LONGEST and all(meaning_of(clause) for clause in others)


def takes_back(said: str) -> bool:
    """Tell whether folded words say, or sound like it, that what was reported need not be done."""
    return takes_back_plainly(said) or gist_of(said) is Gist.WITHDRAW


def takes_back_plainly(said: str) -> bool:
    """Tell whether folded words say in so many words that it need not be done: it is gone, was wrong, not wanted."""
    told = bare(said)
    if len(told) > LONGEST or _GOES_ON.search(told):
        return False
    clauses = clauses_of(told)
    taking = [clause for clause in clauses if any(pattern.fullmatch(clause) for pattern in _TAKES_BACK)]
    others = [clause for clause in clauses if clause not in taking]
    return bool(taking) and all(_is_aside(clause) for clause in others)


def corrected_place(said: str) -> RightWords | None:
    """Return where in folded words the right place stands that replaces a wrong one; None: nothing is put right."""
    if len(said) > LONGEST:
        return None
    plainly = bool(_WRONG_PLACE.search(said))
    patterns = (*_CONTRASTS, *_REPLACED) if plainly or _SLIP.search(said) else _CONTRASTS
    found = next(filter(None, (pattern.search(said) for pattern in patterns)), None)
    if found:
        old = found.span("old") if "old" in found.re.groupindex else (0, 0)
        return RightWords(*found.span("new"), plainly, *old)
    return RightWords(0, 0, plainly=True) if plainly or gist_of(said) is Gist.WRONG_PLACE else None


def _is_aside(clause: str) -> bool:
    return len(clause) <= ASIDE or meaning_of(clause) is not None or bool(_SETTLED.search(clause))
