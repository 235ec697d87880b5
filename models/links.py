"""Signed links that open a page from the chat without signing in."""

import hmac
import re
from datetime import datetime, timedelta
from hashlib import sha256

from itsdangerous import BadSignature, URLSafeSerializer

LINK_LIFE = timedelta(days=60)
CONTRACTOR_LIFE = timedelta(days=14)
OPEN_PAGES = frozenset({"/h5/privacy"})  # to which words of ours link
LINK = re.compile(r'<a href="([^"<>]*)">([^<>]*)</a>')  # as ``named_link`` writes it
SAFE = re.compile(r"[A-Za-z0-9/_.~-]+")


class Links:
    """Makes and reads the links of one installation; the key never leaves it."""

    def __init__(self, base: str, key: bytes) -> None:
        self.base = base.rstrip("/")
        self._marking = sha256(b"mark\0" + key).digest()
        self._signer = URLSafeSerializer(key, salt="case-link")
        self._contractors = URLSafeSerializer(key, salt="contractor-link")

    def mark(self, openid: str) -> str:
        """Return what stands for an openid where it may not be kept: the same for the same one, told by nobody else."""
        return hmac.new(self._marking, openid.encode(), sha256).hexdigest()

    def case(self, case_id: int, person_id: int, *, now: datetime) -> str:
        """Return the address of one case's page, for one person, good for ``LINK_LIFE``."""
        until = int((now + LINK_LIFE).timestamp())
        return f"{self.base}/h5/c/{self._signer.dumps([case_id, person_id, until])}"

    def read_case(self, token: str, *, now: datetime) -> tuple[int, int] | None:
        """Return (case id, person id) of a link that is ours and not too old, else None."""
        try:
            case_id, person_id, until = self._signer.loads(token)
        except (BadSignature, ValueError, TypeError):
            return None
        return (case_id, person_id) if now.timestamp() < until else None

    def case_words(self, case_id: int, person_id: int, *, now: datetime) -> str:
        """Return the words that open one case's page, as chats show links."""
        return named_link(self.case(case_id, person_id, now=now), "看照片和经过")

    def contractor(self, case_id: int, name: str, *, now: datetime) -> str:
        """Return the address at which an outside contractor hands one case back, good for ``CONTRACTOR_LIFE``."""
        until = int((now + CONTRACTOR_LIFE).timestamp())
        return f"{self.base}/h5/w/{self._contractors.dumps([case_id, name, until])}"

    def read_contractor(self, token: str, *, now: datetime) -> tuple[int, str] | None:
        """Return (case id, contractor) of a link that is ours and not too old, else None."""
        try:
            case_id, name, until = self._contractors.loads(token)
        except (BadSignature, ValueError, TypeError):
            return None
        return (case_id, name) if now.timestamp() < until else None

    def only_ours(self, text: str) -> str:
        """Return a text as a chat may show it: links of ours stay, whatever else could be markup becomes mere signs.

        The one place where texts for WeChat are escaped, whoever wrote the words in them and however they got in. A
        link is ours when its address is a page of ours that anybody may open, or carries our signature.
        """
        parts = LINK.split(text)  # words, address, label, words, …
        shown = [without_markup(parts[0])]
        for address, label, words in zip(parts[1::3], parts[2::3], parts[3::3], strict=True):
            link = named_link(address, label)
            shown += [link if self._is_ours(address) else without_markup(link), without_markup(words)]
        return "".join(shown)

    def _is_ours(self, address: str) -> bool:
        path = address.removeprefix(self.base)
        if path == address or not SAFE.fullmatch(path):
            return False
        signers = {"/h5/c/": self._signer, "/h5/w/": self._contractors}
        for prefix, signer in signers.items():
            if path.startswith(prefix):
                return bool(signer.loads_unsafe(path.removeprefix(prefix))[0])
        return path in OPEN_PAGES

    def page(self, path: str) -> str:
        """Return the full address of a public page, e.g. ``/h5/privacy``."""
        return self.base + path


def named_link(address: str, words: str) -> str:
    """Return ``words`` that open ``address`` when tapped in a chat."""
    return f'<a href="{address}">{words}</a>'


def without_markup(text: str) -> str:
    """Return a person's words so that they cannot pass for a link of ours in somebody's chat."""
    return text.replace("<", "＜").replace(">", "＞")
