"""A sheet of another office becomes cases: every good row once, every other row named."""

import asyncio
import csv
from datetime import UTC, datetime
from io import StringIO

import pytest

from bot.__main__ import main
from models.cases import sheet_cells, sheet_points, sheet_rows
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
    assert report.text == "路口的井盖碎了\n（受理时间 2026-07-06 08:30）"
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
        ("A1,井盖,,碎了,,120.145,,,,", "经度", sheet_points.HALF_POINT),
        ("A1,井盖,,碎了,,东经,北纬,,,", "经度", sheet_points.NO_POINT),
        ("A1,井盖,,碎了,,nan,31.5,,,", "经度", sheet_points.NO_POINT),
        ("A1,井盖,,碎了,,31.556,120.145,,,", "经度", sheet_points.SWAPPED),
        ("A1,井盖,,碎了,,0,0,,,", "经度", sheet_points.FAR_POINT),
        ("A1,井盖,,碎了,,120.145,31.556,BD-09,,", "坐标系", sheet_rows.NO_SYSTEM.format(told="BD-09")),
    ],
)
def test_every_cell_without_which_there_is_no_case_is_named(stage_town, line, column, words):
    reports, faults = read(stage_town, line)
    assert reports == []
    assert (2, column, words) in [(fault.row, fault.column, fault.words) for fault in faults]


@pytest.mark.parametrize(
    ("line", "column", "words"),
    [
        ("A1,没有这类,,井盖碎了,胡埭路,,,,,", "问题类别", "没有「没有这类」这个类别"),
        ("A1,#N/A,,井盖碎了,胡埭路,,,,,", "问题类别", sheet_cells.WRONG_FORMULA.format(text="#N/A")),
        ("A1,井盖,#REF!,井盖碎了,胡埭路,,,,,", "诉求标题", sheet_cells.WRONG_FORMULA.format(text="#REF!")),
        ("A1,井盖,,井盖碎了,胡埭路,120.145,,,,", "经度", sheet_points.HALF_POINT),
        ("A1,井盖,,井盖碎了,胡埭路,东经,北纬,,,", "经度", sheet_points.NO_POINT),
        ("A1,井盖,,井盖碎了,胡埭路,31.556,120.145,,,", "经度", sheet_points.SWAPPED),
        ("A1,井盖,,井盖碎了,胡埭路,0,0,,,", "经度", sheet_points.FAR_POINT),
        ("A1,井盖,,井盖碎了,胡埭路,120.145,31.556,BD-09,,", "坐标系", "不认识坐标系「BD-09」"),
        ("A1,井盖,,井盖碎了,胡埭路,120.145,31.556,#REF!,,", "坐标系", "公式算错"),
        ("A1,井盖,,井盖碎了,胡埭路,#VALUE!,31.556,,,", "经度", "公式算错"),
        ("A1,井盖,,井盖碎了,胡埭路,,,,,很", "是否紧急", sheet_rows.NO_URGENCY.format(told="很")),
        ("A1,井盖,,井盖碎了,胡埭路,,,,,#N/A", "是否紧急", "公式算错"),
        ("A1,井盖,,井盖碎了,胡埭路,,,,昨天下午,", "受理时间", sheet_rows.NO_TIME),
        ("A1,井盖,,井盖碎了,胡埭路,,,,08:30,", "受理时间", sheet_rows.NO_TIME),
        ("A1,井盖,,井盖碎了,胡埭路,,,,2026-02-31 08:30,", "受理时间", sheet_rows.NO_TIME),
        ("A1,井盖,,井盖碎了,胡埭路,,,,2027-01-01,", "受理时间", sheet_rows.WRONG_TIME),
        ("A1,井盖,,井盖碎了,胡埭路,,,,2019-01-01,", "受理时间", sheet_rows.WRONG_TIME),
        ("A1,井盖,,井盖碎了,#REF!,120.145,31.556,,,", "诉求地点", "公式算错"),
    ],
)
def test_cell_that_a_row_can_do_without_is_left_out_with_a_note(stage_town, line, column, words):
    reports, (fault,) = read(stage_town, line)
    assert (fault.row, fault.column, fault.note) == (2, column, True)
    assert words in fault.words
    assert fault.words.endswith(sheet_rows.LEFT_OUT)
    ((_, report),) = reports
    assert (report.origin, report.type) == ("12345:A1", "manhole")
    assert "受理时间" not in report.text
    assert report.point or report.address == "胡埭路"


