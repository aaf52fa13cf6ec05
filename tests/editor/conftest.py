"""One browser with one editor for all tests of this folder; Playwright's loop must not outlive them, so no longer."""

import os

import pytest

from support.browser import chromium, open_editor


@pytest.fixture(scope="package")
def shared_editor(live_host):
    if chromium() is None:
        if os.environ.get("CI"):
            pytest.fail("Chromium is missing: apt-get install chromium")
        pytest.skip("no Chromium on this machine: apt-get install chromium")
    with open_editor(live_host.url, width=1400, height=800) as editor:
        # Nobody looks, and without a graphics card every frame is drawn by the processor.
        editor.set("LiteGraph.Canvas.MaximumFps", 10)
        yield editor


@pytest.fixture
def editor(shared_editor):
    """The open editor; what the page complains of during the test fails it."""
    shared_editor.errors.clear()
    yield shared_editor
    assert not shared_editor.errors
