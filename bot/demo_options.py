"""What the demo may be told: known without any part of ours installed, so that help comes before the set-up."""

import argparse
import sys

PORT = 8081


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare what ``./gongzhi demo`` takes."""
    parser.add_argument(
        "--port", type=int, default=PORT, help="port of the simulator's phones (default: %(default)s)"
    )


if __name__ == "__main__":
    demo = argparse.ArgumentParser(
        prog="make demo ARGS=…", description="run the service with a simulated WeChat, to try it in a browser"
    )
    add_options(demo)
    demo.parse_args(sys.argv[1:])
