"""Takes a whole copy of the database while it is written to, and puts one back: SQLite's own copy, or pg_dump's."""

import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

COMPANIONS = ("-wal", "-shm", "-journal")  # they belong to the file that they lie beside, and to no other
ASIDE = "before_"  # schemas of PostgreSQL that were moved out of the way; no later dump takes them along
NO_TOOL = "这台机器上没有 {tool}。请安装 PostgreSQL 的客户端（Debian：apt-get install postgresql-client），再运行一次"
NOT_WHOLE = "数据库的备份文件是坏的（{why}）。请换一份更早的备份"
FAILED = "{tool} 没有成功：{why}"


class DumpError(Exception):
    """A copy could not be taken or put back; the text says to the operator why, and what to do."""


class Dump(Protocol):
    """One database, as backups need it. Every method raises DumpError."""

    kind: str  # "sqlite" or "postgres"
    file: str  # how its copy is called in a backup

    def take(self, copy: Path) -> None:
        """Write the database as it is at one moment to ``copy``; nobody who writes has to wait."""

    def check(self, copy: Path) -> None:
        """Raise DumpError for a copy that is not whole."""

    def is_in_use(self) -> bool:
        """Tell whether another process has the database open."""

    def is_taken(self) -> bool:
        """Tell whether there is anything in the database."""

    def set_aside(self, mark: str) -> str:
        """Move what is in the database out of the way, losing nothing; return where it is now."""

    def put_back(self, copy: Path) -> None:
        """Fill the empty database from the copy: all of it or nothing."""

    def rows(self, query: str) -> list[str]:
        """Return the first column of a query."""


def dump_of(url: str) -> Dump:
    """Return the database of that address, which is one of those that ``models.database`` takes."""
    return SqliteDump(Path(url.removeprefix("sqlite://"))) if url.startswith("sqlite") else PostgresDump(url)


