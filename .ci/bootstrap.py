#!/usr/bin/env python3
"""Puts `uv` into .tools/ with nothing but Python's standard library; prints its path.

A fresh Debian or Ubuntu has Python without pip and without venv. uv needs neither, and uv.lock already
names its file and sha256 for every platform, so that even this first download is locked.
"""

from __future__ import annotations

import hashlib
import io
import os
import platform
import shutil
import subprocess
import sys
import tomllib
import urllib.error
import urllib.request
import zipfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
TOOL = ROOT / ".tools" / "uv"
CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")


def main() -> None:
    """Print the path of a uv of the locked version, fetching it if need be."""
    ensure_certificates()
    package = locked_package()
    if not is_version(TOOL, package["version"]):
        found = shutil.which("uv")
        if found and is_version(Path(found), package["version"]):
            print(found)
            return
        fetch(pick_wheel(package["wheels"]))
    print(TOOL)


def locked_package() -> dict[str, Any]:
    """The entry of uv itself in uv.lock."""
    lock = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))
    entries: list[dict[str, Any]] = lock["package"]
    return next(entry for entry in entries if entry["name"] == "uv")


def is_version(tool: Path, version: str) -> bool:
    """Whether `tool` runs and is of that version."""
    if not tool.exists():
        return False
    answer = subprocess.run([tool, "--version"], capture_output=True, text=True, check=False)
    return answer.stdout.split()[1:2] == [version]


def pick_wheel(wheels: list[dict[str, Any]]) -> dict[str, Any]:
    """The wheel for this machine."""
    machine = {"amd64": "x86_64", "arm64": "aarch64"}.get(platform.machine().lower(), platform.machine())
    if sys.platform == "darwin":
        wanted = ("macosx", "arm64" if machine == "aarch64" else machine)
    else:
        wanted = ("manylinux" if platform.libc_ver()[0] == "glibc" else "musllinux", machine)
    for wheel in wheels:
        name = wheel["url"].rsplit("/", 1)[-1]
        if all(part in name for part in wanted):
            return wheel
    sys.exit(f"setup: no uv for {sys.platform} {platform.machine()}; install uv yourself and run again")


def fetch(wheel: dict[str, Any]) -> None:
    """Download, check and unpack the program of one wheel."""
    try:
        with urllib.request.urlopen(wheel["url"], timeout=120) as answer:
            content = answer.read()
    except urllib.error.URLError as error:
        sys.exit(f"setup: cannot download uv ({error.reason}); check the network, or install uv yourself")
    if "sha256:" + hashlib.sha256(content).hexdigest() != wheel["hash"]:
        sys.exit("setup: the downloaded uv does not match uv.lock; nothing was installed")
    archive = zipfile.ZipFile(io.BytesIO(content))
    program = next(name for name in archive.namelist() if name.endswith("/scripts/uv"))
    TOOL.parent.mkdir(exist_ok=True)
    part = TOOL.with_suffix(f".{os.getpid()}.part")
    part.write_bytes(archive.read(program))
    part.chmod(0o755)
    part.replace(TOOL)


def ensure_certificates() -> None:
    """Debian's python3 brings no root certificates; as root we can put that right."""
    if sys.platform != "linux" or CERTIFICATES.exists() or os.environ.get("SSL_CERT_FILE"):
        return
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        sys.exit("setup: no root certificates here; run: sudo apt-get install ca-certificates")
    for command in (["apt-get", "update", "-qq"], ["apt-get", "install", "-qqy", "ca-certificates"]):
        subprocess.run(command, check=True, stdout=sys.stderr)


if __name__ == "__main__":
    main()
