"""Tells whether a word of danger is meant as happening now: by what stands before it in the same thought.

Fear, questions and calls for help that follow the word make it more live, never less; only what turns the word
itself into another thing (着火演练, 煤气报警器多少钱), or tells the end of the danger (已经扑灭), counts after it.
"""

import re

SOON = 16  # characters after it within which 现在, 快来 make it live although it is said to be past
FAR = 120  # characters before a word that are looked at
_SENTENCE_ENDS = "。！？!?\n"
_CLAUSE_ENDS = "，；：、,.;: "
# What begins another thought where somebody dictates without a mark.
_TURNS = re.compile(
    r"但是?|可是|不过|结果|谁知|没想到|哪知|(?<!假如)(?<!假如我)(?<!如果)(?<!如果我)(?<!要是)(?<!万一)现在|正在|刚刚|刚才|救命|快来|来人|出事|目前|眼下|这会儿?|真的是?(?=[着起失])"
)
_NOW = re.compile(
    r"现在|正在|刚刚|刚才|刚(?=[着起摔掉被撞晕倒])|又(?!说|要求)|快来|快点来|快叫|快打|快救|救命|赶紧来|赶快来|马上来|还在|到现在(?=还|都|没|也|一直|仍)|这会|"
    r"今天|今早|今晚|越来越|来人|目前|此刻|[爬站]?[起出]不来|起唔到|动不了|出唔[到嚟]|没反应|叫不醒|救护车|[打叫]1[12][09]"
)
# 没有着火, 未发生火灾, 无人受伤; but 没有人管 着火了 and 有没有人 are live.
_CALLS = re.compile(r"救命|快来|快点来|快叫|快打|快救|赶紧来|赶快来|来人|救护车|[打叫]1[12][09]")
_NOT = re.compile(
    r"(?:(?<!有)没有?|(?<![他它她])并?未|并无|并没有?|(?<![是可])不会|(?<!是)不是|并非|(?<![有毫])无|冇|唔系|不像是?|不存在|不至于|幸好没有?|不算)"
    r"(?:看到|看见|见到|闻到|发现|听说|发生|出现|造成|再|啥|什么|任何|漏|泄|过|人员?|被|有|大|的|要|想|真)*$"
)
# 防止触电, 严禁跳河, 小心落水: advice, signs and wishes.
_PREVENTS = re.compile(
    r"防止|预防|避免|以免|免得|省得|防范|谨防|严防|警惕|严禁|禁止|请勿|切勿|杜绝|远离|(?<!消)防$|(?<!消)防(?=[溺触着火电跳走坠摔])|反家|拒绝"
)
_ADVICE = re.compile(
    r"(?:当心|小心|注意|不要|不准|不许|别再?|莫|应对|治疗?)(?:发生|出现|再|人员?|被|小孩子?|老人|孩子|任何|他人|[其它的]){0,3}$"
)
_SUPPOSED = re.compile(
    r"万一|(?<!是)真$|不然|否则|搞不好|弄不好|到时候|保不准|保不齐|担保|如果|要是|假如|假设|倘若|若是|若有|若发生|一旦|哪天(?!起)|哪怕|就算|除非|比如说?|例如|譬如|好比|想象|想像|设想|等到|要等|非要等?|难道要?|以为|看成|当成|真要|有日|有朝一日|惊.{0,4}(?=火|跌|有)|遇到?.{0,8}(?:怎么|该|应|如何)"
)
_FEARED = re.compile(
    r"(?<!好害)(?<!很害)(?<!太害)(?<!真害)怕$|(?<![好很真太害吓])怕(?![死得了啊呀人极是])|(?<![好很真太吓])害怕(?![死得了啊呀极])|生怕|就怕|恐(?![怖慌])|等着$|担心(?!死)|担忧|(?:可能|恐怕|随时|很?容易|极易|极有可能)会?"
    r"(?:导致|引起|引发|造成|让|使|把|给|发生|产生|有)|(?:会不会|有没有可能|怕是会|不小心就|动不动就?|稍不注意就?|容易|极易|(?<![会开])易(?=[燃爆发着]))"
    r"|可能会|有可能会?(?!是)|说不定(?:哪|会|就)|难免|早晚|迟早|差点儿?(?!没)|差一点|险些|差啲|差滴"
)
_WILL = re.compile(
    r"(?<![委协社议大机晚工商一开等庙学年])会(?:再|要|发生|把|让|有人|被|出现|不会|人|小孩|老人|很)*$"
)
_LEADS = re.compile(r"导致|引起|引发|造成|酿成|诱发|以致")
_HABIT = re.compile(
    r"经常|每天|天天|长期|整天|老是|总是|每次|每年|每逢|常常|常年|时常|时不时|动不动|多次|好几次|好多次|频繁|频发|三天两头|动辄"
)
_LONG_PAST = re.compile(
    r"去年|前年|大前年|旧年|往年|早年|当年|多年前|[\d一二两三四五六七八九十几]{1,7}年前|曾经?(?!经理)|以前|从前|之前|小时候|年轻时?候?|[上那]一?[次回]|前段时间|前阵子?|前一阵|前些|"
    r"上个?月|上个?星期|上周|几个?月前|半年前|历史上?|发生过|出过|有过|老早|当时|那时候?|那会儿|那天|那年|20\d\d年|\d{1,2}月\d{1,2}[日号]"
)
_PAST = re.compile(
    r"(?<!从)(?<!打)(?<!自)(?:昨[天晚夜日儿]|前[天晚]|前几[天日]|几天前|前两天|前不久|周[一二三四五六日])(?!.{0,5}(?:开始|起就|就|到现在|一直|至今))"
)
_TOLD = re.compile(
    r"(?<!不是)(?<!不像)(?<!并非)(?:测试|考考|试一下|翻译|演练|演习|培训|讲座|宣传|科普|知识|课堂|课程|上课|教育|逃生课|电影(?!院)|电视(?!机)|连续剧|剧情|剧组|拍戏|拍摄|小说|故事|游戏|动画|"
    r"梦见|梦到|做梦|做了?[个一场]*梦|梦里|噩梦|恶梦|标语|警示牌|提示牌|警示标|牌子|标牌|横幅|海报|展板|展览|歌词|模拟|假装|假设|体验馆|口号|作文|试题|考试题|题目|教案|预案|方案|条例|规定|法律|保险|理赔|赔偿|应急处置|"
    r"监控室|补贴|历史|台词|段子|成语|谜语|绘本|公益)"
)
_HEARSAY = re.compile(
    r"新闻|报道|听说|听讲|据说|感谢|表扬|谢谢|点赞|锦旗|见义勇为|事迹|朋友圈|抖音|快手|短视频|视频|网上|群里|传言|谣言|看到说|外地|别的城市|人家小区"
)
# What makes the word part of another one: 着火演练, 触电危险的牌子, 火灾保险.
_PART_OF = re.compile(
    r".{0,4}(?:预案|演练|演习|培训|讲座|宣传|教育|知识|科普|体验)|(?:的)?(?:隐患|风险|可能性?(?!会)|预案|演练|演习|知识|教育|宣传|培训|讲座|课|报警器(?!.{0,6}[响叫])|报警装置|探测器|传感器|保险|事故多发|多发|原因|视频|新闻|电影|故事|小说|"
    r"后果|概率|几率|责任|赔偿|补偿|理赔|补助|补贴|损失|证明|认定|警示|标志|标识|提示|牌|险|演示|体验|逃生|自救方法|急救方法|处置流程|处理流程|案例|案件统计|率|史|新规|应急(?!车)|预警(?!响)|事件(?:后|发生后)|事故(?:通报|案例|教训|率|分析))"
    r"|过(?![来去敏程道马])(?!.{0,3}还在)|(?:了|后|时|的时候)?(?:应该|应当|该|要)(?:怎么|如何|怎样|往哪|注意|做什么)(?!办)|(?:了|后)?(?:怎么|如何)(?:预防|防范|急救|自救|逃生|逃|赔|处罚|定责|报销|认定|理赔)|(?:了|是)?(?:谁|哪个部门)(?:来)?(?:负责|赔)"
    r"|危险的?(?:牌|标)|点(?![了着燃])|了?(?:能|可以)?(?:赔|报销)|(?:怎么|多少)(?:罚|处罚)|的危害|的危险性?|了?(?:一样|似的|一般)|的(?:传单|海报|启事|通知)|用英语|怎么说|什么意思|怎么写|怎么读|的意思|了?的那|那回事|那件事|那天(?!.{0,8}还在)"
)
_ENDED = re.compile(
    r"(?<![没不未还])(?:(?:已经?|都|给|全部?|现在)(?:被|给|都|人)*(?:扑灭|浇灭|断电|盖好|接回|清掉|拆掉|撤走|灭[了掉]|修好|处理(?:好|完|了)|解决|送医|送到?医院|去医院|出院|抢救过来|没事|救[出上起]来|救[出上]|脱险|恢复|补[上好]|关阀|找到|平安|抓[走住到]|带走|盖[上好])"
    r"|扑灭了|火灭了|灭掉了|虚惊|没事了|修好了|找到了|找回来了|接回去了|接回来了|接走了|(?<!没)(?<!没有)(?<!不)回家了|补上了|没有了|误会|误报|不用管|不用来|看错|搞错|没火|是好的|处理好了|(?:醒|缓)过来了|散了(?!架))"
)
_NOT_OVER = re.compile(
    r"但|可是|还[在有是没]|又|复燃|没[有]?(?:扑灭|灭|修好|处理|找到|解决|救)|不了|不掉|请?快|救命|没人"
)
_ASKS_RULES = re.compile(
    r"有奖|奖励|医保|社保|工伤|报销|补助|补贴|理赔|赔偿|赔多少|手续|材料|怎么申请|能申请|能不能申请|认定|鉴定|办理|重建|找谁赔|谁赔|谁负责|谁来负责|谁的责任|"
    r"起诉|官司|法律|法规|规定|标准|条例|补办|怎么算"
)
# Who says so of the whole message: a question for its own sake, a joke, a report that is taken back.
_JOKES = re.compile(
    r"(?:就是|只是|就想|只想|随便)问问|(?<!不是)(?<!不是在)(?<!没)(?<!没有)(?<!不)开个?玩笑|撤了吧|你们?会?回(?:啥|什么)|是不是谣言|是谣言吗|撤回吧|当我没说|\[偷笑\]"
)
_TELLS_PAST = re.compile(
    r"是(?:上|去|前|大前|昨|[一二三四五六七八九十\d]+月).{0,6}的|过去.{1,4}[年月天]了|(?:都?是|还是)(?:去年|前年|上次|以前|上个?月|昨天|前几天|很久以前|好几年前)"
)


