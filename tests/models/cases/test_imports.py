"""A sheet of another office becomes cases: every good row once, every other row named."""

import csv
from datetime import UTC, datetime
from io import StringIO

import pytest

from bot.__main__ import main
from models.cases import sheet_rows
from models.cases.imports import SAME_NUMBER, import_cases, plan_import, read_reports
from models.cases.queries import list_history
from models.cases.sheets import read_sheet
from models.cases.tables import Case
from models.database import close_database, open_database

NOW = datetime(2026, 7, 6, 1, 0, tzinfo=UTC)
HEAD = "工单编号,问题类别,诉求标题,诉求内容,诉求地点,经度,纬度,坐标系,受理时间,是否紧急"
GOOD = "A1,井盖,,路口的井盖碎了,胡埭路,120.1450,31.5560,,2026-07-06 08:30,"


@pytest.fixture
async def rows(database_url):
    """An open, empty database."""
    database = await open_database(database_url)
    yield database_url
    await close_database(database)


def sheet_of(*lines, head=HEAD):
    return read_sheet("工单.csv", "\n".join((head, *lines)).encode())


def read(town, *lines, head=HEAD):
    return read_reports(sheet_of(*lines, head=head), source="12345", town=town, now=NOW)


def only(town, line, head=HEAD):
    reports, faults = read(town, line, head=head)
    assert faults == []
    return reports[0][1]


def test_good_row_is_a_report_with_the_key_of_its_office(stage_town):
    report = only(stage_town, GOOD)
    assert (report.type, report.source, report.origin) == ("manhole", "12345", "12345:A1")
    assert report.text == "路口的井盖碎了\n(受理时间 2026-07-06 08:30)"
    assert (report.point.lat, report.point.lng) == (31.5560, 120.1450)


@pytest.mark.parametrize(
    ("told", "type_", "small"),
    [
        ("manhole", "manhole", ""),
        ("市容环境/占道经营", "street_vending", ""),
        ("井盖与管线设施", "manhole", ""),
        ("路灯", "street_light", ""),
    ],
)
def test_type_may_be_named_in_many_ways(stage_town, told, type_, small):
    report = only(stage_town, GOOD.replace(",井盖,", f",{told},"))
    assert (report.type, report.small_class or small) == (type_, report.small_class)


def test_without_a_type_the_words_decide_or_a_dispatcher(stage_town):
    assert only(stage_town, "A1,,,小区门口路灯坏了不亮,胡埭路,,,,,").type == "street_light"
    assert only(stage_town, "A1,,,请来看一下,胡埭路,,,,,").type == "other"


def test_point_in_wgs84_is_turned(stage_town):
    here = only(stage_town, GOOD.replace(",,2026", ",WGS-84,2026"))
    assert abs(here.point.lng - 120.1450) > 0.002, "GCJ-02 lies hundreds of metres from WGS-84 here"


@pytest.mark.parametrize(
    ("line", "column", "words"),
    [
        (",井盖,,碎了,胡埭路,,,,,", "工单编号", sheet_rows.NO_NUMBER),
        ("1.5E+17,井盖,,碎了,胡埭路,,,,,", "工单编号", sheet_rows.LOST_DIGITS),
        (f"{'9' * 61},井盖,,碎了,胡埭路,,,,,", "工单编号", sheet_rows.LONG_NUMBER),
        ("A1,井盖,标题,,胡埭路,,,,,", "诉求内容", sheet_rows.NO_TEXT),
        (f"A1,井盖,,{'碎' * 2001},胡埭路,,,,,", "诉求内容", sheet_rows.LONG_TEXT.format(count=2001)),
        (f"A1,井盖,,碎了,{'路' * 201},,,,,", "诉求地点", sheet_rows.LONG_ADDRESS.format(count=201)),
        ("A1,井盖,,碎了,,,,,,", "诉求地点", sheet_rows.NO_PLACE),
        ("A1,井盖,,碎了,,120.145,,,,", "经度", sheet_rows.HALF_POINT),
        ("A1,井盖,,碎了,,东经,北纬,,,", "经度", sheet_rows.NO_POINT),
        ("A1,井盖,,碎了,,nan,31.5,,,", "经度", sheet_rows.NO_POINT),
        ("A1,井盖,,碎了,,31.556,120.145,,,", "经度", sheet_rows.SWAPPED),
        ("A1,井盖,,碎了,,0,0,,,", "经度", sheet_rows.FAR_POINT),
        ("A1,井盖,,碎了,,120.145,31.556,BD-09,,", "坐标系", sheet_rows.NO_SYSTEM.format(told="BD-09")),
        ("A1,井盖,,碎了,,,,,,很", "是否紧急", sheet_rows.NO_URGENCY.format(told="很")),
        ("A1,井盖,,碎了,胡埭路,,,,昨天下午,", "受理时间", sheet_rows.NO_TIME),
        ("A1,井盖,,碎了,胡埭路,,,,2027-01-01,", "受理时间", sheet_rows.WRONG_TIME),
        ("A1,井盖,,碎了,胡埭路,,,,2019-01-01,", "受理时间", sheet_rows.WRONG_TIME),
    ],
)
def test_every_wrong_cell_is_named(stage_town, line, column, words):
    reports, faults = read(stage_town, line)
    assert reports == []
    assert (2, column, words) in [(fault.row, fault.column, fault.words) for fault in faults]


