"""Whether the other end of a connection on this computer belongs to the account that runs the server.

A computer can have many people: on a remote desktop everybody reaches everybody's localhost. The kernel knows whose a
socket is.
"""

from __future__ import annotations

import os
import sys
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path

Address = tuple[str, int]

_TABLES = (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))
_ESTABLISHED = "01"


def is_same_account(peer: Address, own: Address) -> bool | None:
    """Whether the process at ``peer``, connected to ``own``, is of our account; missing where nobody can tell."""
    if _TABLES[0].exists():
        return _by_table(peer, own)
    return _by_processes(peer, own)


def _by_table(peer: Address, own: Address) -> bool | None:
    """From the kernel's own list of sockets, in which every socket has the number of its account.

    Only an open one counts: of one that is closing the account is no longer told, and the list says 0 for it.
    """
    for table in _TABLES:
        wanted = {(_hexadecimal(peer, width), _hexadecimal(own, width)) for width in (8, 32)}
        try:
            lines = table.read_text(encoding="ascii").splitlines()[1:]
        except OSError:
            continue
        for line in lines:
            fields = line.split()
            if (fields[1], fields[2]) in wanted and fields[3] == _ESTABLISHED and fields[9] != "0":
                return int(fields[7]) == os.geteuid()
    return None


def _hexadecimal(address: Address, width: int) -> str:
    """An address as the kernel writes it: words of four bytes in this machine's order; as IPv4, or as IPv6."""
    host = _host(address[0])
    content = host.packed if host.version == 6 or width == 8 else bytes(10) + b"\xff\xff" + host.packed
    words = (int.from_bytes(content[place:place + 4], sys.byteorder) for place in range(0, len(content), 4))
    return "".join(f"{word:08X}" for word in words) + f":{address[1]:04X}"


def _by_processes(peer: Address, own: Address) -> bool | None:
    """By asking our own processes which connections they hold, where there is no such list."""
    try:
        import psutil
    except ImportError:
        return None
    try:
        me = psutil.Process().username()
        for process in psutil.process_iter(["username"]):
            if process.info["username"] == me and _holds(process, peer, own):
                return True
    except (psutil.Error, OSError):
        return None
    return False


def _holds(process: object, peer: Address, own: Address) -> bool:
    import psutil

    try:
        there = process.net_connections("tcp")  # type: ignore[attr-defined]
    except (psutil.Error, OSError):
        return False
    return any(one.laddr and one.raddr and (one.laddr.port, one.raddr.port) == (peer[1], own[1])
               and _same_host(one.laddr.ip, peer[0]) for one in there)


def _same_host(one: str, other: str) -> bool:
    return _host(one) == _host(other)


def _host(text: str) -> IPv4Address | IPv6Address:
    """An address; one of IPv4 that came in the clothes of IPv6 as what it is."""
    host = ip_address(text.partition("%")[0])
    return getattr(host, "ipv4_mapped", None) or host
