"""Any array as a gray picture: one number for each dot, shades for the page, bytes for paper."""

import base64
import struct
import zlib
from typing import Any

import numpy as np

MOST = 96  # dots along the longer side of a picture that is only looked at


def gray(x: Any) -> np.ndarray:
    """One number for each dot, float64 (height, width): the mean of all channels.

    x: (h, w), (c, h, w), (h, w, 3) or a batch of one; a tensor or whatever NumPy reads.
    Raises TypeError for what holds no numbers, ValueError for another shape.
    """
    array = numbers(x)
    if array.ndim == 4 and array.shape[0] == 1:
        array = array[0]
    if array.ndim == 3:
        last = array.shape[-1] in (3, 4) and array.shape[0] not in (1, 3, 4)
        array = array.mean(-1 if last else 0)
    if array.ndim != 2 or not array.size:
        raise ValueError(f"A picture (h, w) or (c, h, w) was expected, got {numbers(x).shape}.")
    return array


def numbers(x: Any) -> np.ndarray:
    """The array of a tensor, on whatever device, or of what NumPy reads; float64."""
    held = x.detach().cpu().numpy() if hasattr(x, "detach") else np.asarray(x)
    if held.dtype.kind not in "biuf":
        raise TypeError(f"A picture of numbers was expected, got {type(x).__name__}.")
    return held.astype(np.float64)


def shrunk(picture: np.ndarray, most: int = MOST) -> tuple[np.ndarray, int]:
    """The picture no larger than `most` dots, and how many dots became one along each side."""
    by = max(1, -(-max(picture.shape) // most))
    rows, columns = max(1, picture.shape[0] // by), max(1, picture.shape[1] // by)
    cut = picture[: rows * by, : columns * by] if by > 1 else picture
    down, right = cut.shape[0] // rows, cut.shape[1] // columns
    return cut.reshape(rows, down, columns, right).mean((1, 3)), by


def shades(picture: np.ndarray) -> dict[str, Any]:
    """A picture for the page: its size, a shade 0..255 for each dot, its smallest and largest."""
    finite = picture[np.isfinite(picture)]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)
    scaled = (np.nan_to_num(picture, nan=low, posinf=high, neginf=low) - low) / ((high - low) or 1)
    return {
        "rows": picture.shape[0],
        "columns": picture.shape[1],
        "shades": np.rint(scaled * 255).astype(int).ravel().tolist(),
        "low": low,
        "high": high,
    }


def png(drawn: dict[str, Any]) -> str:
    """Shades as a PNG in a data address, for a picture on paper."""
    rows = np.array(drawn["shades"], np.uint8).reshape(drawn["rows"], drawn["columns"])
    lines = np.concatenate([np.zeros((len(rows), 1), np.uint8), rows], 1).tobytes()
    head = struct.pack(">IIBBBBB", drawn["columns"], drawn["rows"], 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(lines, 9)), (b"IEND", b""))
    whole = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )
    return "data:image/png;base64," + base64.b64encode(whole).decode()
