"""Sheets as other offices send them: read whatever can be read, and name the rest by row and column."""

import zipfile
from datetime import date, datetime
from io import BytesIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from models.cases import sheet_cells, sheets
from models.cases.sheet_heads import COLUMNS
from models.cases.sheets import Sheet, read_sheet

HEAD = "工单编号,诉求内容,诉求地点"
LINES = f"{HEAD}\nA1,井盖坏了,胡埭路12号\nA2,路灯不亮,安泰广场\n"
CELLS = [
    {"number": "A1", "text": "井盖坏了", "address": "胡埭路12号"},
    {"number": "A2", "text": "路灯不亮", "address": "安泰广场"},
]


def read(text, encoding="utf-8"):
    return read_sheet("工单.csv", text.encode(encoding))


def workbook(*rows, more=()):
    """An XLSX file of these rows; ``more`` are further pages as (name, rows, state)."""
    book = Workbook()
    pages = [("Sheet1", rows, "visible"), *more]
    book.remove(book.active)
    for name, lines, state in pages:
        page = book.create_sheet(name)
        page.sheet_state = state
        for line in lines:
            page.append(line)
    return saved(book)


def saved(book):
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def cells(sheet):
    return [row.cells for row in sheet.rows]


def told(sheet):
    return [(fault.row, fault.column, fault.words) for fault in sheet.faults]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_csv_of_any_usual_form_is_read(encoding, delimiter, end):
    sheet = read(LINES.replace(",", delimiter).replace("\n", end), encoding)
    assert (cells(sheet), told(sheet)) == (CELLS, [])
    assert [row.number for row in sheet.rows] == [2, 3]
    assert sheet.heads == {"number": "工单编号", "text": "诉求内容", "address": "诉求地点"}


def test_xlsx_is_read_whatever_its_name():
    content = workbook(HEAD.split(","), ["A1", "井盖坏了", "胡埭路12号"], ["A2", "路灯不亮", "安泰广场"])
    for name in ("工单.xlsx", "工单.csv"):
        assert (cells(read_sheet(name, content)), read_sheet(name, content).faults) == (CELLS, ())


@pytest.mark.parametrize(("column", "head"), [(c, h) for c, words in COLUMNS.items() for h in words.split()])
def test_every_usual_head_is_known(column, head):
    others = {"number": "工单编号", "text": "诉求内容", "address": "诉求地点", "lat": "纬度"}
    heads = {**others, column: head}
    sheet = read(",".join(heads.values()) + "\n" + ",".join(f"x{name}" for name in heads))
    assert sheet.rows[0].cells[column] == f"x{column}"
    assert sheet.heads[column] == head


@pytest.mark.parametrize(
    "head", ["*经度", "经度(GCJ-02)", " 经 度 ", "经度:", "【必填】经度", "经度[度]", "LNG"]
)
def test_marks_around_a_head_do_not_matter(head):
    assert read(f"编号,内容,{head},纬度\n1,x,120.1,31.5").rows[0].cells["lng"] == "120.1"


@pytest.mark.parametrize(
    ("heads", "system"),
    [
        ("经度(WGS-84),纬度(WGS-84)", "WGS-84"),
        ("经度(wgs84),纬度", "wgs84"),
        ("经度GCJ-02,纬度GCJ-02", "GCJ-02"),
        ("经度(度),纬度(度)", None),
    ],
)
def test_coordinate_system_in_the_head_counts(heads, system):
    sheet = read(f"编号,内容,{heads}\n1,x,120.1,31.5")
    assert sheet.rows[0].cells.get("system") == system


def test_more_exact_head_wins_and_unknown_columns_are_never_read():
    sheet = read("编号,工单编号,姓名,联系电话,内容,地址\n7,A1,张三,13800000000,井盖坏了,胡埭路")
    assert cells(sheet) == [{"number": "A1", "text": "井盖坏了", "address": "胡埭路"}]
    assert "13800000000" not in repr(sheet)


