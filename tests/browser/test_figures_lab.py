"""matplotlib's figures in JupyterLab: no card of another colour, ink that shows, both themes."""

from __future__ import annotations

from typing import Any

import pytest
from PIL import Image

from .lab import Lab

DRAW = """
import matplotlib.pyplot as plt
import minidl_widgets

figure, (left, right) = plt.subplots(1, 2, figsize=(8, 3))
left.plot([0, 1, 2], [1, 0, 3], label="loss")
left.plot([0, 1, 2], [0, 1, 1], "k*", label="seen")
left.set(xlabel="step", ylabel="loss", title="Black is ink")
left.legend()
right.imshow([[0, 1], [2, 3]], cmap="viridis")
plt.show()
"""
PAGE = "return getComputedStyle(panel.content.node).backgroundColor.match(/[0-9]+/g).map(Number);"

ALONE = """text => {
    const image = document.body.appendChild(new Image());
    image.src = 'data:image/svg+xml,' + encodeURIComponent(text);
    return image.decode();
}"""


@pytest.mark.parametrize("system", ["light", "dark"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_figure_follows_the_labs_theme_whatever_the_systems(
    lab: Lab, theme: str, system: str
) -> None:
    lab.page.emulate_media(color_scheme=system)  # type: ignore[arg-type]
    lab.open(lab.write(f"figure-{theme}-{system}.ipynb", [DRAW]), theme).run_all()
    assert lab.errors() == []
    (output,) = lab.outputs(0)
    assert sorted(output["data"]) == ["image/svg+xml", "text/plain"]
    picture = lab.cell(0).locator(".jp-OutputArea-output img")
    lab.page.wait_for_timeout(300)  # the theme's colours fade in
    path = lab.screenshot(f"figure-{theme}", picture)
    with Image.open(path) as file:
        pixels = file.convert("RGB")
    ground = tuple(lab.ask(PAGE))
    colours: list[tuple[int, Any]] = pixels.getcolors(1 << 24) or []
    same = sum(n for n, colour in colours if _contrast(colour, ground) < 1.02)
    assert same > 0.3 * pixels.width * pixels.height
    assert sum(n for n, colour in colours if _contrast(colour, ground) > 12) > 1000, "letters"


def test_a_figure_is_legible_on_a_page_that_names_no_theme(lab: Lab) -> None:
    """Such as a notebook's HTML, white under a dark system: ink and ground belong together."""
    lab.open(lab.write("figure.ipynb", [DRAW])).run_all()
    text = lab.outputs(0)[0]["data"]["image/svg+xml"]
    lab.close()
    for system in ("light", "dark"):
        lab.page.emulate_media(color_scheme=system)
        lab.page.goto("about:blank")
        lab.page.evaluate(ALONE, "".join(text))
        with Image.open(lab.screenshot(f"figure-alone-{system}", lab.page.locator("img"))) as file:
            colours: list[tuple[int, Any]] = file.convert("RGB").getcolors(1 << 24) or []
        ground = max(colours)[1]
        assert sum(n for n, colour in colours if _contrast(colour, ground) > 12) > 1000


@pytest.mark.parametrize("width", [1280, 800])
def test_a_wide_figure_is_as_wide_as_its_page(lab: Lab, width: int) -> None:
    lab.page.set_viewport_size({"width": width, "height": 900})
    wide = DRAW.replace("(8, 3)", "(16, 3)")
    lab.open(lab.write(f"figure-wide-{width}.ipynb", [wide])).run_all()
    output = lab.cell(0).locator(".jp-OutputArea-output")
    shown = output.locator("img").evaluate("img => [img.clientWidth, img.clientHeight]")
    page = output.evaluate("one => [one.clientWidth, one.scrollWidth]")
    lab.screenshot(f"figure-wide-{width}", output)
    assert page[0] - 20 <= shown[0] <= page[0] == page[1]
    assert 3.5 < shown[0] / shown[1] < 3.9, "its shape stays"


def _contrast(one: tuple[int, ...], other: tuple[int, ...]) -> float:
    """WCAG's contrast of two colours, 1 to 21."""
    lights = []
    for colour in (one, other):
        linear = [c / 3294 if c <= 10 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in colour]
        lights.append(0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] + 0.05)
    return max(lights) / min(lights)
