"""The image: nothing in the Containerfile that scripts/try_image.sh does not repeat, and no service with more rights than it needs."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from command import call

ROOT = Path(__file__).parents[2]
INSTALL = "sh /source/scripts/install_image.sh /source /opt/corridor"


def read_steps() -> list[tuple[str, str]]:
    """Return the Containerfile's instructions with their words."""
    lines = (ROOT / "Containerfile").read_text(encoding="utf-8").splitlines()
    steps = [line.split(" ", 1) for line in lines if line and not line.startswith("#")]
    return [(name, words) for name, words in steps]


def read_services() -> dict[str, Any]:
    document = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
    services: dict[str, Any] = document["services"]
    return services


def test_the_script_repeats_every_step_of_the_containerfile() -> None:
    """The installing is one script for both; environment, user and folder are read by it from the Containerfile."""
    tried = (ROOT / "scripts" / "try_image.sh").read_text(encoding="utf-8")
    steps = read_steps()
    assert [words for name, words in steps if name == "RUN"] == [
        INSTALL,
        "mkdir -p /work /cache && chown 1000:1000 /work /cache",
    ]
    assert INSTALL.removeprefix("sh ") in tried
    assert {name for name, _ in steps} == {"ARG", "FROM", "COPY", "RUN", "ENV", "USER", "WORKDIR", "CMD"}
    for name in ("ENV", "USER", "WORKDIR"):
        assert f"'s/^{name} //p' Containerfile" in tried
    assert all(re.fullmatch(r"\w+=\S+", words) for name, words in steps if name == "ENV")
    assert [words for name, words in steps if name == "USER"] == ["1000:1000"]


def test_the_image_is_given_what_the_wheel_is_made_of() -> None:
    copied = " ".join(words for name, words in read_steps() if name == "COPY").split()
    assert {"pyproject.toml", "uv.lock", "README.md", "LICENSE", "src", "scripts/install_image.sh"} <= set(copied)
    kept = (ROOT / ".containerignore").read_text(encoding="utf-8").splitlines()
    assert {line[1:] for line in kept if line.startswith("!")} == {word for word in copied if (ROOT / word).exists()}
    version = re.search(r"uv==[\d.]+", (ROOT / "Makefile").read_text(encoding="utf-8"))
    assert version is not None
    assert version[0] in (ROOT / "scripts" / "install_image.sh").read_text(encoding="utf-8")


def test_every_service_runs_with_no_more_than_it_needs() -> None:
    services = read_services()
    assert {"scheduler", "worker-1", "worker-2", "page"} <= set(services)
    for service in services.values():
        assert service["read_only"] is True
        assert service["user"] == "1000:1000"
        assert service["cap_drop"] == ["ALL"]
        assert service["tmpfs"] == ["/tmp"]
        assert all(volume.endswith(":ro") for volume in service.get("volumes", []) if "/cases" in volume)
    assert services["page"]["ports"] == ["127.0.0.1:8000:8000"]
    assert services["scheduler"]["networks"] == services["worker-1"]["networks"] == ["cluster"]
    compose = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
    assert compose["networks"]["cluster"] == {"internal": True}


@pytest.mark.parametrize("name", ["page", "scheduler", "worker-1"])
def test_the_words_of_a_service_are_those_of_its_command(name: str) -> None:
    """Every option of a service is one that its command has."""
    program, command, *words = read_services()[name]["command"]
    options = {word for word in words if word.startswith("--")}
    if program == "corridor":
        said = call(command, "--help").stdout
    else:
        tried = (ROOT / "scripts" / "try_image.sh").read_text(encoding="utf-8")  # which has run them
        said = "".join(re.findall(rf"as_image {program} {command} .*(?:\\\n.*)?", tried))
    assert options
    assert all(option in said for option in options)
