"""The grammar of reports and questions: which words are denied, mere places, effects, or asked about."""

import re
from collections.abc import Iterator

from models.characters import ANY_MARK, BREAK, NO_BREAK, QUESTION

OPENING = 60  # characters within which a question begins
TAIL = 4  # characters at the end of a text that may make it a question
GREETING = 4  # 在吗, 有人吗? ask nothing

# 不是占道; but 是不是占道 asks, and 没有路灯 reports.
_DENIED = re.compile(r"(?:(?<!是)不是|并非|不属于|不存在|不算|不涉及|不关)(?:什么|任何|我|在)?$")
# 公交站对面, 垃圾焚烧站旁, 绿化带里: the word says where, not what.
_BESIDE = re.compile(
    r"(?:站|台|点|店|场|房|厂|处|口|楼|池|亭|街|带|牌)?(?:的)?"
    r"(?:斜?对面|对过|旁边|旁|隔壁|附近|门口|门前|路口|边上|前面|后面|前方|后方|楼下|往[东南西北前后]|[东南西北]{1,2}(?:侧|面|边|门|口|角))"
)
_INSIDE = re.compile(r"(?:里面?|内|中间?|上面?|下面?)(?:有|都|全|被|到处|长期|经常|常|还|也)")
_EFFECT = re.compile(rf"(?:影响|导致|造成|引发|引起|以免|防止|避免|妨碍|阻碍){NO_BREAK}{{0,8}}$")
_ASKS = re.compile(
    r"请问|咨询|想问|问一下|了解一下|想了解|怎么(?:办理|申请|办|交|查|弄|预约|收费)|如何(?:办理|申请|处理|查询|取|预约)"
    r"|需要(?:什么|哪些|带)|(?:什么|哪些)(?:材料|手续|条件|证|流程|部门|标准|政策)|(?:是否|能否|可否)(?:可以|需要|能|要|允许|合法)?"
    r"|(?:要|可以|能|行|对|需要|允许|合法|违法|罚款|审批|办证|收费|开放|上班)吗|能不能|可不可以|要不要|算不算|是不是|该找谁|找谁办"
    r"|多少钱|多少|几点|哪天|去哪|在哪|哪里|什么时候|何时|多久|电话(?:号码)?是?|的电话|地址"
    r"|([要算能行准收用给合])不\1|([要算能行使得])唔\2|让不让(?!人)|得不得(?!了)|需不需要|问(?:问|哈|下)|求科普|请教|想知道"
    r"|(?<![十好这那])几(?:多|块钱|钱|时|号|岁|斤|公分)|啷个|哪样|去边|点样|(?<![这那旁路右左周对面外里上下前后])边个"
    r"|(?<![晚早路街身面])上哪|(?<!走)到哪(?![儿里]?都)|哪(?:种|类|些|几|块|边|条|儿|家)(?![儿里]?都)"
    r"|(?<!没)(?:要|有|带|算|用|走|开|办|丢)(?:啥|什么)(?!都|用|事|玩笑)|咋(?:办理|申请|办|交|查|弄|约|收费|报名|分|丢|算|登记)"
)
# 要办证不, 能养么, 有名额冇: how the regions end a question.
_ASKS_AT_END = re.compile(
    rf"{QUESTION}$|(?:[不伐冇咩㗎否啵吗呢]|(?<!什)么|(?<!都)没得?|不得)[哈咯呀啊哦的嘛]?$"
)
_COMPLAINS = re.compile(
    r"投诉|举报|反映|扰民|没人管|无人管|没人|无人|不作为|严重|一直没|到现在|至今|还没|坏了|不亮|不合理|不管|"
    r"堵|乱|臭|脏|吵|烂|坑|漏|受不了|影响|占用|占着|违规|私自|擅自|麻烦|希望|要求|建议|拖欠|处理一下|来人|快来|什么时候(?:能|才|来)?修"
)
_WONDERS = re.compile(
    rf"^我?(?:想|要|申请|来)*办(?:理|个|张)?.{{0,6}}[证照]$|怎么(?!没|还|不|又|这么?|那么?|回事|都|总|老|就|会|能)|归谁|谁管|该找谁|有奖|吗{QUESTION}?$"
)
_SETTLED = re.compile(
    r"(?:修|换|装|补|清|弄|扫|治|处理|清理|解决|拆|搬|运|收|挪|拖|移)(?:好|完|走|掉|干净|到位)(?:了|啦|咯)|(?:开走|挪走?|收进去)了$"
)
_UNSETTLED = re.compile(rf"没|不|又|还|才|就坏|跟|乱|偷|私|占|堆|吗|{QUESTION}|什么时候|多久|白")
_MARKS = re.compile(r"\[[^\]]{1,4}\]|[^\w]+")  # [微笑] is how WeChat writes its own faces
_SMALL = 16  # characters; whoever writes more says something
_POINTED = 24  # the same for words that only point
_SMALL_TALK = re.compile(
    "(?:你们|您|你|我们|我|领导|城管|师傅|老师|同志|大家|各位|早上|上午|中午|下午|晚上|好|早安|晚安|在不在|在|有人|有"
    "|谢|感谢|辛苦|太|非常|真|很|棒|点赞|哈|呵|嘿|嗯|哦|噢|啊|呀|吧|吗|么|呢|的|了|啦|行|可以|对|是|不|没事|没有|用"
    "|收到|知道|明白|ok|hi|hello|再见|拜|测试|试试|一下|要|想|问|投诉|举报|反映|反馈|问题|情况|件|一个|个|事|跟|说"
    r"|人工|客服|转|找|管|算|什么时候|能|快点?|等|稍|\d{1,3})*"
)
# 图上不是有吗, 你们自己看, 就那个样子: words that point at something and never say what it is.
_POINTING = re.compile(
    "为什么|什么|消息|图片|照片|相片|截图|原图|视频|录像|附件|画面|现场|刚才|刚刚|之前|以前|昨天|前天|今天|现在|已经|等下|等会"
    "|大家|自己|各位|领导|师傅|同志|人家|所示|明白|清楚|知道|晓得|体会|处理|解决|帮忙|麻烦|拜托|可以|应该|怎么|情况|事情|问题|东西|地方|真相|意思"
    "|赶紧|赶快|尽快|马上|立刻|明显|明摆|随便|第[一二两三四五几]|[图照附张段条字上下里外前后那这面边头儿些样种个次回刚你您我咱他它们谁子件老同如为准有]"
    "|[看到见完过瞧瞅盯发传拍写说了讲问提指标来去出得懂猜想办弄管搞整帮请求让给把对跟和在从用是都就还又也再只才能会要不没别无]"
    "|[么样咋啥事一二两三四五六七八九十点快真很太挺好详具体着吧吗呢啊呀嘛的啦哦噢喔嗯唉哎哈呵呗咯错晚]"
)
_CLAUSE = re.compile(rf"{BREAK}+|还有(?!人)|(?=还有人)|另外|而且|并且|再就是|同时")
_OPENS = re.compile(rf"(?:你好|您好|领导好?|在吗|{ANY_MARK}){{0,20}}(?:请问|咨询|想问|问一下|我?想?了解)")
# What is an address even where nobody asked for one: a name, and a number or a side of it.
ADDRESS_WORDS = re.compile(
    r"[\u4e00-\u9fff]{2} ?(\d{1,7} ?号|[一二三四五六七八九十]{1,7}号楼"
    r"|[东南西北]?门?(门口|路口|对面|后面|前面|旁边|边上|附近|楼下))"
)
_ADDRESS_LAST = re.compile(rf"(?:{ADDRESS_WORDS.pattern})\W*$")
ADDRESS_LENGTH = 40  # characters; more is a story


