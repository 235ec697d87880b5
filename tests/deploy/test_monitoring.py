"""Every figure that an alert rule or the dashboard names is one that a running service gives, with those labels."""

import json
import re
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families
from promql import read_query
from stage import Stage

from models.deliveries.stops import Stop, Why
from scheduler.items import BROKEN

FOLDER = Path(__file__).parents[2] / "deploy" / "monitoring"
RULES = [
    rule
    for group in yaml.safe_load((FOLDER / "alerts.yml").read_text("utf-8"))["groups"]
    for rule in group["rules"]
]
PLAYED = Path(__file__).parent / "alerts.yml"
PLAYED = Path(__file__).parent / "alerts.yml"
BOARD = json.loads((FOLDER / "dashboard.json").read_text("utf-8"))
QUERIES = {f"alert {rule['alert']}": rule["expr"] for rule in RULES} | {
    f"panel {panel['title']} {target['refId']}": target["expr"]
    for panel in BOARD["panels"]
    for target in panel["targets"]
}
OF_PROMETHEUS = {"up": {"job", "instance"}}
ADDED = {"job", "instance"}  # labels that Prometheus puts to each figure
MONDAY = datetime(2026, 12, 7, 1, 0, tzinfo=UTC)  # no announcement for the next year is known


@pytest.fixture
async def figures(stage_town, sqlite_url, tmp_path, monkeypatch):
    """What a service in trouble of every kind shows: {name: {label: values}}."""
    monkeypatch.setattr("bot.health.missing_years", lambda *_: [2027])
    monkeypatch.setitem(BROKEN, "wake_cases", 1)
    async with Stage(stage_town, sqlite_url, tmp_path, start=MONDAY) as stage:
        await (await stage.citizen()).say("你好")
        next_at = MONDAY + timedelta(hours=9)
        await Stop.create(way="template", why=Why.QUOTA, code=45009, strikes=1, since=MONDAY, next_at=next_at)
        async with aiohttp.ClientSession() as client, client.get(f"{stage.address}/metrics") as answer:
            text = await answer.text()
    found = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            labels = found.setdefault(sample.name, {})
            for label, value in sample.labels.items():
                labels.setdefault(label, set()).add(value)
    return found


def test_there_are_rules_and_panels():
    assert len(RULES) > 10
    assert len(BOARD["panels"]) > 10


async def test_every_figure_named_is_given_with_its_labels(figures):
    known = figures | {name: {label: set() for label in labels} for name, labels in OF_PROMETHEUS.items()}
    for place, text in QUERIES.items():
        query = read_query(text)
        assert query.metrics, f"{place} asks for nothing"
        labels = set()
        for name, matchers in query.metrics:
            assert name in known, f"{place}: no {name} in /metrics"
            labels |= known[name].keys() | ADDED
            for label, value in matchers:
                assert label in known[name].keys() | ADDED, f"{place}: {name} has no label {label}"
                wanted = set(value.split("|")) if label not in ADDED else set()
                assert wanted <= known[name].get(label, set()), f"{place}: {label}={value} never happens"
        assert query.groups <= labels, f"{place} groups by what is not there"


def test_words_of_alerts_name_labels_that_are_left(figures):
    for rule in RULES:
        named = set(re.findall(r"\$labels\.(\w+)", " ".join(rule["annotations"].values())))
        assert named <= read_query(rule["expr"]).groups, rule["alert"]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_alert_says_in_chinese_what_it_is_and_what_to_do(rule):
    assert rule["labels"]["severity"] in {"page", "ticket"}
    for name in ("summary", "do"):
        assert re.search(r"[\u4e00-\u9fff]", rule["annotations"][name])


def test_alerts_have_names_of_their_own():
    names = [rule["alert"] for rule in RULES]
    assert len(names) == len(set(names))


def test_panels_have_numbers_of_their_own_and_do_not_overlap():
    taken, ids = set(), set()
    for panel in BOARD["panels"]:
        place = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert not cells & taken, panel["title"]
        assert place["x"] + place["w"] <= 24
        assert panel["id"] not in ids
        taken |= cells
        ids.add(panel["id"])


def test_prometheus_reads_the_rules_under_the_name_that_they_ask_for():
    told = yaml.safe_load((FOLDER / "prometheus.yml").read_text("utf-8"))
    assert all((FOLDER / name).is_file() for name in told["rule_files"])
    assert [config["job_name"] for config in told["scrape_configs"]] == ["gongzhi"]


@pytest.mark.parametrize("text", ["sum(a", "a)", "nosuch(a)", "a ? b"])
def test_what_is_no_query_is_refused(text):
    with pytest.raises(ValueError, match=r"bracket|function|PromQL"):
        read_query(text)


@pytest.mark.skipif(not shutil.which("promtool"), reason="promtool not found")
def test_prometheus_itself_takes_the_rules():
    subprocess.run(["promtool", "check", "config", FOLDER / "prometheus.yml"], check=True)


@pytest.mark.skipif(not shutil.which("promtool"), reason="promtool not found")
def test_alerts_go_off_when_they_should_and_only_then():
    subprocess.run(["promtool", "test", "rules", PLAYED], check=True)


@pytest.mark.parametrize("value", [0, 1])
def test_every_alert_is_played_to_go_off_and_to_keep_quiet(value):
    asked = [
        one for test in yaml.safe_load(PLAYED.read_text("utf-8"))["tests"] for one in test["promql_expr_test"]
    ]
    names = {
        re.search(r'alertname="(\w+)"', one["expr"]).group(1)
        for one in asked
        if one["exp_samples"][0]["value"] == value
    }
    assert names == {rule["alert"] for rule in RULES}
