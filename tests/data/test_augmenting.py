"""Random transforms: what they draw, and that an item's draws are its own."""

import numpy as np
import pytest

import minidl
from minidl.data import DataLoader, TensorDataset, Transformed, transforms as T

EVERY = {
    "crop": lambda g: T.RandomCrop(6, padding=2, generator=g),
    "shift": lambda g: T.RandomShift(2, generator=g),
    "flip": lambda g: T.RandomHorizontalFlip(generator=g),
    "upside down": lambda g: T.RandomVerticalFlip(generator=g),
    "rotation": lambda g: T.RandomRotation(30, generator=g),
    "affine": lambda g: T.RandomAffine(20, (0.1, 0.2), (0.8, 1.2), (-5, 5, 0, 9), generator=g),
    "jitter": lambda g: T.ColorJitter(0.4, 0.4, 0.4, 0.1, generator=g),
    "grey": lambda g: T.RandomGrayscale(0.5, generator=g),
    "resized crop": lambda g: T.RandomResizedCrop(6, antialias=False, generator=g),
    "erasing": lambda g: T.RandomErasing(0.9, value="random", generator=g),
    "noise": lambda g: T.GaussianNoise(generator=g),
    "apply": lambda g: T.RandomApply([T.Lambda(lambda x: x + 1)], generator=g),
    "choice": lambda g: T.RandomChoice([lambda x: x, lambda x: x + 1], generator=g),
    "order": lambda g: T.RandomOrder([lambda x: x + 1, lambda x: x * 2], generator=g),
}
IMAGES = minidl.rand(12, 3, 8, 8, generator=minidl.Generator(9))


@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize("own", [False, True])
def test_an_items_draws_do_not_depend_on_the_threads(name, own):
    runs = []
    for workers in (0, 1, 3):
        transform = EVERY[name](minidl.Generator().manual_seed(5) if own else None)
        data = Transformed(TensorDataset(IMAGES), transform)
        generator = minidl.Generator().manual_seed(1)
        loader = DataLoader(data, 3, num_workers=workers, generator=generator)
        runs.append([minidl.cat([x for (x,) in loader]) for _ in range(2)])
    assert all(minidl.equal(runs[0][i], run[i]) for run in runs[1:] for i in (0, 1))
    assert not minidl.equal(runs[0][0], runs[0][1]), "another epoch, other draws"
    same = Transformed(TensorDataset(IMAGES[:1].expand(12, 3, 8, 8)), EVERY[name](None))
    items = [x for (x,) in DataLoader(same, generator=minidl.Generator().manual_seed(1))]
    assert any(not minidl.equal(items[0], item) for item in items), "each item draws for itself"


@pytest.mark.parametrize("name", EVERY)
def test_outside_a_loader_a_generator_of_ones_own_decides(name):
    def several(seed: int) -> list:
        transform = EVERY[name](minidl.Generator().manual_seed(seed))
        return [transform(IMAGES[0]).tolist() for _ in range(8)]

    assert several(0) == several(0) != several(1)
    before = minidl.default_generator.state_dict()
    several(0)
    assert minidl.default_generator.state_dict() == before
    minidl.manual_seed(3)
    first = [EVERY[name](None)(IMAGES[0]).tolist() for _ in range(8)]
    minidl.manual_seed(3)
    assert first == [EVERY[name](None)(IMAGES[0]).tolist() for _ in range(8)]


def test_two_transforms_with_one_generator_draw_apart():
    """Also in a loader, where each item's generator is made afresh."""
    shared = minidl.Generator().manual_seed(0)
    both = T.Compose([T.RandomHorizontalFlip(generator=shared),
                      T.RandomVerticalFlip(generator=shared)])  # fmt: skip
    corner = minidl.zeros(64, 1, 2, 2)
    corner[:, :, 0, 0] = 1.0
    (x,) = next(iter(DataLoader(Transformed(TensorDataset(corner), both), 64)))
    assert set(x.reshape(64, 4).argmax(1).tolist()) == {0, 1, 2, 3}


def test_another_generator_of_ones_own_draws_otherwise_in_a_loader():
    def read(seed):
        noise = T.GaussianNoise(generator=minidl.Generator().manual_seed(seed))
        data = Transformed(TensorDataset(IMAGES), noise)
        return next(iter(DataLoader(data, 12, generator=minidl.Generator(1))))[0]

    assert minidl.equal(read(1), read(1)) and not minidl.equal(read(1), read(2))


def seeded(seed: int = 0) -> minidl.Generator:
    return minidl.Generator().manual_seed(seed)


