"""Whoever reaches the server without sign-in: from where, and of which account."""

from __future__ import annotations

import asyncio
import os
import socket

import pytest
from starlette.datastructures import Headers

from analytics.app import door, same_account, sign_in, start_key
from analytics.wording import access as words


def scope(client=("127.0.0.1", 5000), query=b"", path="/", kind="http", **headers):
    return {"type": kind, "client": client, "server": ("127.0.0.1", 8501), "query_string": query, "path": path,
            "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]}


def answered(came, is_ours=True, monkeypatch=None):
    return asyncio.run(door.answer_to(came, Headers(scope=came), came["path"]))


@pytest.fixture(autouse=True)
def account(monkeypatch):
    """What the kernel says of the other end."""
    said = [True]
    monkeypatch.setattr(same_account, "is_same_account", lambda peer, own: said[0])
    return said


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"])
def test_this_computer_is_let_in(host):
    assert answered(scope((host, 5))) is None


@pytest.mark.parametrize("host", ["192.0.2.1", "::2", "10.0.0.1", "fe80::1%eth0", "::ffff:192.0.2.1", "", "testclient"])
def test_another_computer_reads_how_to_set_up_sign_in(host):
    found = answered(scope((host, 5)))
    assert found.status_code == 403 and words.ELSEWHERE[0].encode() in found.body


def test_an_unknown_other_end_is_elsewhere():
    assert words.ELSEWHERE[0].encode() in answered(scope(None)).body


@pytest.mark.parametrize("header", [name.replace("-", "_") for name in door.FORWARDED])
def test_what_somebody_passed_on_is_elsewhere(header):
    assert words.ELSEWHERE[0].encode() in answered(scope(**{header: "127.0.0.1"})).body
    key = start_key.address("").partition("?")[2].encode()
    assert answered(scope(query=key, **{header: ""})).status_code == 403


@pytest.mark.parametrize("said", [False, None])
def test_another_account_and_one_nobody_can_tell_need_the_key(account, said):
    account[0] = said
    found = answered(scope())
    assert found.status_code == 403 and words.OTHER_ACCOUNT[0].encode() in found.body
    key = start_key.address("").partition("?")[2].encode()
    found = answered(scope(query=b"a=1&" + key + b"&b=%20&c="))
    assert found.status_code == 303 and found.headers["location"] == "/?a=1&b=+&c="
    cookie = found.headers["set-cookie"].partition(";")[0]
    assert answered(scope(cookie=cookie)) is None
    assert answered(scope(cookie=cookie[:-1] + "x")).status_code == 403
    assert answered(scope(cookie=cookie.replace("8501", "8502"))).status_code == 403, "another dashboard's"
    assert answered(scope(cookie=cookie, x_forwarded_for="1.2.3.4")).status_code == 403
    assert answered(scope(query=key, kind="websocket")).status_code == 403, "a socket's address is no way in"
    assert answered(scope(query=key[:-1])).status_code == 403
    copied = f"{start_key.PARAMETER}={cookie.partition('=')[2]}".encode()
    assert answered(scope(query=copied)).status_code == 403, "a copied cookie opens no address"


@pytest.mark.parametrize("path", ["//evil.example", "//evil.example/", "///evil.example"])
def test_the_key_leads_to_no_other_host(account, path):
    account[0] = False
    key = start_key.address("").partition("?")[2].encode()
    assert answered(scope(query=key, path=path)).headers["location"].startswith("/evil.example")


def test_key_and_cookie_are_each_starts_own(monkeypatch):
    before = start_key.cookie_value(), start_key.address("")
    monkeypatch.setattr(start_key, "_KEY", "another")
    assert start_key.cookie_value() != before[0] and start_key.address("") != before[1]
    assert len(before[1].partition("key=")[2]) == 43, "256 bits"


@pytest.mark.parametrize("odd", ["outcomes_key_8501=", "outcomes_key_8501=ü", "outcomes_key_8501"])
def test_an_odd_cookie_is_no_key(account, odd):
    account[0] = False
    came = scope()
    came["headers"] = [(b"cookie", odd.encode("latin-1"))]
    assert answered(came).status_code == 403


def test_with_sign_in_the_door_is_the_sign_ins(monkeypatch, account):
    account[0] = False
    monkeypatch.setattr(sign_in, "is_on", lambda: True)
    assert answered(scope(("192.0.2.1", 5))) is None


def test_a_watchman_is_let_in_anywhere():
    assert answered(scope(("192.0.2.1", 5), path="/healthz")) is None
    assert answered(scope(("192.0.2.1", 5), path="/healthz/x")).status_code == 403


def test_who_was_let_in_gets_the_key_once_and_out_of_reach_of_scripts(monkeypatch):
    def given(came):
        return door.key_cookie(came, Headers(scope=came))

    name_and_value, *flags = given(scope()).split("; ")
    assert "HttpOnly" in flags and "SameSite=Strict" in flags
    assert given(scope(cookie=name_and_value)) is None
    assert given(scope(cookie=name_and_value[:-1] + "x")) is not None
    monkeypatch.setattr(sign_in, "is_on", lambda: True)
    assert given(scope()) is None, "a sign-in needs none"


@pytest.mark.parametrize(("scheme", "forwarded", "expected"), [
    ("http", {}, False), ("https", {}, True), ("http", {"x_forwarded_proto": "https"}, True),
    ("http", {"x_forwarded_proto": "http"}, False), ("https", {"x_forwarded_proto": "http"}, True)])
def test_https_is_ours_or_the_proxys_before_us(scheme, forwarded, expected):
    came = scope(**forwarded) | {"scheme": scheme}
    assert door.is_https(came, Headers(scope=came)) is expected


# --- the account at the other end --------------------------------------------------------------------


@pytest.fixture
def real(monkeypatch):
    monkeypatch.undo()


def ends(family, host):
    """Both ends of a connection of this process: those of the server, and its peer."""
    listening = socket.create_server((host, 0), family=family)
    client = socket.create_connection(listening.getsockname()[:2])
    served, peer = listening.accept()
    return (client, served, listening), peer[:2], served.getsockname()[:2]


@pytest.mark.skipif(not os.path.exists("/proc/net/tcp"), reason="The kernel's list of sockets is Linux's.")
@pytest.mark.parametrize(("family", "host"), [(socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")])
def test_our_own_end_is_found_in_the_kernels_list(real, monkeypatch, family, host):
    try:
        held, peer, own = ends(family, host)
    except OSError:
        pytest.skip("This computer has no IPv6.")
    assert same_account.is_same_account(peer, own) is True
    assert same_account.is_same_account((peer[0], peer[1] ^ 1), own) is None, "another port is another end"
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    assert same_account.is_same_account(peer, own) is False
    monkeypatch.undo()
    held[0].shutdown(socket.SHUT_RDWR)
    assert same_account.is_same_account(peer, own) is None, "of one that closes the account is not told"
    for one in held:
        one.close()


def test_our_own_end_is_found_among_our_processes(real):
    pytest.importorskip("psutil")
    held, peer, own = ends(socket.AF_INET, "127.0.0.1")
    assert same_account._by_processes(peer, own) is True
    assert same_account._by_processes((peer[0], peer[1] ^ 1), own) is False
    for one in held:
        one.close()


@pytest.mark.parametrize(("address", "narrow", "wide"), [
    (("127.0.0.1", 8501), "0100007F:2135", "0000000000000000FFFF00000100007F:2135"),
    (("::ffff:127.0.0.1", 8501), "0100007F:2135", "0000000000000000FFFF00000100007F:2135"),
    (("::1", 80), None, "00000000000000000000000001000000:0050")])
def test_an_address_is_written_as_the_kernel_writes_it(real, monkeypatch, address, narrow, wide):
    monkeypatch.setattr(same_account.sys, "byteorder", "little")
    assert same_account._hexadecimal(address, 32) == wide
    if narrow:
        assert same_account._hexadecimal(address, 8) == narrow
