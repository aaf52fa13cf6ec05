"""A data set appears under its name whole or not at all, and the one it replaces goes only then.

It grows in a hidden folder beside its place and is renamed at the end. Renaming is the only thing that other
programs, and other runs of this one, can see:

    new:      .troupe-staging-x         ->  mira           (or mira_2, whichever is free at that moment)
    replace:  mira                      ->  .troupe-staging-old-x-mira
              .troupe-staging-x         ->  mira
              .troupe-staging-old-x-mira is deleted       (or renamed back when the second step fails)
"""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ..errors import BadDisk, TroupeError
from ..picturefiles import DAY, age_of, file_digest, umask
from .manifest import FILE

STAGING = ".troupe-staging-"
OLD = f"{STAGING}old-"
MINUTE, MOMENT = 60, 3


@contextmanager
def disk_errors(item: str) -> Iterator[None]:
    """What the file system refuses, in words for the data set's owner."""
    try:
        yield
    except OSError as error:
        full = error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))
        raise BadDisk(
            "The disk is full" if full else f"The data set cannot be written ({error.strerror or error})",
            item=item,
            remedy="Free some space and run again; nothing was changed."
            if full
            else "Look at the folder's permissions and close programs that use it; nothing was changed.",
        ) from error


@contextmanager
def staging_folder(root: Path) -> Iterator[Path]:
    """An empty folder below `root`; gone afterwards unless it was renamed, whatever happened."""
    with disk_errors(root.name):
        folder = Path(tempfile.mkdtemp(prefix=STAGING, dir=root))
        folder.chmod(0o777 & ~umask())  # mkdtemp makes it private
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def clear_leftovers(root: Path, name: str = "") -> None:
    """Remove what killed runs left a day ago, and put back a data set that a kill had moved aside.

    Between the two renames of a replacement its name is free for some microseconds; a minute is far beyond that. For
    the data set `name`, which is to be read now, nobody waits so long.
    """
    for folder in root.glob(f"{STAGING}*"):
        with suppress(FileNotFoundError):  # its run came to its end
            age = age_of(folder)
            moved = folder.name.removeprefix(OLD).partition("-")[2] if folder.name.startswith(OLD) else ""
            if moved and not (root / moved).exists() and (age > MINUTE or moved == name and not _appears(root / moved)):
                folder.rename(root / moved)
            elif age > DAY:
                shutil.rmtree(folder, ignore_errors=True)


def _appears(folder: Path) -> bool:
    """Whether it comes into being within a moment."""
    end = time.monotonic() + MOMENT
    while not folder.exists() and time.monotonic() < end:
        time.sleep(0.05)
    return folder.exists()


def place_of(root: Path, name: str) -> Path:
    """`root/name`, which must be a folder of `root` itself or free: a link could lead anywhere."""
    target = root / name
    if target.is_symlink() or target.resolve().parent != root:
        raise TroupeError(
            "The data set's folder is a link to somewhere else, so it is left alone",
            item=name,
            remedy="Choose another name.",
        )
    return target


def publish_new(staging: Path, root: Path, name: str) -> Path:
    """Rename to `name`, or to `name_2`, ... when it is taken by then."""
    n = 1
    while True:
        target = root / (name if n == 1 else f"{name}_{n}")
        if not os.path.lexists(target) and _renamed(staging, target):
            return target
        n += 1


def publish_over(staging: Path, target: Path, seen: str) -> Path:
    """Swap `target` for the staged one. `seen`: `state_of(target)` when the work began, "" for nothing there.

    Raises `TroupeError`, with the old one in its place, when somebody changed it in between.
    """
    if not seen:
        if target.is_dir() and not any(target.iterdir()):
            target.rmdir()
        if os.path.lexists(target) or not _renamed(staging, target):
            raise _changed_meanwhile(target)
        return target
    token = staging.name.removeprefix(STAGING).replace("-", "_")
    old = target.with_name(f"{OLD}{token}-{target.name}")
    os.utime(target)  # a folder's age counts from when it was moved aside
    target.rename(old)
    try:
        if state_of(old) != seen:
            raise _changed_meanwhile(target)
        staging.rename(target)
    except BaseException:
        old.rename(target)
        raise
    shutil.rmtree(old, ignore_errors=True)
    return target


def _changed_meanwhile(target: Path) -> TroupeError:
    return TroupeError(
        "Another run changed the data set while this one was writing",
        item=target.name,
        remedy="Run again; what is there was left alone.",
    )


def state_of(folder: Path) -> str:
    """What tells one version of a data set from the next."""
    return file_digest(folder / FILE)


def carry_over(source: Path, staging: Path, leave: frozenset[str]) -> None:
    """Take all files of `source` along, except those in `leave` (paths with `/`), as links where the disk can.

    A link is the same file under a second name: nothing is copied, nothing of the old set is touched.
    Raises `TroupeError` for a symbolic link, which could lead anywhere.
    """
    for folder, folders, files in os.walk(source):
        below = Path(folder).relative_to(source)
        if links := [n for n in folders + files if os.path.islink(os.path.join(folder, n))]:
            raise TroupeError(
                "The data set holds a link, so nothing can be added to it safely",
                item=(below / links[0]).as_posix(),
                remedy="Replace the link by the files themselves.",
            )
        (staging / below).mkdir(exist_ok=True)
        for name in files:
            if (below / name).as_posix() not in leave:
                _link(Path(folder, name), staging / below / name)


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def _renamed(staging: Path, target: Path) -> bool:
    try:
        staging.rename(target)
    except OSError as error:
        # Another run took the name in between; on Windows that is a PermissionError.
        if error.errno in (errno.EEXIST, errno.ENOTEMPTY) or os.path.lexists(target):
            return False
        raise
    return True