def is_happening(text: str, start: int, last: int, *, lasting: bool = False, threat: bool = False) -> bool:
    """Tell whether the word at ``start`` is meant as happening, by what stands before ``last``.

    ``last`` is where its last part begins, which is ``start`` for a word of one part. ``lasting``: what was so
    yesterday is so until somebody puts it right. ``threat``: an if makes it no less dangerous.
    """
    thought = text[thought_start(text, start) : last]
    clause = re.split(f"[{_CLAUSE_ENDS}]", thought)[-1]
    sentence = _sentence_around(text, start, last)
    now = bool(_NOW.search(sentence))
    first = text[thought_start(text, start) : start]
    if (
        any(ends.search(part) for part in (first, thought) for ends in (_NOT, _WILL))
        or _TOLD.search(thought)
        or (_HEARSAY.search(thought) and not now)
    ):
        return False
    if _is_imagined(thought, clause, now=now, threat=threat) or _JOKES.search(text):
        return False
    if _LONG_PAST.search(thought) and not (now if lasting else _NOW.search(sentence.replace("到现在", ""))):
        return False
    return lasting or now or not (_PAST.search(thought) or _HABIT.search(thought))


def is_other_thing(text: str, end: int) -> bool:
    """Tell whether what follows makes the word part of another thing, puts it into the past, or asks for rules."""
    if _PART_OF.match(text, end) or _TELLS_PAST.search(text, end, end + 12):
        return True
    return bool(_ASKS_RULES.search(text, end, end + 20)) and not _CALLS.search(text)


