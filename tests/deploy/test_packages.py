"""The lock, the bundle made of it, and the audit: offline, against an index and wheels made here."""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
import threading
import urllib.error
import zipfile
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.deploy.shipped import DEPLOY, ROOT

sys.path.insert(0, str(DEPLOY))

import audit_packages
import wheel_bundle
from lock import locked, normal


def test_the_lock_has_every_requirement_at_its_version():
    """After a change of requirements.txt the lock is made again by the command at its head."""
    asked = {}
    for line in (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines():
        name, _, version = line.partition("==")
        asked[normal(name.partition("[")[0])] = version
    found = {one.name: one.version for one in locked(ROOT / "requirements.lock")}
    assert {name: found.get(name) for name in asked} == asked


def test_the_lock_holds_files_for_more_than_one_kind_of_computer():
    hashes = {one.name: len(one.hashes) for one in locked(ROOT / "requirements.lock")}
    assert all(hashes[name] > 10 for name in ("numpy", "pandas", "pyarrow", "psycopg-binary"))


@pytest.mark.parametrize("text", ["tomli>=2 --hash=sha256:" + "0" * 64, "tomli==2.0", "tomli==2.0 --hash=sha256:00",
                                  "file:x/tomli==2.0 --hash=sha256:" + "0" * 64])
def test_an_entry_without_a_version_or_a_hash_is_refused(tmp_path, text):
    path = tmp_path / "requirements.lock"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match="no pinned version or no hash"):
        locked(path)


def test_an_entry_is_read_with_its_marker_and_all_its_hashes(tmp_path):
    path = tmp_path / "requirements.lock"
    path.write_text("# made\nA_b==1.0 ; sys_platform == 'win32' \\\n    --hash=sha256:" + "0" * 64 +
                    " \\\n    --hash=sha256:" + "1" * 64 + "\n    # via c\n", encoding="utf-8")
    one, = locked(path)
    assert (one.name, one.version, one.marker, len(one.hashes)) == ("a-b", "1.0", "sys_platform == 'win32'", 2)


# --- the bundle ------------------------------------------------------------------------------------

