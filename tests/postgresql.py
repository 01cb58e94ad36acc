"""A PostgreSQL of Debian's packages for a test run: its own folder, its own socket, no port, gone at the end.

Its program refuses to run as root, so that a root's test run starts it as the packages' user ``postgres``.
``WITHOUT_POSTGRESQL=1`` leaves it out where it is installed.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from urllib.parse import quote

_INSTALLED = Path("/usr/lib/postgresql")


def programs() -> Path | None:
    """The folder of the newest version's programs; missing where there is none."""
    found = sorted(_INSTALLED.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return found[-1].parent if found else None


def why_not() -> str | None:
    """Why no server can be started here; missing where one can."""
    if os.environ.get("WITHOUT_POSTGRESQL"):
        return "WITHOUT_POSTGRESQL is set"
    if programs() is None:
        return "no PostgreSQL of Debian's packages is installed"
    if os.getuid() == 0 and (shutil.which("runuser") is None or not _as_user()):
        return "PostgreSQL does not run as root, and there is no user postgres"
    return None


def _as_user() -> list[str]:
    if os.getuid() != 0:
        return []
    known = subprocess.run(["id", "postgres"], capture_output=True, check=False).returncode == 0
    return ["runuser", "-u", "postgres", "--"] if known else []


class PostgreSQL:
    """A running server.

    Parameters
    ----------
    is_safe : whether it forces what is committed to the disk; the tests of kills need that, the others only time
    """

    def __init__(self, *, is_safe: bool = False) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="outcomes-postgresql-"))
        self.folder.chmod(0o777)
        self._programs, self._n = programs(), 0
        safety = "on" if is_safe else "off"
        self._options = (f"-c listen_addresses= -k {self.folder} -c fsync={safety} -c full_page_writes={safety} "
                         f"-c synchronous_commit={safety} -c max_connections=200 -c shared_buffers=32MB")
        self._run("initdb", "-D", self._data, "-U", "outcomes", "-A", "trust", "-E", "UTF8", "--no-sync",
                  "--locale=C.UTF-8")
        self.start()

    @property
    def _data(self) -> str:
        return str(self.folder / "data")

    def _run(self, program: str, *arguments: str) -> None:
        log = self.folder / "log"
        with open(log, "ab") as file:
            subprocess.run([*_as_user(), str(self._programs / program), *arguments], cwd="/", check=True,
                           stdin=subprocess.DEVNULL, stdout=file, stderr=file)

    def start(self) -> None:
        """Start it; gives when it answers."""
        self._run("pg_ctl", "start", "-w", "-D", self._data, "-l", str(self.folder / "data" / "server.log"),
                  "-o", self._options)

    def stop(self) -> None:
        """Stop it and remove its folder."""
        self._run("pg_ctl", "stop", "-D", self._data, "-m", "immediate")
        shutil.rmtree(self.folder, ignore_errors=True)

    def kill(self) -> None:
        """End it with all its connections as a power cut would, by ``kill -9``."""
        leader = int((Path(self._data) / "postmaster.pid").read_text(encoding="ascii").splitlines()[0])
        children = subprocess.run(["ps", "-o", "pid=", "--ppid", str(leader)], capture_output=True, text=True,
                                  check=False).stdout.split()
        for process in (leader, *map(int, children)):
            try:
                os.kill(process, signal.SIGKILL)
            except ProcessLookupError:
                continue
        while Path(f"/proc/{leader}").exists():
            time.sleep(0.02)
        (Path(self._data) / "postmaster.pid").unlink(missing_ok=True)

    def address(self, schema: str = "public", *, user: str = "outcomes", password: str = "") -> str:
        """The address of one schema."""
        options = quote(f"-csearch_path={schema}")
        secret = f":{password}" if password else ""
        return f"postgresql+psycopg://{user}{secret}@/postgres?host={self.folder}&options={options}"

    def execute(self, *statements: str, schema: str = "public") -> list[tuple]:
        """Run statements beside the store; gives the rows of the last one."""
        import psycopg

        with psycopg.connect(host=str(self.folder), user="outcomes", dbname="postgres", autocommit=True,
                             options=f"-csearch_path={schema}") as connection:
            for statement in statements:
                cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def new_schema(self) -> str:
        """A schema that nobody used yet: a store of its own."""
        self._n += 1
        self.execute(f"CREATE SCHEMA test_{self._n}")
        return f"test_{self._n}"
