"""How the matrices of a stack lie in memory, as a library of matrix products must be told."""

Layout = tuple[bool, int, int]  # transposed? numbers from row to row, from matrix to matrix


def laid(shape: tuple[int, ...], strides: tuple[int, ...], size: int) -> Layout | None:
    """How the matrices of a stack lie; None where they lie in no way that is known.

    Args:
        strides: in bytes; size: of a number, in bytes.
    """
    (rows, columns), (down, along) = shape[-2:], (s // size for s in strides[-2:])
    offset, span = 0, None
    for n, s in zip(reversed(shape[:-2]), reversed(strides[:-2]), strict=True):
        if n == 1:
            continue
        if span is not None and s != span:
            return None
        offset, span = (s // size if span is None else offset), s * n
    if along == 1 or columns == 1:
        step = columns if rows == 1 else down
        return (False, step, offset) if step >= columns else None
    if down == 1 or rows == 1:
        return (True, along, offset) if along >= rows else None
    return None
