"""The reading room in the hands of a second reader: keyboard and mouse, nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from sample_studies.manifest import Lesion
from tests.e2e.service import until

PATIENCE_MS = 60_000
PICTURES = Path(__file__).resolve().parents[2] / "build" / "pictures"

PIXELS = """pane => {
    const shown = pane.querySelector('canvas');
    const copy = document.createElement('canvas');
    copy.width = shown.width; copy.height = shown.height;
    const pen = copy.getContext('2d');
    pen.drawImage(shown, 0, 0);
    return pen.getImageData(0, 0, copy.width, copy.height);
}"""
"""Reads the canvas of a viewport."""


def picture(page: Page, name: str) -> None:
    """Keep how the page looks in ``build/pictures``; the best of them are in the docs."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"{name}.png", animations="disabled")


@dataclass(frozen=True)
class Room:
    """The reading page of one case."""

    page: Page

    def by(self, test_id: str) -> Locator:
        """An element by its test id."""
        return self.page.get_by_test_id(test_id)

    def painted(self, pane: int = 0) -> None:
        """Wait for a real image in a viewport."""
        expect(self.by(f"pane-{pane}")).to_have_attribute("data-painted", "true", timeout=PATIENCE_MS)

    def shades(self, pane: int = 0) -> int:
        """How many different shades the canvas of a viewport shows, sampled; an empty or black one shows one."""
        counted: int = self.by(f"pane-{pane}").evaluate(
            f"""pane => {{
                const {{ data }} = ({PIXELS})(pane);
                const seen = new Set();
                for (let i = 0; i < data.length; i += 4 * 97) seen.add(data[i]);
                return seen.size;
            }}"""
        )
        return counted

    def coloured(self, pane: int = 0) -> bool:
        """Whether the canvas of a viewport shows more than greys."""
        return bool(
            self.by(f"pane-{pane}").evaluate(
                f"""pane => {{
                    const {{ data }} = ({PIXELS})(pane);
                    for (let i = 0; i < data.length; i += 4) {{
                        const colours = data.slice(i, i + 3);
                        if (Math.max(...colours) - Math.min(...colours) > 60) return true;
                    }}
                    return false;
                }}"""
            )
        )

    def brightness(self, column: float, row: float) -> float:
        """Mean brightness, 0 to 255, of the screen around an image point."""
        return float(
            self.by("pane-0").evaluate(
                f"""(pane, [column, row]) => {{
                    const {{ data, width, height }} = ({PIXELS})(pane);
                    const box = pane.getBoundingClientRect();
                    const spot = window.secondRead.imageToScreen(0, column, row);
                    const x = Math.round((spot.x - box.left) * width / box.width);
                    const y = Math.round((spot.y - box.top) * height / box.height);
                    let sum = 0;
                    for (let dy = -5; dy <= 5; dy++)
                        for (let dx = -5; dx <= 5; dx++) sum += data[4 * ((y + dy) * width + x + dx)];
                    return sum / 121;
                }}""",
                [column, row],
            )
        )

    def filled(self) -> tuple[float, float]:
        """Which part of the first viewport's width and height the image takes."""
        across, down = self.by("pane-0").evaluate(
            """pane => {
                const box = pane.getBoundingClientRect();
                const { rows, columns } = pane.dataset;
                const at = (c, r) => window.secondRead.imageToScreen(0, c, r);
                const [a, b] = [at(0, 0), at(Number(columns), Number(rows))];
                return [(b.x - a.x) / box.width, (b.y - a.y) / box.height];
            }"""
        )
        return across, down

    def go_to(self, lesion: Lesion) -> None:
        """Scroll to the image on which the lesion is largest."""
        there = self.page.evaluate(
            "([uid]) => window.secondRead.goTo(0, uid)",
            [lesion.sop_instance_uid],
        )
        assert there, "the image with the lesion is in the stack"

    def drag(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        """Drag with the left button from one image point to another, in pixels counted from centres at 0."""
        (x0, y0), (x1, y1) = self._on_screen(start), self._on_screen(end)
        mouse = self.page.mouse
        mouse.move(x0, y0)
        mouse.down()
        mouse.move((x0 + x1) / 2, (y0 + y1) / 2, steps=4)
        mouse.move(x1, y1, steps=4)
        mouse.up()

    def _on_screen(self, point: tuple[float, float]) -> tuple[float, float]:
        spot = self.page.evaluate(
            "([column, row]) => window.secondRead.imageToScreen(0, column, row)", [point[0] + 0.5, point[1] + 0.5]
        )
        return spot["x"], spot["y"]

    def choose(self, entry: str, words: str) -> None:
        """Type into a coded entry and take what is offered first."""
        box = self.by(entry)
        box.fill(words)
        self.page.keyboard.press("Enter")

    def saved(self) -> None:
        """Wait until the server has the draft."""
        until(lambda: self.by("saved").inner_text().startswith("saved"), "the word that all is saved")

    def commit(self) -> None:
        """Sign the independent read; the report opens."""
        self.page.keyboard.press("Control+Enter")
        expect(self.by("commit-dialog")).to_be_visible()
        self.page.keyboard.press("Enter")
        expect(self.by("report")).to_be_visible(timeout=PATIENCE_MS)
