"""The running dashboard from outside: headers, cookie, routes, and what a browser makes of them."""

from __future__ import annotations

import hashlib
import http.client
import os
import re
import shutil
import socket
import subprocess
import sys
from base64 import b64encode
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.browser.conftest import ROOT, free_port, settled

# A page with everything the dashboard's pages use, served by the real dashboard.py: what it is asked for
# does not depend on what the pages happen to show today.
PROBE = '''
import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from analytics.app import address, loading, state

st.set_page_config("Probe", layout="wide")
st.title("Probe")
st.html("<p>Plain <b>markup</b></p>")
st.plotly_chart(go.Figure(go.Bar(x=["a", "b"], y=[1, 2])), key="chart", on_select="rerun")
st.dataframe(pd.DataFrame({"x": [1, 2, 3]}))
st.metric("Response", "54 %", chart_data=[1, 2, 3])
loaded = st.file_uploader("Files", key=state.fresh("files"))
st.write("Bytes:", len(loaded.getvalue()) if loaded else 0)
rows = b"patient_id,endpoint\\nP017,9\\n"
st.link_button("Rows", loading.export_address(state.browser(), "rows.csv", rows))
st.link_button("Rows later", loading.export_address(state.browser(), "later.csv", lambda: rows * 2, key=("later",)))
st.code(loading.export_address(state.browser(), "rows.csv", rows))
for name in ("browser.gatherUsageStats", "client.showErrorDetails", "server.address", "server.maxUploadSize"):
    st.write(name, "is", str(st.get_option(name)))
if st.button("Break"):
    raise KeyError("P017 scored 21")
'''


@pytest.fixture(scope="module")
def probe(start, tmp_path_factory):
    folder = tmp_path_factory.mktemp("probe")
    text = (ROOT / "dashboard.py").read_text(encoding="utf-8")
    assert text.count('"analytics/app/main.py"') == 1
    (folder / "dashboard.py").write_text(text.replace("analytics/app/main.py", "probe.py"), encoding="utf-8")
    (folder / "probe.py").write_text(PROBE, encoding="utf-8")
    shutil.copytree(ROOT / ".streamlit", folder / ".streamlit")
    shutil.copytree(ROOT / "analytics", folder / "analytics", ignore=shutil.ignore_patterns("__pycache__"))
    return start(script=folder / "dashboard.py", cwd=folder)


def asked(server, path="/", *, method="GET", **headers):
    """Status, headers and body of one request, sent as it stands."""
    place = urlsplit(server.address)
    connection = http.client.HTTPConnection(place.hostname, place.port, timeout=30)
    connection.putrequest(method, path, skip_host="Host" in headers)
    for name, value in headers.items():
        connection.putheader(name.replace("_", "-"), value)
    connection.endheaders()
    answer = connection.getresponse()
    status, found, body = answer.status, answer.headers, answer.read().decode("utf-8", "replace")
    connection.close()
    return status, found, body


def test_the_plain_command_serves_our_headers(server):
    status, headers, body = asked(server)
    policy = headers["Content-Security-Policy"]
    assert status == 200
    script = re.search(r"<script>(.*?)</script>", body, re.DOTALL).group(1)
    assert f"'sha256-{b64encode(hashlib.sha256(script.encode()).digest()).decode()}'" in policy
    scripts = next(part for part in policy.split("; ") if part.startswith("script-src"))
    assert "unsafe" not in scripts and "http" not in scripts and "*" not in policy
    assert "frame-ancestors 'none'" in policy and "default-src 'none'" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]


@pytest.mark.parametrize("path", ["/_stcore/health", "/healthz", "/static/js/none.js", "/export/x/rows.csv"])
def test_every_answer_carries_the_headers(server, path):
    assert "frame-ancestors 'none'" in asked(server, path)[1]["Content-Security-Policy"]


def test_started_from_another_folder_it_is_the_same(start, tmp_path):
    other = start(cwd=tmp_path)
    assert "Content-Security-Policy" in asked(other)[1]
    assert "External URL" not in other.said() and "Network URL" not in other.said()
    assert asked(other, "/", Host="elsewhere.example")[0] == 421


