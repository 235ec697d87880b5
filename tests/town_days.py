"""A town's days by the simulator's clock: citizens report, officers work by shift, the desk decides, patrols look.

Everybody acts on what stands on their own phone and on nothing else. Used by benchmarks/day.py and test_day.py.
"""

import heapq
import random
import re
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count

from stage import Stage, photo

from models.city.duty import on_duty
from models.clock import local
from models.lifecycle import Role
from models.people import Appointment, add_staff

TICK = timedelta(minutes=5)
BY_HOUR = (
    1,
    1,
    1,
    1,
    1,
    2,
    4,
    8,
    12,
    14,
    12,
    10,
    8,
    8,
    10,
    11,
    11,
    12,
    12,
    10,
    8,
    6,
    3,
    2,
)  # reports, from 0:00
WORDS = (  # invented; each is of a type that the town handles
    *("路口的井盖破了，车一过就响", "路灯不亮，晚上看不清", "垃圾桶满了没人收，臭得很", "人行道上停满了汽车"),
    *("水果摊摆到路中间了", "饭店把桌子摆到人行道上", "共享单车倒了一地，堵着盲道", "地砖碎了，老人容易绊倒"),
    *("下水道堵了，污水漫上来", "行道树的树枝断了挂着", "电线杆上贴满小广告", "工地晚上还在施工，吵得睡不着"),
    *("烧烤摊油烟呛人", "渣土车漏了一路的泥", "小区门口有没拴绳的狗", "公厕的门坏了关不上"),
)
REASONS = ("不归我们管", "现场没有找到", "要别的单位一起")
UNHAPPY = ("还是老样子", "只弄了一半", "第二天又坏了")
NUMBER = re.compile(r"\d{10}")
PICTURE = photo()
Deed = Callable[[], Awaitable[None]]


@dataclass
class Player:
    """One phone with somebody behind it, and how far they have read."""

    phone: object
    role: str
    code: str = ""  # of the roster
    read: int = 0
    done: set = field(default_factory=set)  # what was answered already: (what, number)


