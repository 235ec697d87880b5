"""The glossary is law: its words stand in models/README.md, and one idea has one word."""

import ast
import re
from pathlib import Path

from checkout import PACKAGES, functions_of, python_files, text_of, tree_of

GLOSSARY = "models/README.md"
TERMS = {
    "Person": "人",
    "Incoming": "来信",
    "Reply": "回复",
    "Talk": "会话",
    "Case": "案件",
    "CaseType": "案件类别",
    "Lifecycle": "流程",
    "Step": "环节",
    "CaseEvent": "办理记录",
    "Area": "区域",
    "Unit": "责任单位",
    "Duty": "值守",
    "Group": "商户群",
    "Membership": "成员",
    "Post": "群消息",
    "Shop": "店铺",
    "Pledge": "门前三包责任书",
    "Notice": "通知",
    "Delivery": "投递",
    "Campaign": "专项行动",
    "Program": "三认项目",
    "Adoptable": "认养对象",
    "Adoption": "认养",
    "CareTask": "养护任务",
    "CheckIn": "打卡",
    "Refusal": "不予办理",
    "Sender": "发送方",
}
# A Case is a Case. WeChat's own words keep their names in the files that speak its language.
WRONG_WORDS = {"ticket", "tickets", "issue", "issues", "workorder", "workorders"}
WECHATS_WORDS = {"ticket": ("bot/", "handlers/kit/incoming.py")}
BARE_NAMES = {"Message", "Event", "Ticket", "Issue", "Problem", "Complaint"}
QUERY_VERBS = ("find_", "list_", "count_", "is_", "has_", "may_")


def rows():
    """Return the rows of the glossary as (Chinese, English, code name, meaning)."""
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in text_of(GLOSSARY).splitlines()]
    return [tuple(row) for row in cells if len(row) == 4 and row[2].startswith("`")]


def test_every_term_stands_in_the_glossary():
    written = {code.strip("`"): chinese for chinese, _, code, _ in rows()}
    missing = {term: word for term, word in TERMS.items() if word not in written.get(term, "")}
    assert not missing


def test_every_term_has_a_meaning_and_stands_once():
    codes = [code for _, _, code, _ in rows()]
    assert sorted(codes) == sorted(set(codes))
    assert all(all(row) for row in rows())


def test_every_kind_of_row_is_explained_in_a_readme():
    unexplained = [
        (name, node.name)
        for name in python_files("models")
        for node in tree_of(name).body
        if isinstance(node, ast.ClassDef)
        and any(ast.unparse(b).split(".")[-1] == "Model" for b in node.bases)
        if f"`{node.name}`" not in text_of(GLOSSARY) + text_of_readme_beside(name)
    ]
    assert not unexplained


def test_one_idea_has_one_word():
    wrong = [
        (name, identifier)
        for name in python_files(*PACKAGES)
        if not name.startswith("bot/simulator/")  # the platform's side speaks the platform's language
        for identifier in identifiers_of(name)
        for word in words_in(identifier) & WRONG_WORDS
        if not name.startswith(WECHATS_WORDS.get(word, ("nowhere",)))
    ]
    assert not wrong


def test_no_class_has_a_name_that_says_nothing():
    bare = [
        (name, node.name)
        for name in python_files(*PACKAGES)
        for node in ast.walk(tree_of(name))
        if isinstance(node, ast.ClassDef) and node.name in BARE_NAMES
    ]
    assert not bare


def test_queries_say_what_they_return():
    silent = [
        (name, node.name)
        for name in python_files("models")
        if name.endswith("/queries.py")
        for node in functions_of(name)
        if node in tree_of(name).body and not node.name.startswith(("_", *QUERY_VERBS))
    ]
    assert not silent


def identifiers_of(name):
    """Return the names that a file gives to things: itself, its classes, functions, parameters and variables."""
    found = {Path(name).stem}
    for node in ast.walk(tree_of(name)):
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            found.add(node.name)
        elif isinstance(node, ast.arg):
            found.add(node.arg)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
    return sorted(found)


def words_in(identifier):
    """Return the words of ``an_identifier`` or ``AnIdentifier``, in lower case."""
    return {word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", identifier)}


def text_of_readme_beside(name):
    """Return the README of the file's folder."""
    readme = str(Path(name).with_name("README.md"))
    return text_of(readme) if Path(readme).is_file() else ""
