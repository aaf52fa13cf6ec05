"""Which ComfyUI is used, and that the archive of the pinned one can't write where it should not."""

import io
import tarfile
from pathlib import Path

import pytest

from devkit import hosts, hostsource
from devkit.environment import python_in
from devkit.trouble import Trouble


def comfy(folder: Path, version: str = "0.30.0") -> Path:
    (folder / "comfy").mkdir(parents=True)
    (folder / "main.py").touch()
    (folder / "comfyui_version.py").write_text(f'__version__ = "{version}"\n')
    return folder


def python(folder: Path) -> Path:
    path = python_in(folder)
    path.parent.mkdir(parents=True)
    path.touch()
    return path


def test_existing_installation_wins_with_the_python_in_it(tmp_path):
    folder = comfy(tmp_path / "ComfyUI", "0.38.1")
    own = python(folder / "venv")
    chosen = hosts.choose(tmp_path / "home", {"COMFYUI_PATH": str(folder)})
    assert chosen == hosts.Host(folder, own, "0.38.1")


def test_python_is_looked_for_in_order(tmp_path):
    folder = comfy(tmp_path / "ComfyUI")
    assert hosts.python_of(folder, {}) is None
    beside = python(tmp_path / ".venv")
    assert hosts.python_of(folder, {}) == beside
    inside = python(folder / ".venv")
    assert hosts.python_of(folder, {}) == inside
    assert hosts.python_of(folder, {"COMFYUI_PYTHON": str(beside)}) == beside


def test_missing_comfyui_python_is_told(tmp_path):
    with pytest.raises(Trouble, match="COMFYUI_PYTHON .* no such file"):
        hosts.python_of(tmp_path, {"COMFYUI_PYTHON": str(tmp_path / "none")})


def test_installation_without_a_python_gets_ours(tmp_path, monkeypatch):
    folder = comfy(tmp_path / "ComfyUI")
    monkeypatch.setattr(hosts, "our_python", lambda home: home / "python")
    assert hosts.choose(tmp_path, {"COMFYUI_PATH": str(folder)}).python == tmp_path / "python"


@pytest.mark.parametrize(("version", "good"), [("0.30.0", True), ("0.30", False), ("0.29.9", False), ("1.0.0", True)])
def test_version_is_checked(tmp_path, version, good):
    folder = comfy(tmp_path / "ComfyUI", version)
    if good:
        assert hosts.existing({"COMFYUI_PATH": str(folder)}) == folder
    else:
        with pytest.raises(Trouble, match=f"is version {version}; Troupe needs 0.30.0 or newer"):
            hosts.existing({"COMFYUI_PATH": str(folder)})


def test_folder_without_comfyui_is_told(tmp_path):
    with pytest.raises(Trouble, match="there is no ComfyUI"):
        hosts.existing({"COMFYUI_PATH": str(tmp_path)})
    assert hosts.existing({}) is None


def archive(path: Path, *members: tuple[tarfile.TarInfo, bytes]) -> Path:
    with tarfile.open(path, "w:gz") as tar:
        for member, data in members:
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))
    return path


def test_unpack_takes_the_files_of_one_folder(tmp_path):
    made = archive(tmp_path / "a.tar.gz", (tarfile.TarInfo("p/in/a/b.py"), b"1"), (tarfile.TarInfo("p/out.py"), b"2"))
    assert hostsource.unpack(made, "p/in/", tmp_path / "host") == 1
    assert [p.relative_to(tmp_path).as_posix() for p in (tmp_path / "host").rglob("*.py")] == ["host/a/b.py"]


@pytest.mark.parametrize("name", ["p/in/../../evil.py", "p/in//etc/evil.py", "p/in/..\\evil.py"])
def test_unpack_refuses_to_climb_out(tmp_path, name):
    made = archive(tmp_path / "a.tar.gz", (tarfile.TarInfo(name), b"1"))
    with pytest.raises(Trouble, match="not unpacked"):
        hostsource.unpack(made, "p/in/", tmp_path / "host")


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE])
def test_unpack_refuses_links_and_devices(tmp_path, kind):
    member = tarfile.TarInfo("p/in/link")
    member.type, member.linkname = kind, "/etc/passwd"
    made = archive(tmp_path / "a.tar.gz", (member, b""))
    with pytest.raises(Trouble, match="not unpacked"):
        hostsource.unpack(made, "p/in/", tmp_path / "host")


def test_wrong_hash_is_told(tmp_path):
    made = archive(tmp_path / "a.tar.gz")
    with pytest.raises(Trouble, match="not the archive it should be"):
        hostsource.require_hash(made, "0" * 64)
