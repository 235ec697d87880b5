"""What the demo may be told: known without any part of ours installed, so that help comes before the set-up."""

import argparse
import sys

PORT = 8081
HOST = "127.0.0.1"


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare what ``python -m bot demo`` takes."""
    parser.add_argument(
        "--port", type=int, default=PORT, help="port of the simulator's phones (default: %(default)s)"
    )
    parser.add_argument(
        "--host", default=HOST, help="address that the phones are opened at (default: %(default)s)"
    )


if __name__ == "__main__":
    demo = argparse.ArgumentParser(
        prog="make demo ARGS=…", description="run the service with a simulated WeChat, to try it in a browser"
    )
    add_options(demo)
    demo.parse_args(sys.argv[1:])