class Day:
    """The town at work between two moments."""

    def __init__(self, stage: Stage, *, seed: int, until: datetime) -> None:
        self.stage, self.chance, self.until = stage, random.Random(seed), until
        self.players: list[Player] = []
        self.plans: list[tuple[datetime, int, Deed]] = []
        self.order = count()
        self.counts = Counter()
        self.silent: list[str] = []  # messages that had no answer

    async def staff(self, officers: int) -> None:
        """Let the city's own staff bind their phones by their roster, the desk and two patrols first."""
        town = self.stage.town.city
        listed = [one for one in town.staff.values() if one.role is Role.OFFICER]
        for number, one in enumerate(self._spread(listed)[:officers]):
            await self._bind(f"队员{number}", "officer", one.unit, code=one.code)
        for number in range(officers - len(listed)):  # more than the roster has: by unit, without a shift
            await self._bind(f"协管{number}", "officer", listed[number % len(listed)].unit)
        for name in ("周姐", "老沈"):
            await self._bind(name, "dispatcher", "zhihui")
        for name in ("老吴", "小郑"):
            await self._bind(name, "patrol", "zhihui")
        await self._bind("管理员", "admin", "zhihui")

    def report(self, reports: int) -> None:
        """Plan so many reports, more of them by day."""
        start, hours = self.stage.clock.now(), int((self.until - self.stage.clock.now()) / timedelta(hours=1))
        weights = [BY_HOUR[local(start + timedelta(hours=hour)).hour] for hour in range(hours)]
        for number in range(reports):
            hour = self.chance.choices(range(hours), weights)[0]
            at = start + timedelta(hours=hour, minutes=self.chance.uniform(0, 59))
            self.plan(at, lambda number=number: self._report(number))

    async def play(self) -> None:
        """Let the time pass: every deed at its moment, jobs and reading phones in between."""
        clock = self.stage.clock
        while clock.now() < self.until:
            then = min(clock.now() + TICK, self.until)
            while self.plans and self.plans[0][0] <= then:
                at, _, deed = heapq.heappop(self.plans)
                clock.advance(max(0.0, (at - clock.now()).total_seconds()))
                await deed()
            clock.advance((then - clock.now()).total_seconds())
            await self.stage.run_jobs(1)
            for player in self.players:
                await self._look(player)
        await self.stage.run_jobs()

    def plan(self, at: datetime, deed: Deed) -> None:
        """Do something at a moment."""
        heapq.heappush(self.plans, (at, next(self.order), deed))

    def soon(self, least: float, most: float, deed: Deed) -> None:
        """Do something in so many minutes."""
        self.plan(self.stage.clock.now() + timedelta(minutes=self.chance.uniform(least, most)), deed)

    async def say(self, player: Player, words: str) -> str:
        """Send a text; note whether it was answered."""
        return self._heard(words, await player.phone.say(words))

    async def send(self, player: Player) -> str:
        """Send a photo."""
        return self._heard("(photo)", await player.phone.photo(PICTURE))

    def _heard(self, sent: str, answer: object) -> str:
        self.counts["messages"] += 1
        self.counts["answers"] += answer.outcome == "reply"
        if answer.outcome != "reply":
            self.silent.append(sent)
        return answer.text

    async def _bind(self, name: str, role: str, unit: str, code: str = "") -> None:
        phone = self.stage.simulator.phone(name, role="officer")
        await phone.follow()
        made = Appointment(name=name, role=role, unit=unit, staff_code=code, made_at=self.stage.clock.now())
        await add_staff(made)
        await phone.say(f"绑定 {made.code}")
        self.players.append(Player(phone, role, code, read=len(phone.received)))

    @staticmethod
    def _spread(listed: list) -> list:
        """Return the staff so that each unit's first comes before anybody's second."""
        seen: Counter = Counter()
        ranks = []
        for one in listed:
            ranks.append((seen[one.unit], len(ranks), one))
            seen[one.unit] += 1
        return [one for _, _, one in sorted(ranks, key=lambda rank: rank[:2])]

    async def _report(self, number: int) -> None:
        """One person's report, its pieces in any order."""
        phone = await self.stage.citizen(f"市民{number}")
        player = Player(phone, "citizen", read=len(phone.received))
        self.players.append(player)
        area = self.stage.town.city.centre
        lat, lng = (
            area.lat + self.chance.uniform(-0.006, 0.006),
            area.lng + self.chance.uniform(-0.006, 0.006),
        )
        words = self.chance.choice(WORDS)

        async def place() -> str:
            return self._heard("(place)", await phone.locate(lat, lng, f"门牌{number}号"))

        pieces = [lambda: self.say(player, words), place]
        if self.chance.random() < 0.8:
            pieces.append(lambda: self.send(player))
        self.chance.shuffle(pieces)
        for piece in pieces:
            said = await piece()
        self.counts["begun"] += 1
        for answer in (
            "提交",
            "1",
            "1",
            "提交",
            "1",
        ):  # where the type is not sure the first one offered is taken
            if "案件编号" in said or "加进案件" in said or "已立案" in said:
                break
            said = await self.say(player, answer)
        self.counts["opened"] += "案件编号" in said or "已立案" in said
        self.counts["joined"] += "加进案件" in said
        if not any(sign in said for sign in ("案件编号", "加进案件", "已立案")):
            self.counts["not taken"] += 1
            self.silent.append(f"{words} -> {said}")
        if self.chance.random() < 0.04:
            self.soon(5, 30, lambda: self._take_back(player))
        elif self.chance.random() < 0.1:
            self.soon(60, 300, lambda: self.say(player, "催办"))

    async def _take_back(self, player: Player) -> None:
        if "确定吗" in await self.say(player, "撤回"):
            await self.say(player, "确定")

    async def _look(self, player: Player) -> None:
        """Read what is new on the phone, if its owner is awake, and mean to act on it."""
        if player.role == "officer" and not self._is_awake(player):
            return
        fresh, player.read = player.phone.received[player.read :], len(player.phone.received)
        for bubble in fresh:
            number = NUMBER.search(bubble.text or "")
            if not number:
                continue
            if (
                bubble.kind == "template"
            ):  # it says that something waits: they ask for the case, and act on its card
                self._open_soon(player, number.group())
            else:
                ACTS[player.role](self, player, bubble.text, number.group())

    def _open_soon(self, player: Player, number: str) -> None:
        self.soon(1, 10, lambda: self._open(player, number))

    async def _open(self, player: Player, number: str) -> None:
        """Read the card of a case, and do what its state asks for."""
        if player.role == "patrol":
            self._patrol_acts(player, "说已处理", number)
            return
        said = await self.say(player, number)
        player.read = len(player.phone.received)
        for state, sign in CARDS.get(player.role, ()):
            if f"现在：{state}" in said:
                ACTS[player.role](self, player, sign, number)

    def _is_awake(self, player: Player) -> bool:
        now = self.stage.clock.now()
        if 7 <= local(now).hour < 21:
            return True
        city = self.stage.town.city
        return any(
            one.code == player.code for unit in city.units.values() for one in on_duty(city, unit, now)
        )

    def _once(self, player: Player, what: str, number: str) -> bool:
        fresh = (what, number) not in player.done
        player.done.add((what, number))
        return fresh

    def _officer_acts(self, player: Player, text: str, number: str) -> None:
        if any(sign in text for sign in ("新案件", "转给您了", "还没人接")):
            if self.chance.random() < 0.05 and self._once(player, "return", number):
                reason = self.chance.choice(REASONS)
                self.soon(2, 20, lambda: self.say(player, f"退回 {number} {reason}"))
            elif self.chance.random() < 0.95:
                self.soon(1, 20, lambda: self._take(player, number))
        elif any(sign in text for sign in ("核查没通过", "上报人不满意")):
            self.soon(20, 90, lambda: self._hand_back(player, number))
        elif "快到期" in text and self.chance.random() < 0.3 and self._once(player, "延期", number):
            self.soon(1, 5, lambda: self.say(player, f"延期 {number} 等材料"))
        elif any(sign in text for sign in ("快到期", "已超时", "被催办")):
            self.soon(5, 30, lambda: self._hand_back(player, number))
        elif "督办单" in text:
            self.soon(5, 60, lambda: self.say(player, f"督办 {number} 马上派人去，今天办完"))

    async def _take(self, player: Player, number: str) -> None:
        if "归您" in await self.say(player, f"接单 {number}"):
            late = 300 if self.chance.random() < 0.06 else 0
            self.soon(15 + late, 100 + late, lambda: self._hand_back(player, number))

    async def _hand_back(self, player: Player, number: str) -> None:
        if "照片" in await self.say(player, f"办结 {number} 到现场处理好了"):
            await self.send(player)

    def _desk_acts(self, player: Player, text: str, number: str) -> None:
        words = next((words for sign, words in DESK_ANSWERS if sign in text), "").format(number=number)
        if words:
            self.soon(1, 12, lambda: self.say(player, words))

    def _patrol_acts(self, player: Player, text: str, number: str) -> None:
        if "说已处理" in text:
            good = self.chance.random() < 0.93
            words = f"核查通过 {number}" if good else f"没处理好 {number} 现场还是那样"
            self.soon(5, 25, lambda: self._check(player, number, words))

    async def _check(self, player: Player, number: str, words: str) -> None:
        tap, label = ("31", "核查通过") if words.startswith("核查") else ("32", "没处理好")
        said = self._heard(label, await player.phone.tap(tap + number, label))
        if "哪里" in said or "为什么" in said or "什么" in said:
            await self.say(player, "现场还是那样")

    def _citizen_acts(self, player: Player, text: str, number: str) -> None:
        if "您满意吗" in text and self._once(player, "verdict", number + text[-30:]):
            mood = self.chance.random()
            if mood < 0.6:
                self.soon(5, 600, lambda: self.say(player, f"满意 {number}" if mood < 0.1 else "满意"))
            elif mood < 0.72:
                self.soon(5, 600, lambda: self.say(player, f"不满意 {number} {self.chance.choice(UNHAPPY)}"))
        elif "想问您" in text and self._once(player, "reply", number):
            self.soon(5, 100, lambda: self.say(player, "在店门口左边"))


DESK_ANSWERS = (
    ("需要您派人", "派 {number}"),
    ("等着派人", "派 {number}"),
    ("被退回", "派 {number}"),
    ("没有人在办", "派 {number} 综合指挥"),
    ("说已处理", "核查通过 {number}"),
    ("等核查，已经超过", "核查通过 {number}"),
    ("抽到复核", "核查通过 {number}"),
    ("申请延期", "同意 {number}"),
    ("请您决定", "返工 {number}"),
    ("对方还有疑问", "答 {number} 已经再去看过"),
)
CARDS = {  # what a card's state means to whom, as the words of a message say it
    "officer": (("已派人", "新案件"), ("处理中", "上报人不满意")),
    "dispatcher": (
        *(("已受理", "需要您派人"), ("重新派人", "被退回"), ("已处理，待核查", "说已处理")),
        *(("核查通过，待复核", "抽到复核"), ("不满意", "请您决定")),
    ),
}
ACTS = {
    "officer": Day._officer_acts,
    "dispatcher": Day._desk_acts,
    "admin": Day._desk_acts,
    "patrol": Day._patrol_acts,
    "citizen": Day._citizen_acts,
}
