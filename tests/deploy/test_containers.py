"""The image and the compose file: what they copy is there, what they set and run is ours; built where Docker runs."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from urllib.request import urlopen

import pytest
import yaml
from dotenv import dotenv_values

from bot.__main__ import _parser
from bot.config import SETTINGS, load_settings

ROOT = Path(__file__).parents[2]
COMPOSE_FILE = ROOT / "deploy" / "compose.yaml"
COMPOSE = yaml.safe_load(COMPOSE_FILE.read_text("utf-8"))
OURS = {name: part for name, part in COMPOSE["services"].items() if "build" in part}
DOCKERFILE = re.sub(r"\\\n\s*", "", (ROOT / "deploy" / "Dockerfile").read_text("utf-8"))
LINES = [line.split(maxsplit=1) for line in DOCKERFILE.splitlines() if line and not line.startswith("#")]
STAGES = [words.split() for name, words in LINES if name == "FROM"]
NAMES = {setting.name for setting in SETTINGS}
PINNED = re.compile(r"[a-z0-9./-]+:\d+\.\d+(\.\d+)?-[a-z-]+(@sha256:[0-9a-f]{64})?")


def last_stage():
    """The lines of the image that is kept."""
    start = max(place for place, (name, _) in enumerate(LINES) if name == "FROM")
    return LINES[start:]


def said(name):
    """What the last stage says with that instruction."""
    return [words for instruction, words in last_stage() if instruction == name]


def environment_of(part):
    """What a part of the compose file sets."""
    return {name: str(value) for name, value in part.get("environment", {}).items()}


def let_through():
    """What .dockerignore sends to the builder."""
    lines = (ROOT / ".dockerignore").read_text("utf-8").split()
    return {line[1:] for line in lines if line.startswith("!")}


def test_base_images_are_pinned_to_a_release():
    images = [stage[0] for stage in STAGES] + [
        part["image"] for part in COMPOSE["services"].values() if part not in OURS.values()
    ]
    assert len(images) > 3
    assert not [image for image in images if not PINNED.fullmatch(image)]


def test_what_is_copied_is_there_and_reaches_the_builder():
    copied = [
        words.split()[:-1] for name, words in LINES if name == "COPY" and not words.startswith("--from=")
    ]
    sources = {source for words in copied for source in words}
    assert sources >= {"bot", "handlers", "models", "scheduler", "requirements.lock"}
    assert not [source for source in sources if not (ROOT / source).exists()]
    assert sources == let_through()


def test_what_comes_from_another_stage_names_one():
    stages = {stage[2] for stage in STAGES if len(stage) == 3}
    named = {
        words.split()[0].removeprefix("--from=")
        for name, words in LINES
        if name == "COPY" and "--from=" in words
    }
    assert named == stages


def test_nothing_private_reaches_the_builder():
    lines = (ROOT / ".dockerignore").read_text("utf-8").split("\n")
    assert "*" in lines, "what is not named stays out"
    assert "**/.env" in lines
    assert not {"data", ".git", "."} & let_through()


def test_image_runs_as_nobody_in_particular():
    (user,) = said("USER")
    assert user.isdigit()
    assert int(user) >= 10000
    assert f"--uid {user}" in " ".join(said("RUN"))
    places = [place for place, (name, _) in enumerate(last_stage()) if name == "USER"]
    assert not [name for name, _ in last_stage()[places[0] :] if name in {"RUN", "COPY"}]


def test_image_starts_a_command_and_asks_whether_it_is_ready():
    (entry,), (command,) = said("ENTRYPOINT"), said("CMD")
    assert json.loads(entry) == ["python", "-m", "bot"]
    _parser().parse_args(json.loads(command))
    (health,) = said("HEALTHCHECK")
    asked = json.loads(health[health.index("CMD") + 3 :])
    compile(asked[-1], "healthcheck", "exec")
    assert "/readyz" in asked[-1]


def test_settings_of_image_and_compose_are_known_and_right(tmp_path):
    given = dict(re.findall(r"(GONGZHI_\w+)=(\S+)", " ".join(said("ENV"))))
    for part in OURS.values():
        given |= {name: value for name, value in environment_of(part).items() if name.startswith("GONGZHI_")}
    assert given.keys() <= NAMES
    given["GONGZHI_DATABASE"] = given["GONGZHI_DATABASE"].replace("${POSTGRES_PASSWORD:-}", "secret")
    settings = load_settings(given | {"GONGZHI_DATA": str(tmp_path)})
    assert settings.listen.host == "0.0.0.0"
    assert given["GONGZHI_DATA"] in " ".join(said("VOLUME"))


@pytest.mark.parametrize("name", OURS)
def test_part_runs_a_command_that_we_have(name):
    _parser().parse_args(OURS[name]["command"])


@pytest.mark.parametrize("name", OURS)
def test_part_is_shut_in(name):
    part = OURS[name]
    assert part["read_only"] is True
    assert part["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in part["security_opt"]
    assert not part.get("privileged")


@pytest.mark.parametrize("name", OURS)
def test_part_is_built_from_this_checkout(name):
    build = OURS[name]["build"]
    assert (COMPOSE_FILE.parent / build["context"]).resolve() == ROOT
    assert (ROOT / build["dockerfile"]).is_file()


def test_only_this_machine_reaches_what_is_published():
    published = [port for part in COMPOSE["services"].values() for port in part.get("ports", ())]
    assert published
    assert all(port.startswith("127.0.0.1:") for port in published)
    assert "ports" not in COMPOSE["services"]["database"]


def test_volumes_and_parts_that_are_named_are_there():
    for name, part in COMPOSE["services"].items():
        volumes = {volume.split(":")[0] for volume in part.get("volumes", ())}
        assert volumes <= COMPOSE["volumes"].keys(), name
        assert part.get("depends_on", {}).keys() <= COMPOSE["services"].keys(), name


def test_what_must_be_kept_lies_in_volumes():
    kept = {volume.split(":")[1] for volume in OURS["service"]["volumes"]}
    assert kept == set(json.loads(said("VOLUME")[0]))
    assert COMPOSE["services"]["backup"]["command"][2] in kept
    assert COMPOSE["services"]["database"]["volumes"]


def test_demo_needs_no_other_part_and_no_settings():
    demo = COMPOSE["services"]["demo"]
    assert not demo.keys() & {"depends_on", "env_file", "environment"}
    assert demo["command"][0] == "demo"
    assert any(port.endswith(":8081") for port in demo["ports"])


def test_database_is_that_of_the_address():
    part = environment_of(COMPOSE["services"]["database"])
    url = environment_of(OURS["service"])["GONGZHI_DATABASE"]
    assert (
        url
        == f"postgres://{part['POSTGRES_USER']}:{part['POSTGRES_PASSWORD']}@database:5432/{part['POSTGRES_DB']}"
    )


def test_password_of_the_database_stands_in_the_sample_of_settings():
    text = (ROOT / "deploy" / "gongzhi.env").read_text("utf-8")
    assert "#POSTGRES_PASSWORD=" in text
    assert "POSTGRES_PASSWORD" not in dotenv_values(ROOT / "deploy" / "gongzhi.env")


def test_units_run_commands_that_we_have():
    for unit in ("gongzhi.service", "gongzhi-backup.service"):
        text = (ROOT / "deploy" / unit).read_text("utf-8")
        commands = re.findall(r"^ExecStart(?:Pre)?=/srv/gongzhi/gongzhi (.+)$", text, re.MULTILINE)
        assert commands
        for words in commands:
            _parser().parse_args(words.split())
    text = (ROOT / "deploy" / "gongzhi-backup.service").read_text("utf-8")
    (into,) = re.findall(r"--to (\S+)", text)
    assert f"ReadWritePaths={into}" in text, "shut in, it could not write there"


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze not found")
def test_timer_has_a_time_that_systemd_understands():
    text = (ROOT / "deploy" / "gongzhi-backup.timer").read_text("utf-8")
    (moment,) = re.findall(r"^OnCalendar=(.+)$", text, re.MULTILINE)
    subprocess.run(["systemd-analyze", "calendar", moment], check=True, capture_output=True)


@pytest.mark.docker
def test_demo_is_built_and_opened_by_one_command():
    compose = ("docker", "compose", "--file", str(COMPOSE_FILE), "--project-name", "gongzhi-test")
    try:
        subprocess.run(
            [*compose, "up", "--build", "--detach", "--wait", "--wait-timeout", "300", "demo"], check=True
        )
        with urlopen("http://127.0.0.1:8081/") as page:
            assert page.status == 200
        asked = [*compose, "exec", "demo", "id", "--user"]
        assert (
            subprocess.run(asked, check=True, capture_output=True, text=True).stdout.strip()
            == said("USER")[0]
        )
    finally:
        subprocess.run([*compose, "down", "--volumes"], check=True)
