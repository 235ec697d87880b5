"""What people say who put right or take back what they told us: the place was wrong, it need not be done any more."""

from models.characters import bare, folded_pattern

LONGEST = 60  # characters; whoever writes more tells something new
_PLACE = r"(?:地点|位置|地址|定位|路名|地方|门牌号?|街道?名?|小区名?|方位|路段|路口)"
_WRONG_PLACE = folded_pattern(
    rf"{_PLACE}(?!附近|旁边)\C{{0,6}}(?:错|不对|有误|反了|偏|不准|更正|纠正)"
    rf"|(?:发|写|说|填|点|标|报|打|选|搞|弄|讲|定|记|看)(?:的)?(?:错|反|岔|偏)(?:了|掉|咯)?(?:个)?{_PLACE}"
    rf"|(?:改|换|更正|纠正|修改|更改|调|挪)(?:一下|下|个|一)?{_PLACE}|{_PLACE}(?:要|得|需要|想|帮我|"
    rf"请|给|应该)?(?:改|换|更正|修改|更改|调|重新)"
)
_NEW = r"(?P<new>\C{2,30}?)"
_OLD = r"\C{1,20}?"
_IS = r"(?:应该|其实|实际|正确的?|准确(?:地|的)?说|就)?(?:是|在|系|叫)"
_TOLD_NEW = tuple(
    folded_pattern(pattern)
    for pattern in (
        (
            rf"不(?:是|在|系){_OLD}\M* *(?:而|应该|其实|那个|那边)?(?:是|在|系){_NEW}(?:才对|那边|这边|"
            rf"哦|啊|的)?(?=$|\M)"
        ),
        rf"{_IS}{_NEW}\M* *(?:而|可)?(?:不|勿|弗|唔)(?:是|在|系){_OLD}(?=$|\M)",
        (
            rf"(?:改成|改为|改到|换成|换到|更正为|纠正为|挪到|改|应为|正确的?(?:地址|地点|位置)?是|"
            rf"应该是|应该在|实际上?[是在]|其实[是在]|才是|是在){_NEW}(?:才对|才是|哦|啊|的|吧)?(?=$|"
            rf"\M)"
        ),
        rf"\M(?:是|在){_NEW}(?:才对|哦|啊|的|那边|那里)*(?=$|\M)",
        rf"(?:^|\M){_NEW}才对",
    )
)
_SLIP = folded_pattern(r"(?:说|打|写|发|报|讲|弄|搞|填|选|记|看)(?:错|反|岔)|口误|手误|笔误|打错字|更正|纠正")
_NAMES = folded_pattern(r"[路街道巷弄里村桥港苑园庭坊区场站校院楼幢栋号门口边侧头面河塘湖店馆厂市广]|\d")

_NO_NEED = (
    r"(?:不用|不必|不要|别|甭|无需|勿用|用不着|不需要|没必要|莫|唔使|勿要|覅)(?:再|你们|您们?|麻烦|让|"
    r"叫|给|安排|派|请|专门|特地)*"
)
_COMES = (
    r"(?:来|派|派人|过来|跑|跑一?趟|管|处理|修|去|看|查|办|弄|清|人|麻烦|折腾|处置|上门|出警|动|操心|"
    r"安排)"
)
_GONE = (
    r"(?:退|好|修|清|走|搬|开|收|拖|没|处理|解决|弄|亮|通|干|停|扫|捡|挪|移|拆|恢复|盖|补|找到|关|散|"
    r"消|熄|回来)"
)
_TAKES_BACK = folded_pattern(
    r"(?:撤|取消)(?:回|销|掉|了|案|单|诉|下来?)*(?:吧|了|掉|上报|投诉|举报|案件|案子|单子|工单|"
    r"那[件个条单]|这[件个条单]|一下|算了|我的|我报的)*(?=$|\M|谢|麻烦|可以|行|好)"
    r"|(?:把|那[件个条单]|这[件个条单]|我的|刚才|之前|上次|昨天|案件|单子|工单|举报|"
    r"投诉)\C{0,10}(?:撤|取消|删|作废|销)(?:回|销|掉|了|案|单)*"
    r"|(?:不想|不|先不|别|不打算|不要)(?:报|投诉|举报|反映|追究|上报|告|计较)(?:了|啦|咯)(?:$|"
    r"\M)|当我没(?:报|说|投诉)|作废"
    rf"|(?:已经|已|都|自己|刚|现在|刚才|早)?{_GONE}\C{{0,4}}(?:了|啦|咯)[^?]{{0,12}}{_NO_NEED}{_COMES}"
    rf"|{_NO_NEED}{_COMES}{{1,3}}(?:了|啦|咯|喽)(?=$|\M|谢|\C{{0,8}}{_GONE})"
    rf"|(?:自己|自家|邻居|物业|别人|人家|社区|村里|车主|对方|店家|他们|老板|我|我们|我家|家里人|"
    rf"儿子|老公)\C{{0,6}}(?:弄|修|清|扫|处理|搬|挪|解决|搞|收拾|开|拖|盖|拔|捡|拿|通|换|移|"
    rf"摆平|商量|协商|谈)(?:好|走|掉|完|干净|了|妥|回去|上|通|平)+(?:了|啦)?"
    r"|(?:看错|搞错|弄错|误会|误报|报错|认错|虚惊|看花眼)(?:了|一场|咯)?(?=$|\M)"
)
_GOES_ON = folded_pattern(r"\?|吗$|怎么|为什么|凭什么|没人|还没|又|就坏|别不|怎样|如何|哪里|能不能$")


_SLIPPED = folded_pattern(
    r"(?:点|按|揿|选|回|摁|戳|碰|划|触|评|选择|回复|操作)(?:的)?(?:错|反|岔|快|偏|串|歪|差)|"
    r"(?:小孩|孩子|娃|孙子)\C{0,6}(?:乱|玩|按|点)|手滑|手抖|手快|手贱|手误|误触|误点|误操作|"
    r"误评|按到|点到别"
    r"|不小心(?:点|按|碰|选|回|评)|(?:搞|弄|发|打|说)错(?:了|啦|咯)?$|不是(?:要|想)?(?:点|选|"
    r"按)(?:这|那)|(?:重新|重|再)(?:选|点|评|来)(?:一次|一遍|一下)?"
    r"|(?:刚才|上一个|刚刚)(?:那个?|这个?)?(?:不算|作废|取消|撤)"
)
SLIP_LONGEST = 24  # characters


def is_slip(said: str) -> bool:
    """Tell whether folded words say that something was tapped or answered by mistake, and nothing besides."""
    told = bare(said)
    return len(told) <= SLIP_LONGEST and bool(_SLIPPED.search(told)) and corrected_place(said) is None


def takes_back(said: str) -> bool:
    """Tell whether folded words say that what was reported need not be done: it gone, wrong, or not wanted."""
    told = bare(said)
    return len(told) <= LONGEST and bool(_TAKES_BACK.search(told)) and not _GOES_ON.search(told)


def corrected_place(said: str) -> tuple[int, int] | None:
    """Return where in folded words the right place stands that replaces a wrong one.

    An empty span (0, 0) says that the place was wrong and not what is right; None: nothing is put right.
    """
    if len(said) > LONGEST:
        return None
    wrong = bool(_WRONG_PLACE.search(said))
    slip = bool(_SLIP.search(said))
    for place, pattern in enumerate(_TOLD_NEW):
        found = pattern.search(said)
        contrast = place < 2  # 是…不是…: says by itself that something was wrong
        if found and _NAMES.search(found["new"]) and (wrong or slip or contrast):
            return found.span("new")
    return (0, 0) if wrong else None
