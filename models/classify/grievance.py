"""Hears grievances about us: who complains of the town's own people always reaches a person, never a form."""

import re
import unicodedata

# Whom one can complain of; 你们小区 and 你们楼下的店 are the place or the neighbour, not us.
_PLACE = (
    r"(?!的?(?:这|那)?(?:小区|社区|村|楼|店|家|隔壁|对面|旁边|附近|门口|门前|路|街|镇上|市场|菜场|饭店|公司|学校|物业|工地|"
    r"边上|这边|那边|上面|下面))"
)
_US = (
    rf"(?:(?:你|您)们{_PLACE}|你们?(?=态度|服务)|贵(?:局|单位|中队|所|部门)|"
    r"(?:综合|行政)*执法(?:局|大?队|中队|人员|队员|的)|"
    r"城管(?:执法|综合)?(?:局|大?队|中队|办|中心|部门|人员|队员|协管员?|工作人员)?|"
    r"协管(?:员|人员)?|(?:执法|城管)?队员|工作人员|处理人员|办事(?:员|人员)|客服|接线员|派遣员|网格员|巡查员|"
    r"(?:这个|你这)?(?:平台|公众号|服务号|机器人))"
)
_ACCUSES = r"(?:投诉|举报|控告|检举|告发|曝光|起诉|差评)"
_EXPLICIT = re.compile(
    rf"{_ACCUSES}(?:一下|一?个|下|了|的(?:就)?是|就是)?{_US}|(?:要|想|去|来|得|把){{1,2}}(?:告|曝光){_US}|把{_US}.{{0,4}}{_ACCUSES}|"
    rf"(?:向|找)(?:上级|纪委|市里|区里|12345|媒体|电视台).{{0,4}}{_ACCUSES}{_US}?|"
    r"(?:找|叫|让|喊|请|见)(?:一下|个|下)?(?:你们|您们)?的?(?:单位|局|中队)?的?(?:大?领导|负责人|局长|队长|主任|所长|管事的|上级|上司)|"
    rf"对{_US}.{{0,8}}(?:不满|失望|有意见|意见很大|要投诉)"
)
_MISDEED = (
    r"态度|骂人|骂我|打人|打我|推人|推我|动手|暴力|野蛮|粗暴|凶|不作为|乱作为|乱罚|乱收|乱开|不管事|吃拿卡要|收黑钱|收了?钱|受贿|"
    r"包庇|保护伞|推诿|推来推去|互相推|踢皮球|敷衍|糊弄|没素质|素质|欺负|刁难|吓唬|威胁|勒索|不讲理|不讲道理|办事不力|效率|摆架子|"
    r"爱理不理|懒政|渎职|徇私|偏袒|偏心|双标|选择性|没收我|砸我|抢我|不文明|没人性|官僚|冷漠|太差|很差|真差"
)
_IMPLIED = re.compile(
    rf"{_US}(?:的)?(?:人|服务|工作|执法|办事|说话|处理)?.{{0,4}}(?:{_MISDEED})|"
    r"^(?:这|你|服务|什么|就这)?(?:服务)?态度(?:太|真|很|这么|极其|恶劣|不好|差|有问题)"
)
LONGEST = 60  # characters: a longer story tells of something that happened somewhere
_NOT_SAID = re.compile(r"\W|_")


def accuses_us(text: str) -> bool:
    """Tell whether the words say outright that they complain of us, or want our superior."""
    return _EXPLICIT.search(_plain(text)) is not None


def blames_us(text: str) -> bool:
    """Tell whether the words are about how our people behave."""
    plain = _plain(text)
    return accuses_us(text) or (len(plain) <= LONGEST and _IMPLIED.search(plain) is not None)


def _plain(text: str) -> str:
    return _NOT_SAID.sub("", unicodedata.normalize("NFKC", text))
