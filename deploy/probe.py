"""Ask the server on this computer how it is: ``python deploy/probe.py [readyz|healthz] [port]``; 0 where it is well."""

from __future__ import annotations

import http.client
import sys

SECONDS = 4


def is_well(path: str, port: int) -> bool:
    """Whether the server answers 200."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)
    try:
        # Under the name that a server always knows, whatever it is called from outside.
        connection.request("GET", f"/{path}", headers={"Host": f"localhost:{port}"})
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    asked = sys.argv[1] if len(sys.argv) > 1 else "readyz"
    sys.exit(0 if is_well(asked, int(sys.argv[2]) if len(sys.argv) > 2 else 8501) else 1)
