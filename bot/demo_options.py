"""What the demo may be told: known without any part of ours installed, so that help comes before the set-up."""

import argparse
import sys
from pathlib import Path

PORT = 8081
SERVICE_PORT = 8080
HOST = "127.0.0.1"


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare what ``./gongzhi demo`` takes."""
    parser.add_argument(
        "--port", type=int, default=PORT, help="port of the simulator's phones (default: %(default)s)"
    )
    parser.add_argument(
        "--service-port", type=int, default=SERVICE_PORT, help="port of the service (default: %(default)s)"
    )
    parser.add_argument(
        "--host",
        default=HOST,
        help="address to listen on; 0.0.0.0 to open it from other machines too (default: %(default)s)",
    )
    parser.add_argument("--city", type=Path, help="your own city folder; the example town without it")
    parser.add_argument(
        "--fresh", action="store_true", help="begin anew: chats and cases of earlier runs are removed"
    )


if __name__ == "__main__":
    demo = argparse.ArgumentParser(
        prog="make demo ARGS=…", description="run the service with a simulated WeChat, to try it in a browser"
    )
    add_options(demo)
    demo.parse_args(sys.argv[1:])
