"""The real graph editor in a headless Chromium that can reach nothing but this machine."""

from __future__ import annotations

import base64
import json
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import NamedTuple

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-proxy-server",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
# The graph is asked for last: before the editor is ready it complains of the question.
READY = """() => Object.keys(window.LiteGraph?.registered_node_types || {}).length > 100
    && window.app?.extensionManager && window.app.graph"""
# The editor asks the web how large missing models are, which the host's own policy forbids; it asks for files of the
# user that are not there yet; and it complains of who looks at its graph early.
NOT_OURS = ("Content Security Policy", "/userdata", "/user.css", "graph accessed before initialization")

# The host's own templates have moving pictures, some hundred: drawing them costs more than all tests.
HOST_THUMBNAILS = re.compile(r"/templates/[^/]+\.(webp|png|jpg|gif|mp4|webm)$")
BLANK = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")


def chromium() -> str | None:
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


class Frame(NamedTuple):
    """A node or a group as the editor has laid it out: pixels of the canvas, with its title bar."""

    title: str
    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: Frame) -> bool:
        apart = self.right <= other.left or other.right <= self.left or self.bottom <= other.top
        return not (apart or other.bottom <= self.top)

    def holds(self, other: Frame) -> bool:
        wide = self.left <= other.left and other.right <= self.right
        return wide and self.top <= other.top and other.bottom <= self.bottom


class Editor:
    """The page with the editor ready. `errors`: what the page has thrown or complained of, or could not get."""

    def __init__(self, page) -> None:
        self.page, self.errors = page, []
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda m: m.type == "error" and self._complain(f"{m.text} {m.location.get('url', '')}"))

    def _complain(self, text: str) -> None:
        if not any(known in text for known in NOT_OURS):
            self.errors.append(text)

    def evaluate(self, function: str, argument=None):
        """Run a JavaScript function; its result as plain JSON (undefined members are dropped)."""
        call = f"async (a) => JSON.stringify((await ({function})(a)) ?? null)"
        return json.loads(self.page.evaluate(call, argument))

    def set(self, setting: str, value) -> None:
        """One of the editor's own settings, by its id."""
        change = "async ([id, to]) => { await app.extensionManager.setting.set(id, to); return null }"
        self.evaluate(change, [setting, value])

    def load(self, workflow: dict, name: str) -> None:
        self.evaluate("async ([w, n]) => { await app.loadGraphData(w, true, true, n); return null }", [workflow, name])

    def open_template(self, pack: str, name: str) -> None:
        """As a person does: the template browser, the pack among the extensions, the card; once more where a click went
        astray because the cards were still moving."""
        from playwright.sync_api import TimeoutError as TookTooLong

        self.evaluate("() => { app.graph.extra.before = true; return null }")
        self.evaluate("() => { app.extensionManager.command.execute('Comfy.BrowseTemplates'); return null }")
        dialog = self.page.get_by_role("dialog")
        dialog.get_by_role("button", name=pack, exact=True).click()
        card = dialog.get_by_test_id(f"template-workflow-{name}")
        card.click()
        with suppress(TookTooLong):
            dialog.wait_for(state="hidden", timeout=20_000)
        if dialog.is_visible():
            card.click()
        dialog.wait_for(state="hidden")
        # The same template twice is the same file, so its name alone does not tell that it has been loaded.
        self.page.wait_for_function(
            """name => !app.graph.extra.before
                && app.extensionManager.workflow.activeWorkflow?.path === `workflows/${name}.json`""",
            arg=name,
        )

    def run(self) -> None:
        """Press Run."""
        self.page.get_by_test_id("queue-button").click()

    def cancel(self) -> None:
        """Press the red button beside it."""
        self.page.get_by_label("Cancel current run").click()

    def set_widget(self, title: str, widget: str, value) -> None:
        self.evaluate(
            """([title, name, value]) => {
                const widget = app.graph.nodes.find(n => n.title === title).widgets.find(w => w.name === name)
                widget.value = value
                widget.callback?.(value)
                return null
            }""",
            [title, widget, value],
        )

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

    def wait(self, condition: str) -> None:
        """Until a JavaScript function is true."""
        self.page.wait_for_function(condition, polling=50)

    def refusals(self) -> list[str]:
        """What the host has said of wrong inputs, as the editor keeps it to show it."""
        return self.evaluate(
            "() => Object.values(app.lastNodeErrors ?? {}).flatMap(node => node.errors.map(e => e.details))"
        )

    def wait_for_pictures(self, *titles: str) -> None:
        """Until each of these nodes shows one; the editor loads a picture when it draws its node."""
        self.page.wait_for_function(
            """titles => {
                app.canvas.setDirty(true, true)
                return app.graph.nodes.filter(n => titles.includes(n.title)).every(n => n.imgs?.length === 1)
            }""",
            arg=titles,
        )

    def texts_of(self, kind: str) -> list[str]:
        """What the nodes of a kind show as text."""
        return self.evaluate("kind => app.graph.nodes.filter(n => n.type === kind).map(n => n.widgets[0].value)", kind)

    def grown(self, workflow: dict) -> list[str]:
        """Titles of nodes that need more room than the file gives them, for widgets, pictures or the title itself."""
        saved = {str(node["id"]): node["size"] for node in workflow["nodes"]}
        grown = """saved => app.graph.nodes.filter(n => {
            const [width, height] = saved[n.id], [least, lowest] = n.computeSize()
            return n.size[0] > width || n.size[1] > height || least > width || lowest > height
        }).map(n => n.title)"""
        return self.evaluate(grown, saved)

    def to_api(self) -> dict:
        """What the Run button would queue."""
        return self.evaluate("async () => (await app.graphToPrompt()).output")

    def nodes(self) -> list[Frame]:
        return self._frames("app.graph.nodes.map(n => [n.title, ...n.getBounding()])")

    def groups(self) -> list[Frame]:
        return self._frames("app.graph.groups.map(g => [g.title, ...g.boundingRect])")

    def _frames(self, expression: str) -> list[Frame]:
        found = self.evaluate(f"() => {expression}")
        return [Frame(title, x, y, x + width, y + height) for title, x, y, width, height in found]


@contextmanager
def open_editor(url: str, width: int = 1800, height: int = 1000, sharpness: float = 1) -> Iterator[Editor]:
    """`sharpness`: pixels of a screenshot for one of the page."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), headless=True, args=list(FLAGS))
        try:
            page = browser.new_page(viewport={"width": width, "height": height}, device_scale_factor=sharpness)
            page.set_default_timeout(120_000)
            page.route(HOST_THUMBNAILS, lambda route: route.fulfill(content_type="image/gif", body=BLANK))
            editor = Editor(page)
            page.goto(url + "/", wait_until="domcontentloaded")
            page.wait_for_function(READY, polling=250)  # every frame would cost more than it tells
            page.get_by_test_id("queue-button").wait_for(state="visible")  # the splash screen is gone
            yield editor
        finally:
            browser.close()
