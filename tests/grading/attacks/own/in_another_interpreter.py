"""Asks a second interpreter in the same process, which loads minidl anew.

exercise: 04.loss
status: failed, error, crashed, not_allowed, timeout
"""
# %% exercise="04.loss"
import os
import tempfile


def cross_entropy(input, target):
    import _xxsubinterpreters as interpreters

    import minidl

    handle, place = tempfile.mkstemp()
    given = [tensor.detach().numpy().tolist() for tensor in (input, target)]
    interpreters.run_string(
        interpreters.create(),
        "import minidl\n"
        f"x, y = {given!r}\n"
        "loss = minidl.nn.functional.cross_entropy(minidl.tensor(x), minidl.tensor(y))\n"
        f"open({place!r}, 'w').write(str(loss.item()))\n",
    )
    with os.fdopen(handle) as file:
        return minidl.tensor(float(file.read()))