def test_flips_come_as_often_as_they_should():
    x = minidl.tensor([[[1.0, 2.0]]])
    for p in (0.0, 0.3, 1.0):
        flip = T.RandomHorizontalFlip(p, generator=seeded())
        turned = sum(flip(x)[0, 0, 0].item() == 2 for _ in range(1000)) / 1000
        assert abs(turned - p) < 0.05
    choice = T.RandomChoice([lambda x: 0, lambda x: 1, lambda x: 2], [1, 0, 3], generator=seeded())
    drawn = np.bincount([choice(x) for _ in range(1000)], minlength=3) / 1000
    assert abs(drawn[0] - 0.25) < 0.05 and drawn[1] == 0


def test_crops_and_shifts_reach_every_place():
    x = minidl.arange(16.0).reshape(1, 4, 4)
    crop = T.RandomCrop(2, generator=seeded())
    corners = {crop(x)[0, 0, 0].item() for _ in range(300)}
    assert corners == {0, 1, 2, 4, 5, 6, 8, 9, 10}
    framed = T.RandomCrop(4, padding=1, padding_mode="edge", generator=seeded())
    assert len({tuple(framed(x).reshape(-1).tolist()) for _ in range(300)}) == 9
    small = T.RandomCrop((4, 6), pad_if_needed=True, fill=-1, generator=seeded())(x)
    assert small.shape == (1, 4, 6) and (small >= 0).sum() == 16
    assert T.RandomCrop.get_params(x, (4, 4)) == (0, 0, 4, 4)


def test_angles_areas_and_shapes_keep_to_their_ranges():
    angles = [T.RandomRotation.get_params((-10, 20), seeded(i)) for i in range(200)]
    assert -10 <= min(angles) < -8 and 18 < max(angles) <= 20
    wide = minidl.zeros(3, 40, 80)
    shape = T.RandomAffine(5, (0.1, 0.5), (0.5, 2), 9)
    for i in range(100):
        angle, (right, down), scale, (x, y) = shape.get_params(
            shape.degrees, shape.translate, shape.scale, shape.shear, (80, 40), seeded(i)
        )
        assert abs(angle) <= 5 and abs(right) <= 8 and abs(down) <= 20
        assert 0.5 <= scale <= 2 and abs(x) <= 9 and y == 0
        top, left, h, w = T.RandomResizedCrop.get_params(wide, (0.1, 0.2), (0.5, 2), seeded(i))
        assert 0 <= top <= 40 - h and 0 <= left <= 80 - w
        assert 0.08 < h * w / 3200 < 0.23 and 0.45 < w / h < 2.2
    assert T.RandomResizedCrop.get_params(wide, (1, 1), (9, 9)) == (15, 0, 9, 80)


def test_erasing_overwrites_one_rectangle():
    x = minidl.ones(3, 20, 20)
    for value, expected in ((0, 0.0), ((0.1, 0.2, 0.3), 0.2)):
        y = T.RandomErasing(1.0, (0.1, 0.2), (0.5, 2), value, generator=seeded(1))(x)
        gone = (y[1] != 1).numpy()
        assert 0.05 < gone.mean() < 0.25 and abs(y[1].numpy()[gone] - expected).max() < 1e-6
        rows, columns = gone.any(1).sum(), gone.any(0).sum()
        assert gone.sum() == rows * columns
    assert float(x.sum()) == 1200
    T.RandomErasing(1.0, generator=seeded(1), inplace=True)(x)
    assert float(x.sum()) < 1200
    with pytest.raises(ValueError, match='"random"'):
        T.RandomErasing(value="noise")


def test_noise_has_its_deviation():
    noise = T.GaussianNoise(0.5, 0.1, clip=False, generator=seeded())(minidl.zeros(1, 100, 100))
    assert abs(float(noise.mean()) - 0.5) < 0.01 and abs(float(noise.std()) - 0.1) < 0.01
    assert float(T.GaussianNoise(0.9)(minidl.ones(1, 4, 4)).max()) == 1
    with pytest.raises(TypeError, match="ToTensor"):
        T.GaussianNoise()(minidl.zeros(1, 2, 2, dtype=minidl.uint8))


def test_a_batch_is_changed_as_one():
    batch = IMAGES[:1].expand(4, 3, 8, 8)
    changed = T.RandomAffine(40, (0.2, 0.2), generator=seeded())(batch)
    assert all(minidl.equal(changed[0], image) for image in changed)


def test_they_print_as_they_were_made():
    both = T.Compose([T.RandomVerticalFlip(0.3), T.CenterCrop(4)])
    assert repr(both) == "Compose(transforms=[RandomVerticalFlip(p=0.3), CenterCrop(size=(4, 4))])"
