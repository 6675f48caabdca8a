"""The kernel painter without a page: messages in, maps out, and where each number really looks."""

from __future__ import annotations

import base64
import json
import zlib

import numpy as np
import pytest
from minidl_widgets import KernelPainter
from minidl_widgets.feature_maps import stages
from minidl_widgets.pixels import gray, png, shades, shrunk

import minidl
from minidl import nn
from minidl.grading import install
from minidl.grading.pieces.yours import remove

PICTURE = np.arange(30.0).reshape(5, 6) % 7


def shown(painter: KernelPainter, which: int = 0) -> np.ndarray:
    drawn = painter.scene["maps"][which]
    return np.array(drawn["numbers"]).reshape(drawn["rows"], drawn["columns"])


def test_the_map_is_the_sum_at_every_place():
    painter = KernelPainter(PICTURE, [[1, 2], [0, -1]], stride=2, padding=1)
    padded = np.pad(PICTURE, 1)
    true = [
        [
            padded[r, c] + 2 * padded[r, c + 1] - padded[r + 1, c + 1]
            for c in range(0, padded.shape[1] - 1, 2)
        ]
        for r in range(0, padded.shape[0] - 1, 2)
    ]
    np.testing.assert_allclose(shown(painter), true)
    assert str(painter) == (
        "KernelPainter: picture 5 x 6, kernel 2 x 2, map 3 x 4, by minidl's conv2d"
    )
    json.dumps(painter.scene, allow_nan=False)


def test_what_the_page_asks_is_done():
    painter = KernelPainter(PICTURE)
    painter._hear(None, {"type": "paint", "kernel": [[2.0]]}, [])
    np.testing.assert_allclose(shown(painter), 2 * PICTURE)
    painter._hear(None, {"type": "turn", "name": "stride", "value": 3}, [])
    np.testing.assert_allclose(shown(painter), 2 * PICTURE[::3, ::3])
    before = painter.scene
    for message in ({"type": "turn", "name": "size", "value": 3}, {"type": "look"}, {}):
        painter._hear(None, message, [])
    assert painter.scene == before


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ({"type": "paint", "kernel": [[1.0] * 8]}, "1 to 7 rows and columns"),
        ({"type": "paint", "kernel": []}, "1 to 7 rows and columns"),
        ({"type": "paint", "kernel": [["x"]]}, "numbers was expected"),
        ({"type": "paint", "kernel": [[float("inf")]]}, "finite"),
        ({"type": "turn", "name": "dilation", "value": 0}, "whole number from 1"),
        ({"type": "turn", "name": "stride", "value": 1.5}, "whole number from 1"),
    ],
)
def test_what_is_no_kernel_is_told_and_changes_nothing(message, words):
    painter = KernelPainter(PICTURE)
    before = shown(painter)
    painter._hear(None, message, [])
    assert words in painter.scene["problem"]
    np.testing.assert_array_equal(shown(painter), before)


def test_a_kernel_that_does_not_fit_has_no_map():
    painter = KernelPainter(PICTURE, dilation=3)
    assert painter.scene["maps"] == [] and painter.scene["problem"]
    assert str(painter).endswith("no map")
    assert "<svg" in painter._repr_mimebundle_()[0]["image/svg+xml"]
    painter.turn(dilation=1)
    assert len(painter.scene["maps"]) == 1 and painter.scene["problem"] == ""