def test_titles_above_and_empty_rows_between_keep_the_numbers_that_people_see():
    rows = [
        ["12345 工单导出", None, None],
        [],
        HEAD.split(","),
        [None],
        ["A1", "井盖坏了", "胡埭路12号"],
        [" "],
    ]
    rows += [HEAD.split(","), ["A2", "路灯不亮", "安泰广场"]]
    for sheet in (
        read("\n".join(",".join(cell or "" for cell in row) for row in rows)),
        read_sheet("x", workbook(*rows)),
    ):
        assert (cells(sheet), told(sheet)) == (CELLS, [])
        assert [row.number for row in sheet.rows] == [5, 8]


def test_cell_with_line_breaks_is_one_row():
    sheet = read(f'{HEAD}\nA1,"井盖坏了\n在路边,很危险","胡埭路""12""号"\nA2,灯不亮,安泰广场')
    assert [(row.number, row.cells["text"]) for row in sheet.rows] == [
        (2, "井盖坏了\n在路边,很危险"),
        (3, "灯不亮"),
    ]
    assert sheet.rows[0].cells["address"] == '胡埭路"12"号'


@pytest.mark.parametrize("broken", ['A9,"没有关上的引号,胡埭路', 'A9,"关早"了,胡埭路'])
def test_unclosed_quote_costs_its_own_row_only(broken):
    head, first, second, _ = LINES.split("\n")
    sheet = read(f"{head}\n{first}\n{broken}\n{second}")
    assert (cells(sheet), told(sheet)) == (CELLS, [(3, "", sheets.BROKEN_QUOTES)])
    assert [row.number for row in sheet.rows] == [2, 4]


def test_values_of_a_spreadsheet_become_plain_words():
    row = [20260706001, "x", "y", 120.145, 31, datetime(2026, 7, 6, 9, 30), True]  # noqa: DTZ001 - a sheet knows no zone
    head = ["编号", "内容", "地址", "经度", "纬度", "受理时间", "紧急"]
    sheet = read_sheet("x", workbook(head, row, ["a", "x", "y", None, None, date(2026, 7, 6), False]))
    assert sheet.rows[0].cells == {
        "number": "20260706001",
        "text": "x",
        "address": "y",
        "lng": "120.145",
        "lat": "31",
        "time": "2026-07-06 09:30:00",
        "urgent": "是",
    }
    assert sheet.rows[1].cells["urgent"] == "否"
    assert sheet.rows[1].cells["time"].startswith("2026-07-06")


def test_number_too_long_for_a_spreadsheet_shows_that_its_end_is_lost():
    sheet = read_sheet("x", workbook(HEAD.split(","), [2026070600010001234, "x", "y"]))
    assert sheet.rows[0].cells["number"] == "2.0260706000100E+18".replace("00E", "E")


def test_formulas_are_not_run_and_text_like_one_stays_text():
    sheet = read(f'{HEAD}\n=1+1,"=HYPERLINK(""http://x"",""y"")",@地点')
    assert cells(sheet) == [{"number": "=1+1", "text": '=HYPERLINK("http://x","y")', "address": "@地点"}]


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (["=A2&1", "x", "胡埭路"], "工单编号"),
        (["A1", "=1+1", "胡埭路"], "诉求内容"),
        (["A1", "=B9", ""], "诉求内容"),
    ],
)
def test_needed_formula_that_nobody_computed_costs_its_row_with_the_right_advice(row, column):
    sheet = read_sheet("x", workbook(HEAD.split(","), row, ["A2", "灯不亮", "胡埭路"]))
    assert told(sheet) == [(2, column, sheet_cells.NO_RESULT)]
    assert [row.number for row in sheet.rows] == [3]


def test_formula_that_nobody_computed_in_another_cell_is_left_out():
    sheet = read_sheet("x", workbook([*HEAD.split(","), "受理时间"], ["A1", "灯不亮", "胡埭路", "=NOW()"]))
    assert told(sheet) == []
    assert sheet.rows[0].cells == {"number": "A1", "text": "灯不亮", "address": "胡埭路"}
    assert sheet.rows[0].lost == {"time": sheet_cells.NO_RESULT}


def test_formula_that_is_a_mere_text_needs_no_result():
    sheet = read_sheet("x", workbook(HEAD.split(","), ['="20260706001"', '="他说""坏了"""', '=" "']))
    assert cells(sheet) == [{"number": "20260706001", "text": '他说"坏了"'}]