def test_point_outside_the_town_is_no_mere_note(stage_town):
    reports, faults = read(stage_town, "A1,井盖,,井盖碎了,人民广场,121.47,31.23,,,")
    assert reports == []
    assert [fault.note for fault in faults] == [False]


@pytest.mark.parametrize(
    "told",
    [
        "A1",
        "'A1",
        "‘A1",
        "’A1",
        "＇A1",
        " A1 ",
        "\tA1",
        "Ａ１",
        "A 1",
        "\u200bA1",
        "A1\ufeff",
        "A1_x000D_",
        "_x0041_1",
        '"=""A1"""',
        '"=""A1 """',
        '"\n A1"',
    ],
)
def test_number_is_the_same_key_however_a_spreadsheet_wraps_it(stage_town, told):
    assert only(stage_town, f"{told},井盖,,井盖碎了,胡埭路,,,,,").origin == "12345:A1"


@pytest.mark.parametrize(
    ("told", "text"),
    [
        ("井盖碎了_x000D_\n怕摔人", "井盖碎了\n怕摔人"),
        ("井盖碎了_x000D__x000A_怕摔人", "井盖碎了\n怕摔人"),
        ("井盖_x0009_碎了", "井盖\t碎了"),
        ("井盖_x0007_碎了", "井盖碎了"),
        ("井盖_x4E95_碎了", "井盖井碎了"),
        ("井盖碎了_xD83D__xDE2D_", "井盖碎了😭"),
        ("文件 a_x005F_x000D_b", "文件 a_x000D_b"),
        ("型号 a_x00_b", "型号 a_x00_b"),
        ("'井盖碎了", "井盖碎了"),
        ("'井盖'碎了", "'井盖'碎了"),
        ("井盖碎了'", "井盖碎了'"),
    ],
)
def test_escapes_of_a_spreadsheet_are_words_again(stage_town, told, text):
    assert only(stage_town, f'A1,井盖,,"{told}",胡埭路,,,,,').text == text


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
        *("2026-07-06 08:30", "2026/7/6 8:30", "2026-07-06 08:30:00", "2026/7/6  8:30:00", "2026.7.6 08:30"),
        *(
            "2026年7月6日 8时30分",
            "2026年7月6日8点30分",
            "2026年7月6日 8点半",
            "7月6日8点半",
            "26年7月6日8点半",
        ),
        *("二〇二六年七月六日上午八点三十分", "2026年07月06日08时30分00秒", "2026年7月6日 星期一 08:30"),
        *("20260706 08:30:00", "20260706083000", "202607060830", "2026-07-06(周一)08:30", "2026-07-06 0830"),
        *(
            "2026-07-06T08:30:00+08:00",
            "2026-07-06T00:30:00Z",
            "2026-07-06 00:30 UTC",
            "2026-07-06T08:30:00.000",
        ),
        *("2026-07-06 08:30:00.0", "2026-07-06 08:30:00.000000", "2026-07-06 08:30:00 +0800", "1783297800"),
        *(
            "2026-07-06 上午8:30",
            "2026/7/6 上午 8:30",
            "2026/7/6 8:30 AM",
            "2026-07-06 早上8点半",
            "1783297800000",
        ),
        *(
            "46209.3541666667",
            "46209.354167",
            "２０２６-07-06 08：30",
            "'2026-07-06 08:30",
            '"=""2026-07-06 08:30"""',
        ),
    ],
)
def test_time_is_read_in_any_usual_form(stage_town, told):
    assert "（受理时间 2026-07-06 08:30）" in only(stage_town, GOOD.replace("2026-07-06 08:30", told)).text


@pytest.mark.parametrize(
    ("told", "read_as"),
    [
        ("2026年7月5日下午3点半", "2026-07-05 15:30"),
        ("2026/7/5 3:30:00 PM", "2026-07-05 15:30"),
        ("2026-07-05 晚上8点", "2026-07-05 20:00"),
        ("2026-07-05 下午十五点", "2026-07-05 15:00"),
        ("2026-07-05 中午12:30", "2026-07-05 12:30"),
        ("2026-07-05 中午1点一刻", "2026-07-05 13:15"),
        ("2026-07-05 凌晨12点30分", "2026-07-05 00:30"),
        ("2026-07-05 上午12点", "2026-07-05 12:00"),
        ("2026-07-05 24:00", "2026-07-06 00:00"),
        ("2026-07-05 24:00:00", "2026-07-06 00:00"),
        ("2026年7月5日24时", "2026-07-06 00:00"),
        ("2026-07-05 晚上12点", "2026-07-06 00:00"),
        ("46208", "2026-07-05 00:00"),
        ("2026-07-05", "2026-07-05 00:00"),
        ("20260705", "2026-07-05 00:00"),
        ("12月7日 8:30", "2025-12-07 08:30"),
    ],
)
def test_hours_are_those_of_the_day(stage_town, told, read_as):
    assert f"（受理时间 {read_as}）" in only(stage_town, GOOD.replace("2026-07-06 08:30", told)).text


