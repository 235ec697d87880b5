"""A small town's morning and evening, played: whatever people do, it adds up."""

from datetime import UTC, datetime, timedelta

from day_report import write_report
from stage import Stage
from town_days import Day

MORNING = datetime(2026, 9, 30, 0, 0, tzinfo=UTC)  # 8:00, the working day before a holiday


async def test_a_day_adds_up(stage_town, database_url, tmp_path):
    async with Stage(stage_town, database_url, tmp_path, start=MORNING) as stage:
        day = Day(stage, seed=4, until=MORNING + timedelta(hours=12))
        await day.staff(8)
        day.report(20)
        await day.play()
        report = await write_report(day)
        assert [name for name, holds in report.checks.items() if not holds] == [], report.lines
        assert day.counts["opened"] > 10
