"""Pictures from files: decoded by Pillow, which lets other threads run meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any, final

from ..tensors import Tensor
from .dataset import Dataset
from .transforms.images import as_image

SUFFIXES = (".jpg", ".jpeg", ".png", ".ppm", ".bmp", ".pgm", ".tif", ".tiff", ".webp")


def decode_image(data: bytes, mode: str | None = "RGB") -> Tensor:
    """The picture that the bytes of a file hold (PNG, JPEG and whatever else Pillow reads).

    mode: "RGB", "L" (grey), or another of Pillow's modes; None keeps the file's own.
    Returns uint8 (channels, height, width), 0..255.

    Raises ValueError for bytes that are no picture, ModuleNotFoundError without Pillow.
    """
    image = _pillow()
    try:
        picture = image.open(BytesIO(data))
    except image.UnidentifiedImageError as error:
        raise ValueError(f"data: {len(data)} bytes that are no picture Pillow knows") from error
    return as_image(picture if mode in (None, picture.mode) else picture.convert(mode))


def read_image(path: str | Path, mode: str | None = "RGB") -> Tensor:
    """The picture of a file: see `decode_image`."""
    return decode_image(Path(path).read_bytes(), mode)


@final
class ImageFolder(Dataset[tuple[Any, int]]):
    """The pictures below a folder; the folders in it are the classes, in alphabetic order.

    root/cat/1.jpg, root/cat/more/2.png and root/dog/3.jpg give two classes and three items, which
    are (picture, label): a tensor (3, H, W) of bytes, or what `transform` makes of it, and the
    number of its class, or what `target_transform` makes of that.

    loader: reads a path; `read_image` if None. classes, class_to_idx, samples (path, label) and
    targets (labels) say what there is.

    Raises FileNotFoundError if there is no folder, or one without a picture.
    """

    def __init__(
        self,
        root: str | Path,
        transform: Callable[[Any], Any] | None = None,
        target_transform: Callable[[int], Any] | None = None,
        loader: Callable[[str], Any] | None = None,
    ):
        self.root, self.transform, self.target_transform = root, transform, target_transform
        self.loader = loader or read_image
        self.classes = sorted(folder.name for folder in Path(root).iterdir() if folder.is_dir())
        if not self.classes:
            raise FileNotFoundError(f"root: {root} has no folders, one for each class")
        self.class_to_idx = {name: i for i, name in enumerate(self.classes)}
        self.samples = [
            (str(path), label)
            for name, label in self.class_to_idx.items()
            for path in sorted(Path(root, name).rglob("*"))
            if path.suffix.lower() in SUFFIXES
        ]
        self.targets = [label for _, label in self.samples]
        empty = [name for name, i in self.class_to_idx.items() if i not in set(self.targets)]
        if empty:
            raise FileNotFoundError(f"root: no picture ({' '.join(SUFFIXES)}) in {empty}")

    def __getitem__(self, index: int) -> tuple[Any, Any]:
        path, label = self.samples[index]
        picture = self.loader(path)
        if self.transform is not None:
            picture = self.transform(picture)
        return picture, label if self.target_transform is None else self.target_transform(label)

    def __len__(self) -> int:
        return len(self.samples)


def _pillow() -> Any:
    try:
        import PIL.Image
    except ImportError as error:
        raise ModuleNotFoundError(
            "Pillow, which decodes pictures, is not installed; get it with: pip install pillow"
        ) from error
    return PIL.Image
