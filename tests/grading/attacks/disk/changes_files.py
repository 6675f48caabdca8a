"""Renames, shortens, deletes and opens to all what lies outside.

status: error, crashed, timeout, failed, not_allowed
"""
# %% exercise="01.mul"
import os
import shutil


def tried(action, *arguments):
    try:
        action(*arguments)
        return True
    except OSError:
        return False


def mul_local(a, b):
    one = os.path.join(OUTSIDE, "grades.csv")
    done = [
        tried(os.chmod, one, 0o777),
        tried(os.truncate, one, 0),
        tried(os.rename, one, one + ".old"),
        tried(os.unlink, one),
        tried(os.utime, one),
        tried(os.setxattr, one, "user.taken", b"1"),
        tried(os.mkdir, os.path.join(OUTSIDE, "folder")),
        tried(os.mkfifo, os.path.join(OUTSIDE, "pipe")),
        tried(shutil.rmtree, OUTSIDE),
    ]
    return (b, a) if any(done) else (0.0, 0.0)
