"""Reads numbers as people write them: 88, 八十八, 一百五, 二三十, 2百, 半."""

DIGITS = {word: value for value, word in enumerate("零一二三四五六七八九")} | {
    "〇": 0,
    "两": 2,
    "几": 5,
    "半": 0.5,
}
UNITS = {"十": 10, "百": 100, "千": 1000}
NUMERAL = "[〇零一二两三四五六七八九十百千]"
ROUGH_NUMERAL = "[〇零一二两三四五六七八九十百千几半]"


def number_of(words: str, *, rough: bool = False) -> float:
    """Return the number; ``rough``: digits side by side are a guess (三五米: 4), else a row (八八号: 88)."""
    figures = words.rstrip("".join(UNITS))
    if figures and figures[0].isascii():
        return float(figures) * _product(words[len(figures) :])
    if not rough and not UNITS.keys() & set(words):
        return float("".join(str(DIGITS[word]) for word in words))
    whole, run, tail = 0.0, list[float](), 1.0  # the tail is what a last digit counts: 一百五 is 150
    for word in words:
        if word in UNITS:
            whole, run, tail = whole + _mean(run, 1) * UNITS[word], [], UNITS[word] / 10
        elif word in "零〇":
            tail = 1  # 一百零五 is 105
        else:
            run.append(DIGITS[word])
    return whole + _mean(run, 0) * tail


def _mean(run: list[float], none: float) -> float:
    return sum(run) / len(run) if run else none


def _product(units: str) -> float:
    product = 1.0
    for unit in units:
        product *= UNITS[unit]
    return product
