"""The files for running on servers, read as their programs read them: what must stand in them, stands in them."""

from __future__ import annotations

import ipaddress
import re
import shutil
import subprocess
import tomllib

import pytest

from tests.deploy.shipped import DEPLOY, ROOT, compose, environment, nginx_says, proxy_file

UNIT = DEPLOY / "ketamine-outcomes@.service"


def instructions(path=DEPLOY / "Containerfile"):
    """The instructions of a Containerfile: pairs of word and rest, lines joined."""
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    joined = "\n".join(lines).replace("\\\n", " ").splitlines()
    return [(word, rest.strip()) for word, _, rest in (line.partition(" ") for line in joined if line.strip())]


def test_the_image_has_two_stages_of_a_pinned_base_and_runs_as_nobody_special():
    found = instructions()
    stages = [place for place, (word, _) in enumerate(found) if word == "FROM"]
    assert len(stages) == 2 and found[0] == ("ARG", "PYTHON=docker.io/library/python:3.11-slim-bookworm")
    last = found[stages[-1]:]
    words = dict(last)
    assert words["USER"] == "10001:10001" and words["ENTRYPOINT"].startswith("[") and "HEALTHCHECK" in words
    assert words["STOPSIGNAL"] == "SIGTERM" and not any(word == "ADD" for word, _ in found)
    runs = " ".join(rest for word, rest in last if word == "RUN")
    assert not re.search(r"pip|apt|curl|wget|gcc", runs)
    assert "install -d -o outcomes -g outcomes -m 0700 /data" in runs
    place_of_user = [word for word, _ in last].index("USER")
    assert all(word not in ("RUN", "COPY") for word, _ in last[place_of_user:])


def test_the_image_takes_locked_packages_alone_and_nothing_that_was_not_named():
    runs = " ".join(rest for word, rest in instructions() if word == "RUN")
    assert "--require-hashes" in runs and "--only-binary :all:" in runs and "requirements.lock" in runs
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    named = [line for line in ignored if line and not line.startswith("#")]
    assert named[0] == "*"
    let_in = [line[1:] for line in named if line.startswith("!")]
    copies = [rest for word, rest in instructions() if word == "COPY" and "--from" not in rest]
    copied = [part for rest in copies for part in rest.split()[:-1]]
    assert set(copied) == set(let_in) and all((ROOT / part).exists() for part in copied)


@pytest.mark.parametrize("name", ["app1", "app2"])
def test_a_server_of_the_compose_file_may_do_little_and_holds_no_secret_in_its_environment(name):
    server = compose()["services"][name]
    assert server["read_only"] is True and server["cap_drop"] == ["ALL"] and server["user"] == "10001:10001"
    assert "no-new-privileges:true" in server["security_opt"] and "ports" not in server
    assert not any(re.search(r"://[^@/]*:[^@/]*@", str(value)) for value in server["environment"].values())
    assert not any(re.search(r"PASSWORD$|SECRET|TOKEN", key) for key in server["environment"])
    assert server["depends_on"]["database"]["condition"] == "service_healthy"
    assert int(server["stop_grace_period"].removesuffix("s")) > 10


def test_a_server_keeps_nothing_on_a_disk_and_runs_nothing_from_memory():
    server = compose()["services"]["app1"]
    places = {place: options.split(",") for place, options in (one.split(":", 1) for one in server["tmpfs"])}
    assert set(places) == {"/tmp", "/data"} and "volumes" not in server
    assert all({"noexec", "nosuid", "nodev"} <= set(options) for options in places.values())
    assert {"mode=0700", "uid=10001"} <= set(places["/data"])
    assert server["pids_limit"] > 0 and server["mem_limit"]


def test_the_proxy_and_the_database_may_do_little_too():
    proxy, database = compose()["services"]["proxy"], compose()["services"]["database"]
    assert proxy["read_only"] is True and proxy["cap_drop"] == ["ALL"]
    assert set(proxy["cap_add"]) == {"CHOWN", "NET_BIND_SERVICE", "SETGID", "SETUID"}
    assert all(volume.endswith(":ro") for volume in proxy["volumes"]) and proxy["ports"] == ["443:443", "80:80"]
    for service in (proxy, database):
        assert service["security_opt"] == ["no-new-privileges:true"] and "privileged" not in service
    said = database["environment"]
    assert "POSTGRES_HOST_AUTH_METHOD" not in said and "POSTGRES_PASSWORD" not in said
    assert "--auth-host=scram-sha-256" in said["POSTGRES_INITDB_ARGS"].split()
    assert said["POSTGRES_PASSWORD_FILE"] == "/run/secrets/database_password"