def is_small_talk(text: str) -> bool:
    """Tell whether the text says nothing that could be looked into: 你好, 谢谢, 我要投诉, 1."""
    said = _MARKS.sub("", text[:_SMALL])
    return len(text) <= _SMALL and bool(_SMALL_TALK.fullmatch(said))


def says_nothing(text: str) -> bool:
    """Tell whether nothing in the text tells what it is about: small talk, or words that only point at it."""
    said = _MARKS.sub("", text[:_POINTED])
    return is_small_talk(text) or (len(text) <= _POINTED and not _POINTING.sub("", said))


def wonders(text: str) -> bool:
    """Tell whether the text may want to know something: a question, or 怎么分, 归谁管, which people also shout."""
    return asks(text) or bool(_WONDERS.search(text))


def is_settled(text: str) -> bool:
    """Tell whether the text says that something has been put right: 路灯修好了, and no 没修好."""
    return bool(_SETTLED.search(text)) and not _UNSETTLED.search(text)


def clauses(text: str) -> Iterator[tuple[int, int]]:
    """Yield where the clauses of a text begin and end: at marks, and at 还有, 另外."""
    start = 0
    for mark in _CLAUSE.finditer(text):
        yield start, mark.start()
        start = mark.end()
    yield start, len(text)


def is_denied(text: str, start: int) -> bool:
    """Tell whether the word at ``start`` is said not to be so."""
    return bool(_DENIED.search(text, max(0, start - 7), start))


def is_place(text: str, end: int) -> bool:
    """Tell whether the word before ``end`` only helps to say where."""
    return bool(_BESIDE.match(text, end) or _INSIDE.match(text, end))


def is_effect(text: str, start: int) -> bool:
    """Tell whether the word at ``start`` is what something leads to, as in 影响绿化."""
    return bool(_EFFECT.search(text, max(0, start - 12), start))


def asks(text: str) -> bool:
    """Tell whether the text has the form of a question."""
    return names_question(text) or ends_asking(text)


def names_question(text: str) -> bool:
    """Tell whether words of the text ask, not its end alone: 怎么办理, and no 公平吗."""
    return bool(_ASKS.search(text))


def ends_asking(text: str) -> bool:
    """Tell whether the text ends as a question does."""
    said = text.rstrip(" 。!~\n")
    return len(said) > GREETING and bool(_ASKS_AT_END.search(said, len(said) - TAIL))


def opens_with_question(text: str) -> bool:
    """Tell whether the text begins by asking, as in 请问."""
    return bool(_OPENS.match(text.lstrip()[:OPENING]))


def complains(text: str) -> bool:
    """Tell whether the text says that something is wrong."""
    return bool(_COMPLAINS.search(text))


def is_address(words: str) -> bool:
    """Tell whether words are an address by themselves, asked for or not."""
    short = len(words) <= ADDRESS_LENGTH and not asks(words)
    return short and ADDRESS_WORDS.search(words) is not None


def is_mere_address(words: str) -> bool:
    """Tell whether words say where and nothing else: 菜场门口有人躺着 goes on, 被狗围住了,在菜场后面 says more."""
    clauses = [clause for clause in _CLAUSE.split(words) if clause.strip()]
    ends = is_address(words) and _ADDRESS_LAST.search(words) is not None
    return ends and all(ADDRESS_WORDS.search(clause) for clause in clauses)
