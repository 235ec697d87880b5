"""The demo, running for a browser."""

import socket
from dataclasses import replace

import pytest

from bot.config import Listen, load_settings
from bot.demo import open_demo


@pytest.fixture
async def demo(tmp_path):
    """The demo as `make demo` runs it, on free ports."""
    service, phones = free_port(), free_port()
    settings = load_settings({"GONGZHI_DATA": str(tmp_path / "data")})
    address = f"http://127.0.0.1:{service}"
    settings = replace(settings, listen=Listen("127.0.0.1", service), public_url=address)
    async with open_demo(settings, port=phones) as demo:
        yield demo


def free_port():
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