def is_over(text: str, end: int) -> bool:
    """Tell whether the danger is said to have ended: 已经扑灭, and not 扑灭了又烧起来."""
    rest = text[end : end + FAR]
    ended = _ENDED.search(rest)
    return bool(ended) and not _NOT_OVER.search(rest)


def thought_start(text: str, start: int) -> int:
    """Return where the thought begins in which the word at ``start`` stands."""
    first = max(0, start - FAR)
    begins = max(first, *(text.rfind(end, first, start) + 1 for end in _SENTENCE_ENDS))
    turns = [turn.end() for turn in _TURNS.finditer(text, begins, start)]
    return turns[-1] if turns else begins


def _is_imagined(thought: str, clause: str, *, now: bool, threat: bool) -> bool:
    """Tell whether the word is only supposed, feared, warned of or what something may lead to."""
    near = clause[-14:]
    if (not threat and _SUPPOSED.search(thought[-40:])) or _ADVICE.search(clause) or _PREVENTS.search(near):
        return True
    return bool(_FEARED.search(near)) or (bool(_LEADS.search(near)) and not now)


def _sentence_around(text: str, start: int, last: int) -> str:
    first = max(0, start - FAR)
    begins = max(first, *(text.rfind(end, first, start) + 1 for end in _SENTENCE_ENDS))
    stops = [stop for end in _SENTENCE_ENDS if (stop := text.find(end, last, last + SOON)) >= 0]
    return text[begins : min(stops, default=last + SOON)]
