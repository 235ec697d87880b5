"""One way of writing for what people type: half-width, lower-case, simplified, every character where it was."""

from opencc import OpenCC

_HAN = range(0x3400, 0xA000)
_WIDE = range(0xFF01, 0xFF5F)  # full-width forms stand in the order of ASCII


def _simplified() -> dict[int, str]:
    """Return traditional characters with their simplified form, as OpenCC knows them one by one."""
    letters = [chr(code) for code in _HAN]
    told = OpenCC("t2s").convert("\n".join(letters)).split("\n")
    pairs = zip(letters, told, strict=True)
    return {ord(letter): form for letter, form in pairs if form != letter and len(form) == 1}


HALF_WIDTH: dict[int, str] = {**{wide: chr(wide - 0xFEE0) for wide in _WIDE}, 0x3000: " "}
SIMPLIFIED = _simplified()
ONE_WAY: dict[int, str] = {
    **{code: letter.lower() for code, letter in HALF_WIDTH.items()},
    **{ord(upper): upper.lower() for upper in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"},
    **SIMPLIFIED,
}