def test_a_file_that_is_not_there_ends_the_start_in_one_line():
    ran = subprocess.run(
        [sys.executable, "-m", "streamlit", "run", "dashboard.py", "--server.headless", "true",
         "--server.port", str(free_port()), "--", "nowhere.csv"],
        cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert ran.returncode != 0
    assert "There is no file 'nowhere.csv'." in ran.stderr
    assert "Traceback" not in ran.stderr + ran.stdout


def test_the_cookie_is_random_and_out_of_reach_of_scripts(server):
    first, second = (asked(server)[1]["Set-Cookie"] for _ in range(2))
    name, value = first.split(";")[0].split("=")
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", value), "256 bits"
    assert first.split("; ")[1:] == ["Path=/", "HttpOnly", "SameSite=Strict"]
    assert first != second
    assert "outcomes_browser" not in str(asked(server, Cookie=f"other=1; {name}={value}")[1])
    assert asked(server)[1]["Cache-Control"] == "no-store"


def test_a_cookie_that_is_not_ours_is_replaced(server):
    name = asked(server)[1]["Set-Cookie"].split("=")[0]
    for odd in ("", "short", "x" * 44, "ü" * 43):
        assert name in str(asked(server, Cookie=f"{name}={odd}".encode("latin-1"))[1])


def test_behind_https_the_cookie_is_secure(server):
    cookies = asked(server, X_Forwarded_Proto="https")[1].get_all("Set-Cookie")
    assert len(cookies) == 2 and all(cookie.endswith("; Secure") for cookie in cookies)


def test_a_link_from_elsewhere_does_not_take_the_cookie_away(server):
    assert "outcomes_browser" not in str(asked(server, Sec_Fetch_Site="cross-site")[1])
    assert "outcomes_browser" in str(asked(server, "/_stcore/health", Sec_Fetch_Site="same-origin")[1])
    assert "outcomes_browser" in str(asked(server, Sec_Fetch_Site="none")[1])
    assert "outcomes_browser" not in str(asked(server, "/static/js/none.js")[1])


@pytest.mark.parametrize("path", [
    "/_stcore/metrics", "/_stcore/metrics?families=x", "/_stcore/agent/openapi.json", "/_stcore/agent/interact",
    "/media/0.png", "/component/x/index.html", "/_stcore/bidi-components/x",
    "/_stcore/script-health-check", "/a/b", "/analytics/app/main.py", "/export/0/rows.csv",
])
def test_what_nobody_needs_is_closed(server, path):
    status, _, body = asked(server, path)
    assert status == 404
    assert "<script" not in body


def test_our_health_check_answers(server):
    assert asked(server, "/healthz")[0::2] == (200, '{"status":"ok"}')


def test_an_unknown_page_is_the_dashboards_own(server, open_page, watch):
    assert asked(server, "/nowhere")[0] == 200
    page = settled(open_page(server.address + "/nowhere"))
    page.get_by_text("Page not found").wait_for()
    assert ["does not seem to exist" in line for line in watch.console] == [True], "Streamlit says it there too"
    watch.console.clear()


def test_a_page_opened_directly_leaves_the_console_clean(server, open_page):
    settled(open_page(server.address + "/methods"))


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "localhost evil", "10.0.0.1:8501", ""])
def test_another_host_name_is_refused(server, host):
    assert asked(server, Host=host)[0] in (400, 421)


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:1", "127.0.0.1:8501", "[::1]:8501"])
def test_this_machines_names_are_answered(server, host):
    assert asked(server, Host=host)[0] == 200


def socket_status(server, **headers):
    upgrade = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec_WebSocket_Version": "13",
               "Sec_WebSocket_Key": "dGhlIHNhbXBsZSBub25jZQ=="}
    place = urlsplit(server.address)
    with socket.create_connection((place.hostname, place.port), timeout=30) as line:
        fields = {"Host": place.netloc} | upgrade | headers
        text = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in fields.items())
        line.sendall(f"GET /_stcore/stream HTTP/1.1\r\n{text}\r\n".encode())
        return int(line.recv(100).split()[1])


def test_only_our_own_pages_open_the_socket(server):
    assert socket_status(server, Origin=server.address) == 101
    assert socket_status(server) == 101
    assert socket_status(server, Origin="http://evil.example") == 403
    assert socket_status(server, Origin="http://localhost:1") == 403
    assert socket_status(server, Origin="null") == 403
    assert socket_status(server, Host="evil.example", Origin="http://evil.example") == 403


def test_an_address_too_long_to_be_ours_is_refused_in_words(server):
    assert asked(server, "/?v=1&" + "f=1&" * 1500)[0] == 200
    status, _, body = asked(server, "/?f=" + "1" * 9000)
    assert status == 414 and "longer than any" in body


