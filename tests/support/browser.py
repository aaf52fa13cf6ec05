"""The real graph editor in a headless Chromium that can reach nothing but this machine."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-proxy-server",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
READY = """() => window.app?.graph && window.app.extensionManager
    && Object.keys(window.LiteGraph?.registered_node_types || {}).length > 100"""


def chromium() -> str | None:
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


class Editor:
    """The page with the editor ready. `errors`: exceptions that the page has thrown."""

    def __init__(self, page) -> None:
        self.page, self.errors = page, []
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    def evaluate(self, function: str, argument=None):
        """Run a JavaScript function; its result as plain JSON (undefined members are dropped)."""
        call = f"async (a) => JSON.stringify((await ({function})(a)) ?? null)"
        return json.loads(self.page.evaluate(call, argument))

    def load(self, workflow: dict, name: str) -> None:
        self.evaluate("async ([w, n]) => { await app.loadGraphData(w, true, true, n); return null }", [workflow, name])

    def missing_types(self) -> list[str]:
        """Types of the open graph that no pack provides; the editor itself shows only a toast."""
        return self.evaluate(
            """() => {
                const known = LiteGraph.registered_node_types, missing = []
                const walk = g => g.nodes.forEach(n =>
                    n.subgraph ? walk(n.subgraph) : n.type in known || missing.push(n.type))
                walk(app.graph)
                return missing
            }"""
        )

    def to_api(self) -> dict:
        """What the Run button would queue."""
        return self.evaluate("async () => (await app.graphToPrompt()).output")


@contextmanager
def open_editor(url: str, width: int = 1800, height: int = 1000) -> Iterator[Editor]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), headless=True, args=list(FLAGS))
        try:
            page = browser.new_page(viewport={"width": width, "height": height})
            page.set_default_timeout(60_000)
            editor = Editor(page)
            page.goto(url + "/", wait_until="domcontentloaded")
            page.wait_for_function(READY)
            page.get_by_test_id("queue-button").wait_for(state="visible")  # the splash screen is gone
            yield editor
        finally:
            browser.close()
