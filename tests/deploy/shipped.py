"""What is shipped for running on servers, made to run here: the compose file's settings, the proxy's file."""

from __future__ import annotations

import datetime
import re
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"


@cache
def compose() -> dict[str, Any]:
    """The compose file as read."""
    return yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))


def environment(host: str) -> dict[str, str]:
    """A server's environment of the compose file under a host name."""
    text = {key: str(value) for key, value in compose()["services"]["app1"]["environment"].items()}
    return {key: re.sub(r"\$\{OUTCOMES_HOST[^}]*\}", host, value) for key, value in text.items()}


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for localhost that nobody signed, and its key."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    made = (x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
            .serial_number(x509.random_serial_number()).not_valid_before(now - datetime.timedelta(1))
            .not_valid_after(now + datetime.timedelta(1))
            .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), False)
            .sign(key, hashes.SHA256()))
    paths = folder / "certificate.pem", folder / "key.pem"
    paths[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                                           serialization.NoEncryption()))
    return paths


def proxy_file(folder: Path, ports: tuple[int, int], servers: tuple[str, ...], *, has_affinity: bool = True) -> Path:
    """The shipped proxy's file as a whole configuration of its own in a folder.

    Parameters
    ----------
    ports : for HTTPS and for HTTP
    servers : host and port of each server, in place of app1 and app2
    has_affinity : without it the line that keeps a browser with its server is left out
    """
    chain, key = certificate(folder)
    text = (DEPLOY / "nginx.conf.template").read_text(encoding="utf-8").replace("${OUTCOMES_HOST}", "localhost")
    changes = {"/etc/nginx/tls/certificate.pem": str(chain), "/etc/nginx/tls/key.pem": str(key),
               "listen 443": f"listen 127.0.0.1:{ports[0]}", "listen 80": f"listen 127.0.0.1:{ports[1]}",
               "/dev/stdout": str(folder / "access.log"), "/dev/stderr": str(folder / "error.log")}
    changes |= {f"app{number}:8501": server for number, server in enumerate(servers, 1)}
    if not has_affinity:
        changes["    hash $outcomes_key consistent;\n"] = ""
    for before, after in changes.items():
        assert before in text, before
        text = text.replace(before, after)
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    places = "".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)
    path = folder / "nginx.conf"
    path.write_text(f"pid {folder}/nginx.pid; error_log {folder}/start.log; daemon off; events {{}}\n"
                    f"http {{ {places}\n{text}\n}}\n", encoding="utf-8")
    return path


def nginx_says(path: Path) -> tuple[int, str]:
    """The exit code of nginx's own check and its words."""
    command = ["nginx", "-t", "-p", str(path.parent), "-c", str(path), "-e", str(path.parent / "start.log")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stderr