def test_it_listens_on_this_machine_only(server):
    place = urlsplit(server.address)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.1", 9))  # picks an interface, sends nothing
        own = probe.getsockname()[0]
    if own.startswith("127."):
        pytest.skip("This computer has no address but its own.")
    with pytest.raises(OSError):
        socket.create_connection((own, place.port), timeout=5).close()


def key_of(server):
    """The key in the address that the server printed."""
    return re.search(r"\?key=([A-Za-z0-9_-]{43})", server.said()).group(1)


def test_the_printed_key_becomes_a_cookie_and_leaves_the_address(server):
    status, headers, _ = asked(server, f"/trends?d=1&key={key_of(server)}&v=2")
    assert status == 303 and headers["Location"] == "/trends?d=1&v=2"
    assert key_of(server) not in headers["Set-Cookie"], "the cookie opens no address"
    port = urlsplit(server.address).port
    name, value = headers["Set-Cookie"].partition("; ")[0].split("=")
    assert name == f"outcomes_key_{port}" and re.fullmatch(r"[0-9a-f]{64}", value)
    assert headers["Set-Cookie"].split("; ")[1:] == ["Path=/", "HttpOnly", "SameSite=Strict"]


def as_another(server, path="/", *options):
    """Status and body of a request that another account of this computer sends."""
    if os.geteuid() != 0 or shutil.which("runuser") is None or shutil.which("curl") is None:
        pytest.skip("Asking as another account needs root, runuser and curl.")
    ran = subprocess.run(["runuser", "-u", "nobody", "--", "curl", "-s", "-w", "\n%{http_code}", *options,
                          server.address + path], capture_output=True, text=True, timeout=60)
    body, _, status = ran.stdout.rpartition("\n")
    return int(status), body


@pytest.mark.parametrize("path", ["/", "/trends", "/_stcore/health", "/static/js/none.js", "/export/0/rows.csv"])
def test_another_account_of_this_computer_is_shown_where_the_address_is(server, path):
    status, body = as_another(server, path)
    assert status == 403 and "printed at the start" in body and "_stcore" not in body


@pytest.mark.parametrize("wrong", ["", "?key=", "?key=" + "A" * 43])
def test_another_account_with_another_key_stays_outside(server, wrong):
    assert as_another(server, f"/{wrong}")[0] == 403
    port = urlsplit(server.address).port
    assert as_another(server, "/", "--cookie", f"outcomes_key_{port}={'0' * 64}")[0] == 403


def test_another_account_with_the_key_is_let_in(server):
    status, head = as_another(server, f"/?key={key_of(server)}", "-i")
    assert status == 303
    cookie = re.search(r"(outcomes_key_[0-9]+=[0-9a-f]{64})", head).group(1)
    status, body = as_another(server, "/", "--cookie", cookie)
    assert status == 200 and "<script" in body


