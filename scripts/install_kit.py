"""Install Corridor from the folder this file lies in, without a network: called by install.sh.

Everything is looked at before anything is made: this Python and what it runs on, every wheel against its hash in the
file HASHES, the folder asked for. What is wrong is told in sentences, all at once; to an old Python (from 3.7 on) too.
"""

from __future__ import annotations

import hashlib
import os
import platform
import re
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
EXTRAS = "corridor[build,notebook]"
FAILURES = re.compile("error|denied|not available|no space", re.IGNORECASE)


def main() -> None:
    """Look at everything, then make the environment and install into it."""
    target = Path(os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else "corridor-environment"))  # noqa: PTH100
    wrong = [*find_other_python(), *find_damaged_wheels(), *find_fault_of_target(target)]
    if wrong:
        sys.exit("\n  ".join(["nothing was installed:", *wrong]))
    run("no environment could be made", sys.executable, "-m", "venv", str(target))
    python, command = target / "bin" / "python", target / "bin" / "corridor"
    silently = ["--isolated", "--quiet", "--disable-pip-version-check", "--no-cache-dir"]
    offline = ["--no-index", "--find-links", str(HERE / "wheels")]
    run("the wheels could not be installed", str(python), "-m", "pip", "install", *silently, *offline, EXTRAS)
    run("what was installed does not run", str(command), "--version")
    path = f'export PATH="{command.parent}:$PATH"'
    sys.stdout.write(f"The command is {command}; put it on the path with: {path}\n")


def find_other_python() -> list[str]:
    """Tell of what the wheels are made for that is other here."""
    meant = dict(line.split() for line in (HERE / "PYTHON").read_text().splitlines() if line)
    version = ".".join(platform.python_version_tuple()[:2])
    here = {"Python": version, "system": platform.system(), "processor": platform.machine()}
    mend = "name a Python that fits with PYTHON=/path/to/python, or make a kit on a machine like this one"
    return [
        f"this kit is for {name} {wanted}, and this is {here[name]} ({sys.executable}): {mend}"
        for name, wanted in meant.items()
        if here[name] != wanted
    ]


def find_damaged_wheels() -> list[str]:
    """Name the wheels that are missing or are not those of the kit."""
    wrong = []
    for line in (HERE / "HASHES").read_text().splitlines():
        wanted, name = line.split(maxsplit=1)
        try:
            found = hashlib.sha256((HERE / "wheels" / name).read_bytes()).hexdigest()
        except OSError as error:
            wrong.append(f"wheels/{name} cannot be read ({error.strerror}): copy the kit again")
        else:
            wrong += [f"wheels/{name} is damaged: copy the kit again"] * (found != wanted)
    return wrong


def find_fault_of_target(target: Path) -> list[str]:
    """Tell why no environment can be made in a folder: it must be new, empty or an environment, and writable."""
    if os.pathsep in str(target):
        return [f"{target}: an environment cannot lie under a path with a {os.pathsep} in it"]
    if target.exists() and not target.is_dir():
        return [f"{target} is a file: name a folder"]
    if target.is_dir() and any(target.iterdir()) and not (target / "pyvenv.cfg").exists():
        return [f"{target} has other things in it: name a new folder"]
    above = next(path for path in (target, *target.parents) if path.exists())
    if not above.is_dir() or not os.access(above, os.W_OK | os.X_OK):
        return [f"{above} cannot be written: name a folder of your own"]
    return []


def run(failed: str, *command: str) -> None:
    """Run a command, no setting of pip or Python around it; when it fails, end with what failed and what it said."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "PYTHON"))}
    done = subprocess.run(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    said = done.stdout.strip().splitlines()
    if done.returncode == 0:
        sys.stdout.write("".join(f"{line}\n" for line in said))
        return
    why = ([line for line in said if FAILURES.search(line)] or said or ["it said nothing"])[-1].strip()
    if "ensurepip" in done.stdout:
        why = "this Python has no ensurepip; on Debian and Ubuntu it is in the package python3-venv"
    sys.exit(f"{failed}: {why}\nOnce this is mended, the same command goes on.")


if __name__ == "__main__":
    main()
