"""What threads bring when items take work: pictures decoded by Pillow, arrays unpacked by zlib.

    python -m benchmarks.decoding

A pass over a data set whose items must be decoded, with 0, 1, 2 and 4 threads in turn; the fastest
of some passes counts. The decoders release the interpreter's lock, so that threads use all cores.
The set "Python" works with the lock held: there threads bring nothing.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Callable
from io import BytesIO
from time import perf_counter
from typing import Any, final

import numpy as np

from minidl.creation import from_numpy
from minidl.data import DataLoader, Dataset
from minidl.data.pictures import decode_image

ITEMS, BATCH, ROUNDS = 32, 4, 4
THREADS = (0, 1, 2, 4)
SHAPE = (1024, 1536, 3)


@final
class Decoded(Dataset[Any]):
    """Item i is what `decode` makes of bytes number i."""

    def __init__(self, files: list[bytes], decode: Callable[[bytes], Any]):
        self.files, self.decode = files, decode

    def __getitem__(self, index: int) -> Any:
        return self.decode(self.files[index])

    def __len__(self) -> int:
        return len(self.files)


def pictures() -> list[np.ndarray]:
    """Soft colours with some noise, which pack neither too well nor too badly."""
    rng, (height, width, _) = np.random.default_rng(0), SHAPE
    y, x = np.mgrid[0:height, 0:width] / 100
    soft = [np.stack([np.sin(x * a + y * b) for a, b in rng.random((3, 2))], -1) for _ in range(8)]
    noisy = [120 + 100 * soft[i % 8] + rng.normal(0, 12, SHAPE) for i in range(ITEMS)]
    return [picture.clip(0, 255).astype(np.uint8) for picture in noisy]


def packed(picture: np.ndarray, kind: str) -> bytes:
    """The bytes of a PNG or JPEG file."""
    from PIL import Image

    file = BytesIO()
    Image.fromarray(picture).save(file, kind)
    return file.getvalue()


def unpack(data: bytes) -> Any:
    return from_numpy(np.frombuffer(bytearray(zlib.decompress(data)), np.uint8).reshape(SHAPE))


def in_python(data: bytes) -> Any:
    return float(sum(i * i for i in range(200_000))) + len(data)


def sets() -> dict[str, Decoded]:
    made = pictures()
    zipped = [zlib.compress(picture.tobytes(), 1) for picture in made]
    found = {"zlib": Decoded(zipped, unpack), "Python": Decoded(zipped, in_python)}
    try:
        for kind in ("PNG", "JPEG"):
            found[kind] = Decoded([packed(picture, kind) for picture in made], decode_image)
    except ModuleNotFoundError:
        print("without Pillow there are no PNG and no JPEG")
    return found


def speeds(dataset: Decoded) -> list[float]:
    """Items a second for each number of threads; they take turns, and the fastest pass counts."""
    found: dict[int, list[float]] = {threads: [] for threads in THREADS}
    for _ in range(ROUNDS):
        for threads in THREADS:
            begun = perf_counter()
            for _ in DataLoader(dataset, BATCH, num_workers=threads):
                pass
            found[threads].append(perf_counter() - begun)
    return [len(dataset) / min(seconds) for seconds in found.values()]


def main() -> None:
    print(f"{ITEMS} pictures of {SHAPE}, batches of {BATCH}, {os.cpu_count()} cores; items/s")
    print(f"{'decoded by':12}" + "".join(f"{n:>6} threads" for n in THREADS) + "   most / 0")
    for name, dataset in sets().items():
        found = speeds(dataset)
        row = "".join(f"{speed:14.0f}" for speed in found)
        print(f"{name:12}{row}{max(found[1:]) / found[0]:11.2f}")


if __name__ == "__main__":
    main()