class SqliteDump:
    """A SQLite file together with what SQLite keeps beside it."""

    kind, file = "sqlite", "database.sqlite3"

    def __init__(self, path: Path) -> None:
        self._path = path

    def take(self, copy: Path) -> None:
        """Copy all pages in one go: in WAL mode writers go on meanwhile, and the copy is of one moment."""
        if not self._path.is_file():
            raise DumpError(f"找不到数据库文件 {self._path}。请检查 GONGZHI_DATA 和 GONGZHI_DATABASE")
        with _sqlite(self._path) as source, _sqlite(copy) as target:
            source.backup(target)
            # A file by itself, with nothing beside it that could be forgotten.
            target.execute("PRAGMA journal_mode=DELETE")
        self.check(copy)

    def check(self, copy: Path) -> None:
        """Read every page and index of the copy."""
        try:
            with closing(sqlite3.connect(f"file:{copy}?mode=ro&immutable=1", uri=True)) as connection:
                (told,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
        except sqlite3.Error as error:
            raise DumpError(NOT_WHOLE.format(why=error)) from error
        if told != "ok":
            raise DumpError(NOT_WHOLE.format(why=told))

    def is_in_use(self) -> bool:
        """Ask for the file alone: whoever has it open in WAL mode keeps a lock on it."""
        if not self._path.is_file():
            return False
        try:
            with closing(sqlite3.connect(self._path, timeout=0, isolation_level=None)) as connection:
                connection.execute("PRAGMA locking_mode=EXCLUSIVE")
                connection.execute("BEGIN EXCLUSIVE")
                connection.execute("ROLLBACK")
        except sqlite3.DatabaseError as error:
            return "locked" in str(error)  # anything else: a file that is none, which nobody can have open
        return False

    def is_taken(self) -> bool:
        """A file that holds anything, even one that cannot be read any more."""
        return self._path.is_file() and self._path.stat().st_size > 0

    def set_aside(self, mark: str) -> str:
        """Move file and companions: left behind, an old -wal would be played into the new file."""
        folder = self._path.parent / f"before-{mark}"
        folder.mkdir(mode=0o700, exist_ok=True)
        for path in self._files():
            path.rename(folder / path.name)
        return str(folder / self._path.name)

    def put_back(self, copy: Path) -> None:
        """Copy beside, then rename: a file that is half there never has the database's name."""
        for path in self._files():  # an empty file, or the companions of one that is gone
            path.unlink()
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        half = self._path.with_name(f".{self._path.name}.new")
        shutil.copyfile(copy, half)
        half.chmod(0o600)
        half.replace(self._path)

    def rows(self, query: str) -> list[str]:
        """Read in a transaction of its own."""
        with _sqlite(self._path) as connection:
            return [str(row[0]) for row in connection.execute(query)]

    def _files(self) -> list[Path]:
        names = (self._path, *(Path(f"{self._path}{end}") for end in COMPANIONS))
        return [path for path in names if path.exists()]


class PostgresDump:
    """A PostgreSQL database, by the tools that come with it; no password stands in a command line."""

    kind, file = "postgres", "database.dump"

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._environment = {
            "PGHOST": parts.hostname or "127.0.0.1",
            "PGPORT": str(parts.port or 5432),
            "PGUSER": unquote(parts.username or ""),
            "PGPASSWORD": unquote(parts.password or ""),
            "PGDATABASE": parts.path.lstrip("/"),
            "PGCONNECT_TIMEOUT": "10",
            "LC_ALL": "C",
        }

    def take(self, copy: Path) -> None:
        """Dump one snapshot."""
        self._run("pg_dump", "--format=custom", f"--exclude-schema={ASIDE}*", f"--file={copy}")
        self.check(copy)

    def check(self, copy: Path) -> None:
        """Have every block of the dump unpacked, to nowhere."""
        try:
            self._run("pg_restore", "--file=/dev/null", str(copy))
        except DumpError as error:
            raise DumpError(NOT_WHOLE.format(why=error)) from error

    def is_in_use(self) -> bool:
        """Ask the server who else is there."""
        return self.rows(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND backend_type = 'client backend'"
        ) != ["0"]

    def is_taken(self) -> bool:
        """A database with a table in it."""
        return self.rows("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") != ["0"]

    def set_aside(self, mark: str) -> str:
        """Rename the schema: at once, whatever its size."""
        name = f"{ASIDE}{mark.replace('-', '_')}"
        self._psql(f"BEGIN; ALTER SCHEMA public RENAME TO {name}; CREATE SCHEMA public; COMMIT")
        return f"schema {name}"

    def put_back(self, copy: Path) -> None:
        """Restore in one transaction."""
        options = ("--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error")
        self._run("pg_restore", *options, f"--dbname={self._environment['PGDATABASE']}", str(copy))

    def rows(self, query: str) -> list[str]:
        """Read with psql."""
        return self._psql(query).splitlines()

    def _psql(self, query: str) -> str:
        return self._run(
            "psql", "--no-psqlrc", "--quiet", "--tuples-only", "--no-align", f"--command={query}"
        )

    def _run(self, tool: str, *words: str) -> str:
        program = shutil.which(tool)
        if program is None:
            raise DumpError(NO_TOOL.format(tool=tool))
        done = subprocess.run(  # noqa: S603 - our own words, no shell
            [program, "--no-password", *words],
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise DumpError(FAILED.format(tool=tool, why=_last_line(done.stderr)))
        return done.stdout


@contextmanager
def _sqlite(path: Path) -> Iterator[sqlite3.Connection]:
    try:
        with closing(sqlite3.connect(path, timeout=15, isolation_level=None)) as connection:
            yield connection
    except sqlite3.Error as error:
        raise DumpError(f"数据库文件 {path} 读写不了（{error}）") from error


def _last_line(text: str) -> str:
    return (text.strip().splitlines() or ["没有说明"])[-1]