def test_all_that_is_wrong_in_a_row_is_said_at_once(stage_town):
    _, faults = read(stage_town, ",没有这类,,,,0,0,,什么,嗯")
    assert {fault.column for fault in faults} == {
        *("工单编号", "问题类别", "诉求内容", "经度", "受理时间", "是否紧急"),
    }


def test_place_outside_the_town_is_told(stage_town):
    _, faults = read(stage_town, GOOD.replace("120.1450,31.5560", "121.4700,31.2300"))
    assert [fault.words for fault in faults] == [sheet_rows.OUTSIDE.format(town=stage_town.city.name)]


@pytest.mark.parametrize(
    "told",
    [
        *(
            "2026-07-06 08:30",
            "2026/7/6 8:30",
            "2026年7月6日 8时30分",
            "2026年7月6日8点30分",
            "20260706 08:30:00",
        ),
        *("2026-07-06T08:30:00+08:00", "2026-07-06T00:30:00Z", "2026.7.6 08:30", "２０２６-07-06 08：30"),
    ],
)
def test_time_is_read_in_any_usual_form(stage_town, told):
    assert "(受理时间 2026-07-06 08:30)" in only(stage_town, GOOD.replace("2026-07-06 08:30", told)).text


def test_number_twice_in_a_sheet_opens_the_first_only(stage_town):
    reports, faults = read(stage_town, GOOD, GOOD.replace("A1", "Ａ 1"))
    assert [row.number for row, _ in reports] == [2]
    assert [(fault.row, fault.words) for fault in faults] == [(3, SAME_NUMBER.format(row=2))]


async def test_good_rows_are_opened_once_however_often_the_file_is_given(rows, stage_town):
    sheet = sheet_of(GOOD, "A2,,,,胡埭路,,,,,", GOOD.replace("A1", "A3"))
    first = await import_cases(sheet, source="12345", town=stage_town, now=NOW)
    again = await import_cases(sheet, source="12345", town=stage_town, now=NOW)
    assert (len(first.opened), first.known, [fault.row for fault in first.faults]) == (2, [], [3])
    assert (again.opened, sorted(again.known)) == ([], sorted(first.opened))
    case = await Case.get(number=first.opened[0])
    assert (case.source, case.state, case.reporter_id) == ("12345", "dispatched", None)
    history = await list_history(case)
    assert [event.step for event in history][:2] == ["report", "accept"]
    assert history[0].client == sheet_rows.CLIENT


async def test_the_same_number_of_another_office_is_another_case(rows, stage_town):
    for source in ("12345", "12319"):
        assert len((await import_cases(sheet_of(GOOD), source=source, town=stage_town, now=NOW)).opened) == 1
    assert await Case.all().count() == 2


async def test_two_who_import_the_same_open_each_case_once(rows, stage_town, monkeypatch):
    plan = await plan_import(sheet_of(GOOD), source="12345", town=stage_town, now=NOW)
    first = await import_cases(sheet_of(GOOD), source="12345", town=stage_town, now=NOW)

    async def read_before(*_, **__):
        return plan

    monkeypatch.setattr("models.cases.imports.plan_import", read_before)
    second = await import_cases(sheet_of(GOOD), source="12345", town=stage_town, now=NOW)
    assert (second.opened, second.known) == ([], first.opened)
    assert await Case.all().count() == 1


async def test_faults_as_a_sheet_run_no_formula(rows, stage_town):
    head = HEAD.replace("工单编号", "工单编号").replace("诉求标题", "标题")
    done = await import_cases(
        sheet_of(",=1+1,,x,胡埭路,,,,,", head=head), source="12345", town=stage_town, now=NOW
    )
    lines = list(csv.reader(StringIO(done.csv())))
    assert lines[0] == ["行", "列", "怎么改"]
    assert {line[0] for line in lines[1:]} == {"2"}
    assert not any(cell.startswith("=") for line in lines for cell in line)


@pytest.fixture
def commanded(sqlite_url, tmp_path, monkeypatch):
    """Runs ``python -m bot case import`` on lines of a sheet."""
    monkeypatch.setenv("GONGZHI_DATABASE", sqlite_url)
    monkeypatch.setenv("GONGZHI_DATA", str(tmp_path / "data"))
    file = tmp_path / "工单.csv"

    def run(*lines, options=()):
        file.write_text("\n".join((HEAD, *lines)), encoding="gb18030")
        return main(["case", "import", str(file), *options])

    return run


UNDATED = GOOD.replace("2026-07-06 08:30", "")


def test_command_opens_says_how_many_and_names_the_rest(commanded, capsys, tmp_path):
    kept = tmp_path / "要改的.csv"
    assert commanded(UNDATED, "A2,,,,胡埭路,,,,,", options=("--faults", str(kept))) == 1
    said = capsys.readouterr()
    assert "新开 1 件，已有 0 件，要改 1 处。" in said.out
    assert "第 3 行「诉求内容」" in said.err
    assert "3,诉求内容," in kept.read_text(encoding="utf-8-sig")
    assert commanded(UNDATED) == 0
    assert "新开 0 件，已有 1 件，要改 0 处。" in capsys.readouterr().out


def test_command_only_tries(commanded, capsys):
    for _ in range(2):
        assert commanded(UNDATED, options=("--dry-run",)) == 0
        assert "能新开 1 件，已有 0 件" in capsys.readouterr().out


def test_command_tells_what_it_cannot_open(monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("GONGZHI_DATA", str(tmp_path))
    assert main(["case", "import", str(tmp_path / "没有.csv")]) == 2
    assert "打不开" in capsys.readouterr().err