def computed(content, result):
    """The workbook as a spreadsheet program saves it: with the result of its formula."""
    file = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if "sheet1" in name:
                part = part.replace(b"</f><v></v>", b"</f><v>" + result + b"</v>").replace(
                    b"</f><v />", b"</f><v>" + result + b"</v>"
                )
            new.writestr(name, part)
    return file.getvalue()


def test_formula_with_its_result_is_read():
    sheet = read_sheet("x", computed(workbook(HEAD.split(","), ["A1", "灯不亮", "=1+1"]), b"42"))
    assert cells(sheet) == [{"number": "A1", "text": "灯不亮", "address": "42"}]


def test_failed_formula_and_unreadable_characters_are_named():
    wrong = read_sheet("x", workbook(HEAD.split(","), ["A1", "#REF!", "胡埭路"], ["A2", "灯不亮", "#N/A"]))
    assert told(wrong) == [(2, "诉求内容", sheet_cells.WRONG_FORMULA.format(text="#REF!"))]
    assert [(row.number, [*row.lost]) for row in wrong.rows] == [(3, ["address"])]
    content = LINES.encode().replace("路灯".encode(), b"\xff\xfe") + "A3,垃圾没人收,金桂苑\n".encode()
    garbled = read_sheet("x.csv", content)
    assert told(garbled) == [(3, "诉求内容", sheet_cells.GARBLED)]
    assert [row.number for row in garbled.rows] == [2, 4]


def merged(*ranges, rows):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    for span in ranges:
        book.active.merge_cells(span)
    return read_sheet("x", saved(book))


def test_merged_number_is_of_its_first_row_and_the_others_get_the_right_advice():
    rows = (
        HEAD.split(","),
        ["A1", "井盖坏了", "胡埭路"],
        ["A1", "灯不亮", "胡埭路"],
        ["A3", "树倒了", "胡埭路"],
    )
    sheet = merged("A2:A3", rows=rows)
    assert [row.cells["text"] for row in sheet.rows] == ["井盖坏了", "树倒了"]
    assert told(sheet) == [(3, "工单编号", sheets.MERGED_NUMBER)]


def test_merged_place_is_that_of_every_row():
    rows = (HEAD.split(","), *([f"A{n}", f"事 {n}", "胡埭路"] for n in range(1, 4)))
    sheet = merged("C2:C3", rows=rows)
    assert [row.cells["address"] for row in sheet.rows] == ["胡埭路"] * 3
    assert told(sheet) == []


def test_rows_that_are_merged_as_a_whole_are_one_row():
    rows = (
        HEAD.split(","),
        ["A1", "井盖坏了", "胡埭路"],
        [None] * 3,
        ["A2", "灯不亮", "安泰广场"],
        [None] * 3,
    )
    spans = [f"{column}{row}:{column}{row + 1}" for row in (2, 4) for column in "ABC"]
    sheet = merged(*spans, rows=rows)
    assert [row.number for row in sheet.rows] == [2, 4]
    assert told(sheet) == []


def test_heads_on_two_levels_and_a_remark_across_the_page_do_not_disturb():
    rows = (
        ["12345 工单", None, None, None],
        ["工单编号", "诉求内容", "位置", None],
        [None, None, "经度", "纬度"],
        ["A1", "井盖坏了", 120.145, 31.556],
        ["备注：以上由 12345 提供", None, None, None],
    )
    sheet = merged("A1:D1", "A2:A3", "B2:B3", "C2:D2", "A5:D5", rows=rows)
    assert cells(sheet)[0] == {"number": "A1", "text": "井盖坏了", "lng": "120.145", "lat": "31.556"}
    assert sheet.heads["number"] == "工单编号"


def hidden(rows=(), columns=(), filtered=()):
    book = Workbook()
    page = book.active
    for line in (
        [*HEAD.split(","), "受理时间"],
        *([f"A{n}", f"事 {n}", "胡埭路", "2026-07-06"] for n in range(2, 9)),
    ):
        page.append(line)
    for row in (*rows, *filtered):
        page.row_dimensions[row].hidden = True
    for column in columns:
        page.column_dimensions[column].hidden = True
    if filtered:
        page.auto_filter.ref = "A1:D8"
        page.auto_filter.add_filter_column(0, ["A2"])
    return read_sheet("x", saved(book))