def test_the_learners_conv2d_paints():
    def doubled(input, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
        return 2 * input

    install("nn.functional.conv2d", doubled)
    try:
        painter = KernelPainter(PICTURE)
        np.testing.assert_allclose(shown(painter), 2 * PICTURE)
        assert painter.scene["title"] == "map 5 x 6, by your conv2d"
    finally:
        remove("nn.functional.conv2d")


NETWORKS = {
    "one": lambda: [nn.Conv2d(1, 2, (2, 3), stride=(2, 1), padding=(0, 2), dilation=(1, 2))],
    "deep": lambda: [nn.Conv2d(1, 2, 3, padding=1), nn.MaxPool2d(2), nn.Conv2d(2, 2, 2, stride=2)],
    "same": lambda: [nn.Conv2d(1, 2, 4, padding="same"), nn.Tanh(), nn.AvgPool2d(3, 2, 1)],
}


@pytest.mark.parametrize("made", NETWORKS.values(), ids=NETWORKS)
def test_a_number_looks_where_its_field_says_and_nowhere_else(made):
    """Every dot is changed in turn: the numbers that answer have it in their fields."""
    minidl.manual_seed(0)
    model = nn.Sequential(*made())
    model = nn.Sequential(*(nn.AvgPool2d(2) if isinstance(p, nn.MaxPool2d) else p for p in model))
    x = np.random.default_rng(0).normal(size=(1, 1, 11, 12)).astype(np.float32)
    before = stages(model, minidl.tensor(x))
    reached = [set() for _ in before]
    for r, c in np.ndindex(11, 12):
        y = x.copy()
        y[0, 0, r, c] += 10
        for found, old, new in zip(reached, before, stages(model, minidl.tensor(y)), strict=True):
            moved = np.abs(new.maps - old.maps).max(0) > 1e-6
            found |= {(p, q, r, c) for p, q in np.argwhere(moved)}
    for found, stage in zip(reached, before, strict=True):
        assert stage.field is not None
        (y, x0), (down, right) = stage.field.start, stage.field.step
        tall, wide = stage.field.span
        for p, q in np.ndindex(*stage.maps.shape[1:]):
            seen = np.array([(r, c) for a, b, r, c in found if (a, b) == (p, q)])
            rows = np.clip([y + p * down, y + p * down + tall - 1], 0, 10)
            columns = np.clip([x0 + q * right, x0 + q * right + wide - 1], 0, 11)
            assert len(seen)
            assert rows[0] <= seen[:, 0].min() and seen[:, 0].max() <= rows[1]
            assert columns[0] <= seen[:, 1].min() and seen[:, 1].max() <= columns[1]
        (p, q) = (n // 2 for n in stage.maps.shape[1:])
        middle = np.array([(r, c) for a, b, r, c in found if (a, b) == (p, q)])
        assert np.ptp(middle[:, 0]) + 1 <= tall and np.ptp(middle[:, 1]) + 1 <= wide


def test_the_layers_of_a_network_are_looked_at():
    model = nn.Sequential(nn.Conv2d(1, 3, 3), nn.Dropout(0.5), nn.Flatten(), nn.Linear(36, 2))
    model.train()
    painter = KernelPainter(PICTURE + 1, model=model)
    assert model.training and model[1].training, "as it was"
    assert painter.scene["layers"] == ["0 Conv2d", "1 Dropout"]
    first = shown(painter, 2)
    painter._hear(None, {"type": "look", "layer": 1}, [])
    np.testing.assert_array_equal(shown(painter, 2), first)
    painter._hear(None, {"type": "look", "layer": 9}, [])
    assert painter.scene["layer"] == 1
    painter._hear(None, {"type": "paint", "kernel": [[1.0]]}, [])
    assert painter.scene["mode"] == "maps"
    json.dumps(painter.scene, allow_nan=False)


def test_where_layers_are_no_chain_nothing_is_claimed():
    class Round(nn.Module):
        def __init__(self):
            super().__init__()
            self.first, self.second = nn.Conv2d(1, 1, 3, padding=1), nn.Conv2d(1, 1, 3, padding=1)

        def forward(self, x):
            return self.second(x + self.first(x))

    first, second = stages(Round(), minidl.ones(1, 1, 4, 4))
    assert first.field is not None and second.field is None


def test_what_cannot_be_looked_at_is_refused():
    with pytest.raises(TypeError, match="numbers was expected, got str"):
        KernelPainter("text")
    with pytest.raises(ValueError, match="A picture"):
        KernelPainter(np.zeros((0, 3)))
    with pytest.raises(ValueError, match="not both"):
        KernelPainter(PICTURE, [[1]], model=nn.Identity())
    with pytest.raises(ValueError, match="No layer"):
        KernelPainter(PICTURE, model=nn.Sequential(nn.Flatten(), nn.Linear(30, 2)))


def test_pictures_are_made_gray_and_small():
    colours = np.zeros((2, 5, 3))
    colours[..., 0] = 3
    np.testing.assert_array_equal(gray(colours), np.ones((2, 5)))
    np.testing.assert_array_equal(gray(minidl.tensor(colours.transpose(2, 0, 1))), np.ones((2, 5)))
    small, by = shrunk(np.arange(400.0 * 7).reshape(400, 7))
    assert by == 5 and small.shape == (80, 1)
    assert small[0, 0] == np.arange(35).reshape(5, 7)[:, :5].mean()
    drawn = shades(np.array([[0.0, np.nan], [5.0, 10.0]]))
    assert drawn["shades"] == [0, 0, 128, 255]


def test_paper_holds_every_dot():
    drawn = shades(PICTURE)
    whole = base64.b64decode(png(drawn).partition(",")[2])
    assert whole.startswith(b"\x89PNG") and whole[16:24] == b"\0\0\0\6\0\0\0\5"
    length = int.from_bytes(whole[33:37], "big")
    lines = np.frombuffer(zlib.decompress(whole[41 : 41 + length]), np.uint8).reshape(5, 7)
    assert lines[:, 1:].ravel().tolist() == drawn["shades"]
    bundle = KernelPainter(PICTURE)._repr_mimebundle_()[0]
    assert 'class="mdl-svg"' in bundle["image/svg+xml"]
    assert bundle["image/svg+xml"].count("<image") == 2