@pytest.mark.parametrize(
    "told",
    [
        "昨天",
        "8:30",
        "2026",
        "2026-13-01",
        "2026-07-05 25:00",
        "2026-07-05 24:01",
        "2026-07-05 8:70",
        "12345.6",
        "9999999999",
        "7/6/2026",
        "2026-07-05 08:30 左右",
        "9999-12-31 24:00",
        "1e400",
        "-46208",
    ],
)
def test_what_tells_no_moment_is_left_out(stage_town, told):
    reports, (fault,) = read(stage_town, GOOD.replace("2026-07-06 08:30", told))
    assert fault.note
    assert len(reports) == 1


def test_number_twice_in_a_sheet_opens_the_first_only(stage_town):
    reports, faults = read(stage_town, GOOD, GOOD.replace("A1", "Ａ 1"))
    assert [row.number for row, _ in reports] == [2]
    assert [(fault.row, fault.words) for fault in faults] == [(3, SAME_NUMBER.format(row=2))]


async def test_good_rows_are_opened_once_however_often_the_file_is_given(rows, stage_town):
    sheet = sheet_of(GOOD, "A2,,,,胡埭路,,,,,", GOOD.replace("A1", "A3"))
    first = await import_cases(sheet, source="12345", town=stage_town, now=NOW)
    again = await import_cases(sheet, source="12345", town=stage_town, now=NOW)
    assert (len(first.opened), first.known, [fault.row for fault in first.faults]) == (2, [], [3])
    assert (again.opened, again.known) == ([], first.opened)
    assert [pair.theirs for pair in first.pairs] == [pair.theirs for pair in again.pairs] == ["A1", "A3"]
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


def test_command_opens_says_how_many_and_names_the_rest(commanded, capsys, tmp_path, sqlite_url):
    kept = tmp_path / "要改的.csv"
    assert commanded(UNDATED, "A2,,,,胡埭路,,,,,", options=("--faults", str(kept))) == 1
    said = capsys.readouterr()
    number = asyncio.run(number_of_only(sqlite_url))
    assert "新开 1 件，已有 0 件，要改 1 处" in said.out
    assert f"A1 → {number}（新开）" in said.out
    assert "第 3 行「诉求内容」" in said.err
    assert "3,诉求内容," in kept.read_text(encoding="utf-8-sig")
    listed = tmp_path / "编号.csv"
    assert commanded(UNDATED, options=("--numbers", str(listed))) == 0
    said = capsys.readouterr().out
    assert "新开 0 件，已有 1 件，要改 0 处" in said
    assert f"A1 → {number}（已有）" in said
    lines = listed.read_text(encoding="utf-8-sig").split()
    assert lines == ["工单编号,案件编号,情况", f"A1,{number},已有"]


async def number_of_only(url):
    database = await open_database(url)
    try:
        return (await Case.get()).number
    finally:
        await close_database(database)


def test_command_takes_rows_with_notes_and_says_so(commanded, capsys):
    assert commanded(GOOD.replace("2026-07-06 08:30", "昨天")) == 0
    said = capsys.readouterr()
    assert "新开 1 件，已有 0 件，要改 0 处，另有说明 1 处。" in said.out
    assert "说明：第 2 行「受理时间」：" in said.err
    assert "再导入一次" not in said.err


def test_command_that_cannot_write_its_files_says_so(commanded, capsys, tmp_path):
    folder = str(tmp_path)
    assert commanded(UNDATED, options=("--numbers", folder, "--faults", folder)) == 2
    assert capsys.readouterr().err.count("写不进") == 2


def test_command_only_tries(commanded, capsys):
    for _ in range(2):
        assert commanded(UNDATED, options=("--dry-run",)) == 0
        assert "能新开 1 件，已有 0 件" in capsys.readouterr().out


def test_command_tells_what_it_cannot_open(monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("GONGZHI_DATA", str(tmp_path))
    assert main(["case", "import", str(tmp_path / "没有.csv")]) == 2
    assert "打不开" in capsys.readouterr().err