def test_hidden_and_filtered_rows_are_told_and_left_out():
    for sheet in (hidden(rows=[3, 5, 6, 7]), hidden(filtered=[3, 5, 6, 7])):
        assert [row.number for row in sheet.rows] == [2, 4, 8]
        assert told(sheet) == [(0, "", sheets.HIDDEN_ROWS.format(count=4, rows="3、5–7"))]
        assert not sheet.faults[0].note


def test_hidden_row_without_anything_in_it_is_not_told():
    assert hidden(rows=[30]).faults == ()


def test_very_many_hidden_rows_are_named_by_the_first():
    book = Workbook()
    for line in (HEAD.split(","), *([f"A{n}", "x", "y"] for n in range(2, 60))):
        book.active.append(line)
    for row in range(3, 60, 2):
        book.active.row_dimensions[row].hidden = True
    (fault,) = read_sheet("x", saved(book)).faults
    assert "有 29 行" in fault.words
    assert "3、5、7、9、11、13、15、17 等" in fault.words


def test_hidden_column_is_told_and_left_out():
    sheet = hidden(columns=["D"])
    assert "time" not in sheet.rows[0].cells
    assert [(fault.column, fault.note) for fault in sheet.faults] == [("受理时间", True)]
    assert len(sheet.rows) == 7


@pytest.mark.parametrize(("column", "name"), [("A", "工单编号"), ("B", "诉求内容"), ("C", "诉求地点")])
def test_hidden_column_that_is_needed_is_told_as_such(column, name):
    sheet = hidden(columns=[column])
    assert sheet.rows == ()
    assert told(sheet) == [(1, name, sheets.HIDDEN_COLUMN.format(name=name))]


def test_pages_left_aside_are_named_and_hidden_ones_too():
    rows = (HEAD.split(","), ["A1", "井盖坏了", "胡埭路"])
    more = [("街道二", rows, "visible"), ("说明", [["填表说明"]], "visible")]
    more += [("旧", rows, "hidden"), ("更旧", rows, "veryHidden"), ("选项", [["是"], ["否"]], "hidden")]
    sheet = read_sheet("x", workbook(*rows, more=more))
    assert len(sheet.rows) == 1
    assert told(sheet) == [
        (0, "", sheets.OTHER_SHEET.format(name="街道二")),
        (0, "", sheets.HIDDEN_SHEET.format(name="旧")),
        (0, "", sheets.HIDDEN_SHEET.format(name="更旧")),
    ]


def test_page_without_a_header_is_passed_over():
    more = [("数据", (HEAD.split(","), ["A1", "井盖坏了", "胡埭路"]), "visible")]
    sheet = read_sheet("x", workbook(["封面"], more=more))
    assert (len(sheet.rows), sheet.faults) == (1, ())


@pytest.mark.parametrize(
    ("heads", "missing"),
    [
        ("诉求内容,诉求地点", ["工单编号"]),
        ("工单编号,诉求地点", ["诉求内容"]),
        ("工单编号,诉求内容", ["诉求地点"]),
        ("工单编号,诉求内容,经度", ["诉求地点"]),
        ("诉求地点,受理时间", ["工单编号", "诉求内容"]),
    ],
)
def test_missing_columns_are_named(heads, missing):
    sheet = read(f"导出\n{heads}\n1,2,3")
    assert [(fault.row, fault.column) for fault in sheet.faults] == [(2, name) for name in missing]
    assert all("请补上" in fault.words for fault in sheet.faults)
    assert sheet.rows == ()


@pytest.mark.parametrize("heads", ["编号,内容,经度,纬度", "编号,内容,经纬度", "编号,内容,地址"])
def test_place_may_be_words_or_coordinates(heads):
    assert read(f"{heads}\n1,2,3").faults == ()