def test_a_server_answers_under_the_name_that_people_type_and_no_other():
    said = environment("clinic.example")
    assert said["STREAMLIT_SERVER_ALLOWED_HOSTS"].split() == ["clinic.example", "localhost"]
    assert said["STREAMLIT_SERVER_CORS_ALLOWED_ORIGINS"] == "https://clinic.example"
    assert said["STREAMLIT_BROWSER_SERVER_ADDRESS"] == "clinic.example"
    assert said["STREAMLIT_BROWSER_SERVER_PORT"] == "443"


def test_every_address_of_the_network_is_given_once():
    given = [place["ipv4_address"] for service in compose()["services"].values()
             if isinstance(service["networks"], dict) for place in service["networks"].values() if place]
    network = ipaddress.ip_network(compose()["networks"]["web"]["ipam"]["config"][0]["subnet"])
    assert len(given) == len(set(given)) >= 3 and all(ipaddress.ip_address(one) in network for one in given)


def test_only_the_proxy_is_reached_and_only_the_proxy_is_believed():
    services = compose()["services"]
    assert [name for name, service in services.items() if "ports" in service] == ["proxy"]
    believed = services["app1"]["environment"]["FORWARDED_ALLOW_IPS"]
    assert believed == services["proxy"]["networks"]["web"]["ipv4_address"]
    assert compose()["networks"]["data"]["internal"] is True and services["database"]["networks"] == ["data"]


def test_every_secret_and_volume_that_is_used_is_declared_and_every_image_is_pinned():
    file = compose()
    used = set()
    for name, service in file["services"].items():
        used |= {one if isinstance(one, str) else one["source"] for one in service.get("secrets", ())}
        tag = service["image"].rpartition(":")[2]
        assert tag not in ("latest", service["image"]), name
        assert "healthcheck" in service and service["restart"] == "unless-stopped"
    assert used == set(file["secrets"])
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8")
    assert "/deploy/secrets/" in ignored and "/deploy/.env" in ignored


def test_options_of_streamlit_in_the_compose_file_are_options_of_streamlit():
    from streamlit import config

    known = {option.env_var for option in config.get_config_options().values()}
    named = {key for key in environment("localhost") if key.startswith("STREAMLIT_")}
    assert named and named <= known


@pytest.mark.skipif(shutil.which("nginx") is None, reason="no nginx is installed")
@pytest.mark.parametrize("has_affinity", [True, False])
def test_nginx_takes_the_proxys_file(tmp_path, has_affinity):
    code, said = nginx_says(proxy_file(tmp_path, (8443, 8080), ("127.0.0.1:1", "127.0.0.1:2"),
                                       has_affinity=has_affinity))
    assert code == 0 and "warn" not in said, said


def test_the_proxy_speaks_tls_of_today_alone():
    text = (DEPLOY / "nginx.conf.template").read_text(encoding="utf-8")
    protocols, (ciphers,) = re.findall(r"ssl_protocols ([^;]+);", text), re.findall(r"ssl_ciphers ([^;]+);", text)
    assert protocols and all(said.split() == ["TLSv1.2", "TLSv1.3"] for said in protocols)
    assert all(re.fullmatch(r"ECDHE-(ECDSA|RSA)-(AES\d+-GCM-SHA\d+|CHACHA20-POLY1305)", one)
               for one in ciphers.split(":"))


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd-analyze is installed")
def test_systemd_takes_the_unit_and_finds_it_hardened(tmp_path):
    text = UNIT.read_text(encoding="utf-8").replace("/opt/ketamine-outcomes/.venv/bin/streamlit", "/bin/true")
    unit = tmp_path / UNIT.name
    unit.write_text(text, encoding="utf-8")
    checked = subprocess.run(["systemd-analyze", "verify", unit], capture_output=True, text=True, check=False)
    assert checked.returncode == 0 and str(tmp_path) not in checked.stderr, checked.stderr
    rated = subprocess.run(["systemd-analyze", "security", "--offline=true", "--threshold=20", unit],
                           capture_output=True, text=True, check=False)
    assert rated.returncode == 0, rated.stdout + rated.stderr


def test_the_unit_keeps_memory_off_the_disk_and_is_left_time_to_end():
    text = UNIT.read_text(encoding="utf-8")
    for line in ("LimitCORE=0", "MemorySwapMax=0", "NoNewPrivileges=true", "ProtectSystem=strict", "UMask=0077"):
        assert f"\n{line}\n" in text
    assert int(re.search(r"\nTimeoutStopSec=(\d+)\n", text)[1]) > 10


def test_what_the_project_ships_for_one_computer_stays_on_one_computer():
    options = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert options["server"]["address"] == "localhost"