def test_another_account_opens_no_socket(server):
    upgrade = [part for name, value in (
        ("Connection", "Upgrade"), ("Upgrade", "websocket"), ("Sec-WebSocket-Version", "13"),
        ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")) for part in ("-H", f"{name}: {value}")]
    assert as_another(server, "/_stcore/stream", "--http1.1", "--max-time", "5", *upgrade)[0] == 403


@pytest.mark.parametrize("header", ["X_Forwarded_For", "X_Real_IP", "Forwarded"])
def test_what_is_passed_on_for_others_is_not_let_in(server, header):
    status, headers, body = asked(server, "/", **{header: "127.0.0.1"})
    assert status == 403 and "set up sign-in" in body and "<script" not in body and "Set-Cookie" not in headers
    assert asked(server, f"/?key={key_of(server)}", **{header: "127.0.0.1"})[0] == 403
    assert socket_status(server, **{header: "127.0.0.1"}) == 403


def test_from_another_address_it_says_how_to_set_up_sign_in(start):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.1", 9))  # picks an interface, sends nothing
        own = probe.getsockname()[0]
    if own.startswith("127."):
        pytest.skip("This computer has no address but its own.")
    wide = start(options=("--server.address", "0.0.0.0"))
    port = urlsplit(wide.address).port
    for path in ("/", f"/?key={key_of(wide)}", "/_stcore/health"):
        connection = http.client.HTTPConnection(own, port, timeout=30)
        connection.request("GET", path)
        answer = connection.getresponse()
        assert answer.status == 403 and "set up sign-in" in answer.read().decode()
        connection.close()
    assert asked(wide)[0] == 200, "this computer itself"


def test_charts_tables_markup_uploads_and_downloads_work_under_the_policy(probe, open_page, tmp_path):
    page = settled(open_page(probe.address))
    assert page.get_by_text("Plain markup").count() == 1
    page.locator(".js-plotly-plot .bars path").first.wait_for()
    page.locator("[data-testid=stDataFrame] canvas").first.wait_for()
    file = tmp_path / "scores.csv"
    file.write_bytes(b"x" * 3_000_000)
    page.set_input_files("input[type=file]", file)
    page.get_by_text("Bytes: 3000000").wait_for()
    for label, name, size in (("Rows", "rows.csv", 27), ("Rows later", "later.csv", 54)):
        with page.expect_download() as download:
            page.get_by_role("link", name=label, exact=True).click()
        assert download.value.suggested_filename == name
        assert len(Path(download.value.path()).read_bytes()) == size


def test_the_console_would_show_a_refused_script(probe, open_page, watch):
    page = settled(open_page(probe.address))
    page.evaluate("document.head.append(Object.assign(document.createElement('script'), {text: 'window.ran = 1'}))")
    assert page.evaluate("window.ran") is None
    page.evaluate("setTimeout(() => { try { window.ran = eval('1') } catch { window.ran = 'refused' } })")
    page.wait_for_function("window.ran")
    assert page.evaluate("window.ran") == "refused"
    assert any("Content Security Policy" in line for line in watch.console)
    watch.console.clear()


def test_settings_that_protect_are_in_force(probe, open_page):
    page = settled(open_page(probe.address))
    for line in ("browser.gatherUsageStats is False", "client.showErrorDetails is none", "server.address is localhost",
                 "server.maxUploadSize is 500"):
        assert page.get_by_text(line).count() == 1, line


def test_a_download_is_for_the_browser_it_was_made_for(probe, open_page):
    page = settled(open_page(probe.address))
    address = probe.address + page.locator("[data-testid=stCode]").inner_text().strip()
    mine = page.request.get(address)
    assert mine.status == 200 and mine.body() == b"patient_id,endpoint\nP017,9\n"
    assert mine.headers["content-disposition"] == 'attachment; filename="rows.csv"'
    assert mine.headers["cache-control"] == "no-store"
    other = settled(open_page(probe.address))
    assert other.locator("[data-testid=stCode]").inner_text().strip() not in address
    for refused in (other.request.get(address), page.request.get(address.replace("rows.csv", "other.csv"))):
        assert refused.status == 404 and "P017" not in refused.text()
    assert asked(probe, urlsplit(address).path)[0] == 404, "without a cookie"


def test_an_upload_leaves_no_file_on_the_disk():
    code = ("from analytics.app import server; from starlette.formparsers import MultiPartParser;"
            "server.keep_values_in_memory(); print(MultiPartParser.spool_max_size)")
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert int(ran.stdout.split()[-1]) > 500 * 1024**2


def test_scripts_cannot_read_the_cookie(probe, open_page):
    page = settled(open_page(probe.address))
    assert "outcomes_browser" not in page.evaluate("document.cookie")
    cookies = {cookie["name"]: cookie for cookie in page.context.cookies()}
    assert cookies["outcomes_browser"]["httpOnly"] and cookies["outcomes_browser"]["sameSite"] == "Strict"
    before = cookies["outcomes_browser"]["value"]
    settled(page.reload() and page)
    assert {cookie["name"]: cookie for cookie in page.context.cookies()}["outcomes_browser"]["value"] == before


def test_the_cookie_survives_a_link_from_another_site(probe, open_page):
    page = settled(open_page(probe.address))
    before = [cookie["value"] for cookie in page.context.cookies() if cookie["name"] == "outcomes_browser"]
    page.goto(f"data:text/html,<a href='{probe.address}'>go</a>")
    page.get_by_text("go").click()
    page.wait_for_url(probe.address + "/**")
    settled(page)
    after = [cookie["value"] for cookie in page.context.cookies() if cookie["name"] == "outcomes_browser"]
    assert before == after


def test_a_page_that_fails_says_so_without_the_error(probe, open_page):
    page = settled(open_page(probe.address))
    page.get_by_role("button", name="Break").click()
    settled(page)
    assert page.get_by_text("This page could not be made.").count() == 1
    for word in ("KeyError", "Traceback", "P017", "probe.py"):
        assert page.get_by_text(word).count() == 0, word
    said = probe.said()
    assert "A page failed: KeyError" in said and "P017" not in said and "Traceback" not in said
    probe.log.write_text("", encoding="utf-8")
