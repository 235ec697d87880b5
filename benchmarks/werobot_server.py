"""(b) The usual way: WeRoBot with its SQLite sessions, as gunicorn serves it with one worker."""

import os

import werobot
from werobot.session.sqlitestorage import SQLiteStorage

robot = werobot.WeRoBot(
    token=os.environ["BENCH_TOKEN"],
    encoding_aes_key=os.environ["BENCH_KEY"],
    app_id=os.environ["BENCH_APPID"],
    enable_session=True,
    session_storage=SQLiteStorage(os.environ["BENCH_SESSIONS"]),
)


@robot.text
def answer(message, session):
    session["said"] = session.get("said", 0) + 1
    return message.content


def application(environ, start_response):
    """WeRoBot answers at the root only."""
    return robot.wsgi({**environ, "PATH_INFO": "/"}, start_response)
