"""Pictures from files and folders."""

import sys

import numpy as np
import pytest

import minidl
from minidl.data import DataLoader, ImageFolder, decode_image, read_image, transforms

image = pytest.importorskip("PIL.Image")


@pytest.fixture
def folder(tmp_path):
    """Two cats, one of them deeper, and a dog; item i is all of grey i * 40."""
    paths = ["cat/b.png", "cat/more/a.PNG", "dog/c.jpg"]
    for i, path in enumerate(paths):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        image.new("RGB", (6, 4), (i * 40,) * 3).save(tmp_path / path)
    (tmp_path / "cat/notes.txt").write_text("not a picture")
    return tmp_path


def test_a_decoded_picture_is_its_bytes(tmp_path):
    array = np.random.default_rng(0).integers(0, 256, (5, 7, 3), dtype=np.uint8)
    path = tmp_path / "some.png"
    image.fromarray(array).save(path)
    x = read_image(path)
    assert x.dtype == minidl.uint8 and np.array_equal(x.numpy(), array.transpose(2, 0, 1))
    assert minidl.equal(decode_image(path.read_bytes(), None), x)
    grey = decode_image(path.read_bytes(), "L")
    assert grey.shape == (1, 5, 7)
    assert np.array_equal(grey.numpy()[0], np.asarray(image.fromarray(array).convert("L")))
    image.fromarray(array[..., 0]).save(path)
    assert read_image(path).shape == (3, 5, 7) and read_image(path, None).shape == (1, 5, 7)
    with pytest.raises(ValueError, match="data: 4 bytes that are no picture"):
        decode_image(b"text")


def test_folders_are_classes(folder):
    data = ImageFolder(folder)
    assert data.classes == ["cat", "dog"] and data.class_to_idx == {"cat": 0, "dog": 1}
    assert data.targets == [0, 0, 1] and len(data) == 3
    x, label = data[1]
    assert x.shape == (3, 4, 6) and x.dtype == minidl.uint8 and int(x[0, 0, 0]) == 40
    assert label == 0 and data[2][1] == 1
    named = ImageFolder(folder, transforms.ToTensor(), lambda label: data.classes[label])
    x, name = named[2]
    assert name == "dog" and x.dtype == minidl.float32 and abs(float(x.mean()) - 80 / 255) < 0.01
    assert ImageFolder(folder, loader=len)[0][0] == len(data.samples[0][0])


@pytest.mark.parametrize("workers", [0, 2])
def test_a_folder_goes_through_a_loader(folder, workers):
    chain = transforms.Compose([transforms.RandomCrop(4), transforms.ToTensor()])
    (x, y), *rest = DataLoader(ImageFolder(folder, chain), 3, num_workers=workers)
    assert x.shape == (3, 3, 4, 4) and y.tolist() == [0, 0, 1] and not rest


def test_folders_without_pictures_are_named(tmp_path):
    with pytest.raises(FileNotFoundError, match="has no folders"):
        ImageFolder(tmp_path)
    (tmp_path / "cat").mkdir()
    with pytest.raises(FileNotFoundError, match=r"no picture .* in \['cat'\]"):
        ImageFolder(tmp_path)
    with pytest.raises(FileNotFoundError):
        ImageFolder(tmp_path / "nowhere")


def test_without_pillow_the_message_says_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "PIL", None)
    monkeypatch.setitem(sys.modules, "PIL.Image", None)
    with pytest.raises(ModuleNotFoundError, match="pip install pillow"):
        decode_image(b"")