def zipped(name="x.txt", content=b"x"):
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(name, content)
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", sheets.NO_HEADER),
        (b"\n\n", sheets.NO_HEADER),
        ("只有一句话".encode(), sheets.NO_HEADER),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", sheets.NO_SHEET),
        (b"<html><table><tr><td>x</td></tr></table>", sheets.NO_SHEET),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), sheets.OLD_FORMAT),
        (b"PK\x03\x04 and then nothing", sheets.NO_SHEET),
        (zipped(), sheets.NO_SHEET),
        (zipped("word/document.xml"), sheets.NO_SHEET),
        (workbook(["没有", "表头"]), sheets.NO_HEADER),
        (workbook(), sheets.NO_HEADER),
        (b"a" * (sheets.MOST_BYTES + 1), sheets.TOO_BIG),
        (zipped(content=bytes(sheets.MOST_UNPACKED + 1)), sheets.TOO_BIG),
    ],
    ids=lambda value: value[:12] if isinstance(value, str) else None,
)
def test_file_that_is_no_sheet_says_so(content, words):
    assert read_sheet("x", content) == Sheet("x", faults=(sheets.Fault(0, "", words),))


def test_rows_beyond_the_limit_are_named(monkeypatch):
    monkeypatch.setattr(sheets, "MOST_ROWS", 2)
    rows = [HEAD.split(","), *([f"A{i}", "x", "y"] for i in range(1, 6))]
    for sheet in (read("\n".join(map(",".join, rows))), read_sheet("x", workbook(*rows))):
        assert [row.cells["number"] for row in sheet.rows] == ["A1", "A2"]
        assert told(sheet) == [(4, "", sheets.TOO_MANY)]


def test_cell_at_the_far_corner_costs_nothing():
    book = Workbook()
    for row in (HEAD.split(","), ["A1", "x", "y"]):
        book.active.append(row)
    book.active["XFD1048576"] = "x"
    sheet = read_sheet("x", saved(book))
    assert [row.cells["number"] for row in sheet.rows] == ["A1"]


def test_workbook_that_breaks_off_keeps_the_rows_before():
    content = workbook(HEAD.split(","), ["A1", "x", "y"], ["A2", "x", "y"])
    file = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            new.writestr(name, part.replace(b'<row r="3"', b'<row r="3" <') if "sheet1" in name else part)
    sheet = read_sheet("x", file.getvalue())
    assert [row.cells["number"] for row in sheet.rows] == ["A1"]
    assert told(sheet) == [(3, "", sheets.BROKEN_OFF)]


def test_entities_of_a_workbook_do_not_grow():
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + b"".join(
        b'<!ENTITY %c "%s">' % (98 + i, b"&%c;" % (97 + i) * 10) for i in range(9)
    )
    file = BytesIO()
    with zipfile.ZipFile(BytesIO(workbook(HEAD.split(",")))) as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            body = b"<worksheet><sheetData><row><c t='inlineStr'><is><t>&j;</t></is></c></row></sheetData></worksheet>"
            new.writestr(name, bomb + b"]>" + body if "sheet1" in name else old.read(name))
    assert read_sheet("x", file.getvalue()).rows == ()


@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_spoilt_files_never_raise(data):
    content = bytearray(data.draw(st.sampled_from([LINES.encode(), LINES.encode("gb18030"), SOUND])))
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
        content = content or bytearray(b"x")
    sheet = read_sheet("x", bytes(content))
    assert all(fault.words for fault in sheet.faults)


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused(text):
    sheet = read(f"{HEAD}\n{text}", "utf-8") if text.isascii() else read(text, "gb18030")
    assert all(row.cells is not None and row.number > 0 for row in sheet.rows)


@given(
    st.lists(
        st.tuples(
            *(
                st.text(
                    st.characters(codec="gb18030", exclude_categories=["C", "Z"]), min_size=1, max_size=12
                ).filter(lambda text: sheet_cells.plain_cell(text) == text and text not in sheet_cells.ERRORS)
                for _ in range(3)
            )
        ),
        max_size=6,
    )
)
def test_whatever_stands_in_the_cells_arrives(rows):
    quoted = "\n".join(",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows)
    sheet = read(f"{HEAD}\n{quoted}", "gb18030")
    assert [tuple(row.cells.values()) for row in sheet.rows] == [
        row for row in rows if row != tuple(HEAD.split(","))
    ]


SOUND = workbook(HEAD.split(","), ["A1", "井盖坏了", "胡埭路12号"], ["A2", 5, 1.5])
