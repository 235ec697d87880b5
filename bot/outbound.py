"""Puts a Reply into WeChat's XML, to be sealed and sent as the answer to one push: 回复.

wechatpy's reply classes are not used: they let ``]]>`` in a person's words close the CDATA.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from urllib.parse import quote

from bot.inbound import legal
from handlers.kit.incoming import Incoming
from handlers.kit.reply import Article, Choice, Reply, Silence, Text
from models.links import without_markup

MAX_TEXT = 2048  # bytes of UTF-8; beyond it WeChat shows nothing at all
CUT = "…"
Shown = Callable[[str], str]
LINK_START, LINK_END = "<a ", "</a>"
_JOINERS = "\u200d\ufe0f"  # an emoji cut in two must not leave its joint behind


def render(reply: Reply, incoming: Incoming, now: datetime, *, shown: Shown = str) -> str:
    """Return the XML of the passive reply to ``incoming``, or '' when there is nothing to say.

    ``shown`` takes out of a text whatever is no link of ours (Links.only_ours).
    """
    if isinstance(reply, Silence):
        return ""
    if isinstance(reply, Article):
        return _envelope(incoming, now, "news", _news(reply))
    content = text_with_choices(reply, shown=shown)
    return _envelope(incoming, now, "text", f"<Content>{cdata(content)}</Content>") if content else ""


def text_with_choices(reply: Text, *, shown: Shown = str) -> str:
    """Return the words and the choices below them, one a line, in at most 2048 bytes.

    Choices are links to tap and carry the number to answer with. Where links leave no room for the words
    they become plain numbered lines; only then the words are cut.
    """
    words = shown(legal(reply.text).strip())
    for lines in (_links(reply.choices), _numbers(reply.choices)):
        whole = "\n".join(filter(None, (words, *lines)))
        if _size(whole) <= MAX_TEXT:
            return whole
    tail = "\n".join(_numbers(reply.choices))
    room = MAX_TEXT - _size(tail) - 1
    return shorten(whole, MAX_TEXT) if room < _size(CUT) or not tail else f"{shorten(words, room)}\n{tail}"


def shorten(text: str, limit: int) -> str:
    """Return ``text`` in at most ``limit`` bytes, cut between characters, never inside a link, with '…'."""
    if _size(text) <= limit:
        return text
    piece = text.encode()[: max(limit - _size(CUT), 0)].decode("utf-8", "ignore")
    start = text.rfind(LINK_START, 0, len(piece) + len(LINK_START) - 1)
    end = text.find(LINK_END, start) + len(LINK_END) if start >= 0 else -1
    if end > len(piece):
        piece = text[:start]
    return piece.rstrip().rstrip(_JOINERS) + CUT


def label_of(words: str) -> str:
    """Return the words of a choice as they stand on a button: one line, no markup."""
    return without_markup(" ".join(legal(words).split()))


def cdata(text: str) -> str:
    """Return ``text`` as CDATA that nothing inside it can close, without characters that XML forbids."""
    return f"<![CDATA[{legal(text).replace(']]>', ']]]]><![CDATA[>')}]]>"


def _envelope(incoming: Incoming, now: datetime, kind: str, inner: str) -> str:
    return (
        f"<xml><ToUserName>{cdata(incoming.openid)}</ToUserName>"
        f"<FromUserName>{cdata(incoming.account)}</FromUserName>"
        f"<CreateTime>{int(now.timestamp())}</CreateTime>"
        f"<MsgType>{cdata(kind)}</MsgType>{inner}</xml>"
    )


def _news(article: Article) -> str:
    return (
        "<ArticleCount>1</ArticleCount><Articles><item>"
        f"<Title>{cdata(article.title)}</Title><Description>{cdata(article.description)}</Description>"
        f"<PicUrl>{cdata(article.picture_url)}</PicUrl><Url>{cdata(article.url)}</Url>"
        "</item></Articles>"
    )


def _links(choices: Iterable[Choice]) -> list[str]:
    # The label travels as the words that the tap sends: test accounts return no menu id, only those words.
    return [
        f'<a href="weixin://bizmsgmenu?msgmenucontent={quote(_label(one), safe="")}'
        f'&msgmenuid={quote(one.id, safe="")}">{line}</a>'
        for one, line in zip(choices, _numbers(choices), strict=True)
    ]


def _numbers(choices: Iterable[Choice]) -> list[str]:
    return [f"{number} {_label(one)}" for number, one in enumerate(choices, start=1)]


def _label(choice: Choice) -> str:
    # WeChat's own way with entities in link text is not known, so markup becomes its full-width likeness.
    return label_of(choice.label)


def _size(text: str) -> int:
    return len(text.encode())