def wheel(folder: Path, *, content: str = "ANSWER = 42\n") -> Path:
    """A wheel of one module."""
    path, about = folder / "tiny_answer-1.0-py3-none-any.whl", "tiny_answer-1.0.dist-info"
    files = {"tiny_answer.py": content, f"{about}/METADATA": "Metadata-Version: 2.1\nName: tiny-answer\nVersion: 1.0\n",
             f"{about}/WHEEL": "Wheel-Version: 1.0\nGenerator: x\nRoot-Is-Purelib: true\nTag: py3-none-any\n"}
    record = "".join(f"{name},,\n" for name in (*files, f"{about}/RECORD"))
    with zipfile.ZipFile(path, "w") as file:
        for name, text in {**files, f"{about}/RECORD": record}.items():
            file.writestr(zipfile.ZipInfo(name), text)
    return path


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A lock of one wheel, and the bundle of it."""
    folder = tmp_path_factory.mktemp("bundle")
    (folder / "index").mkdir()
    found = hashlib.sha256(wheel(folder / "index").read_bytes()).hexdigest()
    lock = folder / "requirements.lock"
    lock.write_text(f"tiny-answer==1.0 --hash=sha256:{found}\n", encoding="utf-8")
    bundle = folder / "bundle.tar"
    assert wheel_bundle.make(bundle, lock, ["--isolated", "--no-index", "--find-links", str(folder / "index")]) == 1
    return folder, lock, bundle


def test_a_bundle_installs_into_a_fresh_environment_without_an_index(made):
    folder, lock, bundle = made
    wheel_bundle.install(bundle, folder / "fresh", lock)
    python = folder / "fresh" / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    said = subprocess.check_output([python, "-c", "import tiny_answer; print(tiny_answer.ANSWER)"], text=True)
    assert said.strip() == "42"
    with pytest.raises(ValueError, match="is there already"):
        wheel_bundle.install(bundle, folder / "fresh", lock)


def test_the_same_wheels_make_the_same_file_whoever_makes_it(made, tmp_path):
    folder, lock, bundle = made
    (tmp_path / "index").mkdir()
    again = shutil.copy(folder / "index" / "tiny_answer-1.0-py3-none-any.whl", tmp_path / "index")
    os.utime(again, (1_000_000_000, 1_000_000_000))
    os.chmod(again, 0o600)
    assert wheel_bundle.make(tmp_path / "again.tar", lock, [
        "--isolated", "--no-index", "--find-links", str(tmp_path / "index")]) == 1
    assert (tmp_path / "again.tar").read_bytes() == bundle.read_bytes()


def test_install_asks_no_index_even_where_one_is_named(made, tmp_path, monkeypatch):
    _, lock, bundle = made
    asked = []
    monkeypatch.setattr(wheel_bundle.venv, "create", lambda *_, **__: None)
    monkeypatch.setattr(wheel_bundle.subprocess, "run", lambda command, **how: asked.append((command, how)))
    wheel_bundle.install(bundle, tmp_path / "a", lock)
    (command, how), = asked
    assert {"--isolated", "--no-index", "--no-deps", "--require-hashes"} <= set(command) and how["check"] is True
    assert command[command.index("--only-binary") + 1] == ":all:"


def test_the_command_line_ends_with_what_came_of_it(made, tmp_path, monkeypatch, capsys):
    folder, lock, bundle = made
    monkeypatch.setattr(wheel_bundle, "_unpacked", partial(with_lock, wheel_bundle._unpacked, lock))
    (tmp_path / "there").mkdir()
    for bad, into, says in ((bundle, "there", "is there already"), (folder / "none.tar", "a", "none.tar"),
                            (lock, "b", "file could not be opened")):
        assert wheel_bundle.main(["install", str(bad), "--into", str(tmp_path / into)]) == 2
        said = capsys.readouterr()
        assert says in said.err and "Traceback" not in said.err and said.out == ""
    monkeypatch.setattr(wheel_bundle.venv, "create", lambda *_, **__: None)
    for code, expected in ((0, 0), (1, 1)):
        monkeypatch.setattr(wheel_bundle.subprocess, "run", partial(ends, code))
        assert wheel_bundle.main(["install", str(bundle), "--into", str(tmp_path / "c")]) == expected
    with pytest.raises(SystemExit):
        wheel_bundle.main(["install", str(bundle), "--into", str(tmp_path / "c"), "--platform", "win_amd64"])


def with_lock(unpacked, lock, bundle, folder, _):
    return unpacked(bundle, folder, lock)


def ends(code, command, **_):
    if code:
        raise subprocess.CalledProcessError(code, command)


@pytest.mark.parametrize(("kind", "target"), [
    (tarfile.SYMTYPE, "/etc/passwd"), (tarfile.SYMTYPE, "../requirements.lock"),
    (tarfile.LNKTYPE, "requirements.lock"), (tarfile.DIRTYPE, ""), (tarfile.FIFOTYPE, "")])
def test_a_bundle_holds_files_alone(made, tmp_path, kind, target):
    _, lock, bundle = made
    wrong = changed(bundle, tmp_path / "wrong.tar", {})
    with tarfile.open(wrong, "a") as tar:
        member = tarfile.TarInfo("wheels/evil-1.0-py3-none-any.whl")
        member.type, member.linkname = kind, target
        tar.addfile(member)
    with pytest.raises(ValueError, match="more than wheels"):
        wheel_bundle.install(wrong, tmp_path / "a", lock)
    assert not (tmp_path / "a").exists()


def changed(bundle: Path, target: Path, changes: dict[str, bytes | None]) -> Path:
    """A bundle with other members."""
    with tarfile.open(bundle) as before, tarfile.open(target, "w") as after:
        members = {member.name: before.extractfile(member).read() for member in before.getmembers()} | changes
        for name, content in members.items():
            if content is not None:
                member = tarfile.TarInfo(name)
                member.size = len(content)
                after.addfile(member, io.BytesIO(content))
    return target


def test_a_bundle_that_was_changed_on_the_way_is_not_installed(made, tmp_path):
    _, lock, bundle = made
    other = wheel(tmp_path, content="ANSWER = 41\n")
    with_other = changed(bundle, tmp_path / "other.tar", {f"wheels/{other.name}": other.read_bytes()})
    with pytest.raises(ValueError, match="was changed"):
        wheel_bundle.install(with_other, tmp_path / "a", lock)
    assert not (tmp_path / "a").exists()


@pytest.mark.parametrize("changes", [{"requirements.lock": b"another"}, {"requirements.lock": None},
                                     {"../evil.whl": b"x"}, {"wheels/deep/evil.whl": b"x"}, {"wheels/evil.pth": b"x"}])
def test_a_bundle_of_another_version_or_with_more_than_wheels_is_refused(made, tmp_path, changes):
    _, lock, bundle = made
    wrong = changed(bundle, tmp_path / "wrong.tar", changes)
    with pytest.raises(ValueError, match=r"another version|more than wheels"):
        wheel_bundle.install(wrong, tmp_path / "a", lock)
    assert not (tmp_path / "a").exists()


# --- the audit -------------------------------------------------------------------------------------

KNOWN_NAME, KNOWN_VERSION, KNOWN_ID = audit_packages.KNOWN


def index(documents):
    """An index that knows the old version that everybody knows, and these."""
    whole = {(KNOWN_NAME, KNOWN_VERSION): {"vulnerabilities": [{"id": "PYSEC-1", "aliases": [KNOWN_ID]}]}} | documents

    def ask(name, version):
        if (name, version) not in whole:
            raise urllib.error.HTTPError("", 404, "", None, None)
        return whole[name, version]

    return ask


@pytest.fixture
def lock(tmp_path):
    path = tmp_path / "requirements.lock"
    path.write_text("".join(f"{name}==1.0 --hash=sha256:{'0' * 64}\n" for name in ("good", "bad")), encoding="utf-8")
    return str(path)


FINE = {"vulnerabilities": [], "info": {"yanked": False}}


@pytest.mark.parametrize(("bad", "code", "said"), [
    (FINE, 0, "2 packages, 0 known"),
    ({"vulnerabilities": [{"id": "PYSEC-2", "aliases": ["CVE-2"], "fixed_in": ["1.1"]}]}, 1, "CVE-2; fixed in 1.1"),
    ({"vulnerabilities": [{"id": "PYSEC-2", "withdrawn": "2026-01-01"}]}, 0, "0 known"),
    ({"vulnerabilities": [], "info": {"yanked": True}}, 1, "withdrawn by its makers"),
])
def test_a_known_vulnerability_and_a_withdrawn_version_fail(lock, capsys, bad, code, said):
    assert audit_packages.main([lock], index({("good", "1.0"): FINE, ("bad", "1.0"): bad})) == code
    assert said in capsys.readouterr().out


def test_one_that_was_looked_at_is_let_pass_by_any_of_its_names(lock, capsys):
    known = {"vulnerabilities": [{"id": "PYSEC-2", "aliases": ["CVE-2"]}]}
    ask = index({("good", "1.0"): FINE, ("bad", "1.0"): known})
    assert audit_packages.main([lock, "--accept", "CVE-2"], ask) == 0
    assert audit_packages.main([lock, "--accept", "CVE-3"], ask) == 1
    assert "1 accepted" in capsys.readouterr().out


class OneVersion(BaseHTTPRequestHandler):
    """An index that tells of a vulnerability of good 1.0, of none of other versions, and knows no bad 1.0."""

    def do_GET(self):
        known = {"/pypi/good/1.0/json": "PYSEC-3", f"/pypi/{KNOWN_NAME}/{KNOWN_VERSION}/json": KNOWN_ID}
        found = [{"id": known[self.path]}] if self.path in known else []
        self.send_response(404 if self.path == "/pypi/bad/1.0/json" else 200)
        self.end_headers()
        self.wfile.write(json.dumps({"vulnerabilities": found}).encode())

    def log_message(self, *_):
        """Nothing."""


@pytest.mark.parametrize("end", ["", "/"])
def test_an_index_is_asked_for_the_very_version_that_is_locked(lock, capsys, end):
    with ThreadingHTTPServer(("127.0.0.1", 0), OneVersion) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        assert audit_packages.main([lock, "--index", f"http://127.0.0.1:{server.server_port}{end}"]) == 1
        server.shutdown()
    said = capsys.readouterr().out
    assert "good 1.0: PYSEC-3" in said and "1 packages, 1 known, 0 accepted" in said and "no answer about bad" in said


def test_a_package_that_the_index_does_not_know_is_named_and_hides_no_other(lock, capsys):
    known = {"vulnerabilities": [{"id": "PYSEC-2"}]}
    assert audit_packages.main([lock], index({("bad", "1.0"): known})) == 1
    assert "no answer about good" in capsys.readouterr().out


def refused(name, version):
    raise urllib.error.URLError("no way")


def no_documents(name, version):
    raise urllib.error.HTTPError("", 404, "", None, None)


@pytest.mark.parametrize(("ask", "why"), [
    (refused, "cannot be asked"),
    (no_documents, "no documents of single versions (it answered 404)"),
    (index({(KNOWN_NAME, KNOWN_VERSION): FINE}), "tells of no vulnerabilities"),
    (index({(KNOWN_NAME, KNOWN_VERSION): {}}), "tells of no vulnerabilities"),
])
def test_an_index_that_tells_nothing_is_no_word_that_all_is_well(lock, capsys, ask, why):
    assert audit_packages.main([lock], ask) == 0
    said = capsys.readouterr().out
    assert "skipped" in said and why in said and "Nothing is said about 2 packages" in said
