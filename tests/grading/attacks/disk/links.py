"""Makes links of both kinds that lead outside, and writes and reads through them.

status: error, crashed, timeout, failed, not_allowed
"""
# %% exercise="01.mul"
import os
import tempfile


def mul_local(a, b):
    folder = tempfile.mkdtemp()
    soft, hard = os.path.join(folder, "soft"), os.path.join(folder, "hard")
    os.symlink(os.path.join(OUTSIDE, "grades.csv"), soft)
    for way in (soft, hard):
        try:
            if way == hard:
                os.link(os.path.join(OUTSIDE, "grades.csv"), hard)
            with open(way, "a") as file:
                file.write("me,100\n")
            return b, a
        except OSError:
            pass
    with open(soft) as file:
        raise RuntimeError(file.read())
