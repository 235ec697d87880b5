"""The demo's own folder: marked as such, so that nothing else is ever removed; cases and chats begin anew together."""

import pickle
import shutil
from pathlib import Path
from typing import Any

from models.errors import Refusal

FOLDER = Path("data") / "demo"
MARK = "DEMO.txt"
MARKED = "这是共治演示的数据，人和事都是编的；./gongzhi demo --fresh 会清空这个文件夹。\n"
CHATS = "phones.pickle"
FOREIGN = "{folder} 里有别的东西，不是演示留下的，没有动它。请先把它移走，再启动演示。"
OURS = ("people", "tags", "qr_codes", "menu")  # of the platform's memory


def open_folder(folder: Path, *, fresh: bool) -> bool:
    """Make the folder ready; tell whether an earlier run goes on. Raises Refusal for a folder that is not the demo's.

    Without the chats of the earlier run (the machine went down) its cases would have no phones: both begin anew.
    """
    is_ours = (folder / MARK).is_file()
    if folder.is_symlink() or (
        folder.exists() and not is_ours and (not folder.is_dir() or any(folder.iterdir()))
    ):
        raise Refusal(FOREIGN.format(folder=folder))
    goes_on = is_ours and not fresh and (folder / CHATS).is_file()
    if is_ours and not goes_on:
        shutil.rmtree(folder)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    (folder / MARK).write_text(MARKED, encoding="utf-8")
    return goes_on


def keep_chats(folder: Path, platform: Any) -> None:
    """Write what stands on the phones, how far the clock was moved, and who there is: whole or not at all."""
    kept = {name: getattr(platform, name) for name in OURS}
    kept |= {"names": platform._names, "media": platform.media.items}
    kept |= {"seq": platform.changes.seq, "ahead": platform.clock.ahead}
    part = folder / f"{CHATS}.part"
    part.write_bytes(pickle.dumps(kept))
    part.replace(folder / CHATS)


def recall_chats(folder: Path, platform: Any) -> None:
    """Put back what ``keep_chats`` wrote."""
    kept = pickle.loads((folder / CHATS).read_bytes())  # noqa: S301 - our own file in our own folder
    for name in OURS:
        setattr(platform, name, kept[name])
    platform._names = kept["names"]
    platform.media.items.update(kept["media"])
    platform.changes.seq = kept["seq"]
    platform.clock.advance(kept["ahead"])
