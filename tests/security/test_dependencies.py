"""What an installation of the pack brings along, and what everything here is tested with.

Whether a version has a known hole is told by a service that tests do not ask; SECURITY.md says how to ask it.
"""

import re
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
LOCK = (ROOT / "requirements-dev.lock").read_text(encoding="utf-8")
# May be combined with GPL-3 (gnu.org/licenses/license-list), as packages call themselves.
COMPATIBLE = re.compile(r"apache|\bmit\b|bsd|psf|python software|\bisc\b|mpl|mozilla|lgpl|gpl-?v?3", re.IGNORECASE)


def wanted_by(file):
    """The names in a requirements file."""
    lines = [line.split("#")[0].strip() for line in (ROOT / file).read_text(encoding="utf-8").splitlines()]
    return {canonicalize_name(Requirement(line).name) for line in lines if line and not line.startswith("-")}


def optional():
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    section = text.partition("[project.optional-dependencies]")[2].partition("\n[")[0]
    return {canonicalize_name(Requirement(name).name) for name in re.findall(r'"(.+?)"', section)}


def brought(names):
    """They, and all that comes with them, among what is installed here."""
    found, pending = set(), set(names)
    while pending:
        name = pending.pop()
        found.add(name)
        try:
            needs = [Requirement(text) for text in requires(name) or ()]
        except PackageNotFoundError:  # not for this system
            continue
        here = {canonicalize_name(r.name) for r in needs if r.marker is None or r.marker.evaluate({"extra": ""})}
        pending |= here - found
    return found


@pytest.fixture(scope="module")
def hosts():
    return brought(wanted_by("requirements-host.txt"))


def test_a_host_gets_one_package_more_and_what_comes_with_it_or_two(hosts):
    assert wanted_by("requirements.txt") == {"diffusers", "tomli"}
    assert brought({"diffusers"}) - hosts <= {"diffusers", "importlib-metadata", "lazy-importer", "zipp", "regex"}


def test_whoever_asks_for_more_gets_little_more(hosts):
    assert optional() == {"open-clip-torch", "pyarrow", "ray"}
    little = {"open-clip-torch", "ftfy", "timm", "wcwidth", "pyarrow", "regex"}
    of_ray = {"ray", "jsonschema", "jsonschema-specifications", "msgpack", "protobuf", "referencing", "rpds-py"}
    assert brought(optional()) - hosts <= little | of_ray


def test_their_licences_go_with_ours(hosts):
    from importlib.metadata import metadata

    for name in sorted(brought({"diffusers"} | optional()) - hosts):
        told = metadata(name)
        classes = [c for c in told.get_all("Classifier") or () if c.startswith("License")]
        licence = told.get("License-Expression") or "; ".join(classes) or told.get("License") or ""
        assert COMPATIBLE.search(licence), f"{name}: {licence!r}"


def test_every_locked_package_is_one_version_by_its_hash():
    """So what is tested is what was looked at, whatever an index says on another day."""
    assert not re.search(r"^\s*(-|https?:|git\+|file:)|://", re.sub(r"^\s*(#|--hash).*$", "", LOCK, flags=re.MULTILINE))
    entries = re.split(r"\n(?=[a-zA-Z0-9])", re.sub(r"^\s*#.*\n", "", LOCK, flags=re.MULTILINE).strip())
    assert len(entries) > 100
    for entry in entries:
        pinned, *hashes = re.split(r"\s*\\\n\s*", entry.strip())
        assert re.match(r"[\w.\-]+(\[[\w,]+\])?==[\w.+!]+( ; .+)?$", pinned), entry
        assert hashes and all(re.fullmatch(r"--hash=sha256:[0-9a-f]{64}", h) for h in hashes), entry


def test_what_is_installed_here_is_what_is_locked():
    pinned, here = {}, {}
    for name, locked in re.findall(r"^([\w.\-]+)==([\w.+!]+)", LOCK, re.MULTILINE):
        pinned.setdefault(name, set()).add(locked)  # another one for each Python
    for name in pinned:
        try:
            here[name] = version(name)
        except PackageNotFoundError:
            continue  # for another system
    if here["pytest"] not in pinned["pytest"]:
        pytest.skip("these tests run in an environment of somebody's own")
    assert len(here) > 80 and not {n: v for n, v in here.items() if v.partition("+")[0] not in pinned[n]}
