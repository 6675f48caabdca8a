"""The commands: `minidl lab` opens the course, `build` makes it, `doctor` looks around."""

from __future__ import annotations

import argparse
import importlib.util
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from .grading import doctor
from .grading.batch import command
from .grading.course import find_lesson, lessons
from .grading.course.start import lay_start
from .grading.course.working_copy import lay_out

EPILOG = "Begin with `minidl lab`. Something does not work? `minidl doctor` says what is missing."


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command. Returns the exit status: 0 well, 1 a failed check, 2 a wrong call."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    cut = words.index("--") if "--" in words else len(words)
    options = parser().parse_args(words[:cut])
    options.jupyter = words[cut + 1 :]
    try:
        return options.run(options)
    except (LookupError, ValueError, OSError) as error:
        said = error.args[0] if isinstance(error, LookupError) and error.args else error
        print(f"minidl: {said}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


def parser() -> argparse.ArgumentParser:
    """The commands and their options."""
    top = argparse.ArgumentParser(
        prog="minidl", description="Deep learning, learned by writing it.", epilog=EPILOG
    )
    commands = top.add_subparsers(title="commands", required=True, metavar="COMMAND")

    one = commands.add_parser("lab", help="open the course in JupyterLab", description=lab.__doc__)
    one.add_argument("folder", nargs="?", default="my-course", metavar="DIR", help="your folder")
    one.add_argument("--no-browser", action="store_true", help="print the address, open nothing")
    one.add_argument("--port", type=_port, help="serve on this port (default: a free one, 8888 up)")
    one.set_defaults(run=lab)

    one = commands.add_parser("build", help="make the notebooks", description=build.__doc__)
    one.add_argument("lessons", nargs="*", metavar="LESSON", help="01, value or 01_value; all")
    one.add_argument(
        "--check", action="store_true", help="say what is stale and exit 1; run nothing"
    )
    one.set_defaults(run=build)

    one = commands.add_parser(
        "release", help="a notebook for learners, marked for nbgrader", description=release.__doc__
    )
    one.add_argument("lesson", metavar="LESSON", help="01, value, 01_value or its folder")
    one.add_argument("--out", type=Path, default=Path(), metavar="DIR", help="where to (here)")
    one.set_defaults(run=release)

    command.add(commands)

    one = commands.add_parser(
        "doctor", help="what is here and what is missing", description=doctor.__doc__
    )
    one.add_argument("--json", action="store_true", help="the same for programs")
    one.set_defaults(run=lambda options: doctor.main(options.json))
    return top


def lab(options: argparse.Namespace) -> int:
    """Lays the lessons into DIR (my-course by default) and opens JupyterLab at their first page.

    What you write there is yours: an update never overwrites it. Ctrl-C ends the session. Options
    after a lone -- are passed on to JupyterLab.
    """
    if importlib.util.find_spec("jupyterlab") is None:
        raise LookupError("JupyterLab is not installed. Get it with: pip install 'minidl[course]'")
    here = lessons()
    if not any(lesson.student.is_file() for lesson in here):
        raise LookupError("There are no notebooks yet. In a clone, make them with: minidl build")
    folder = Path(options.folder).resolve()
    if folder.exists() and not folder.is_dir():
        raise LookupError(f"{folder} is a file; name a folder for the course.")
    for sentence in lay_out(folder, here):
        print(sentence)
    first = lay_start(folder, here)
    _one_thread()
    print(f"Your course is in {folder}. Press Ctrl-C here to end.", flush=True)
    return serve([sys.executable, "-m", "jupyterlab", *_settings(options, folder, first)], folder)


def _settings(options: argparse.Namespace, folder: Path, first: Path) -> list[str]:
    settings = [
        f"--ServerApp.root_dir={folder}",
        f"--LabApp.default_url=/lab/tree/{first.name}",
        "--ServerApp.answer_yes=True",  # one Ctrl-C ends it
    ]
    settings += ["--no-browser"] if options.no_browser else []
    if options.port:  # this port and no other
        settings += [f"--ServerApp.port={options.port}", "--ServerApp.port_retries=0"]
    settings += ["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    return settings + options.jupyter


def serve(command: list[str], folder: Path) -> int:
    """Runs a server until it ends or we are told to end; then it ends with us."""
    server = subprocess.Popen(command, cwd=folder)
    before = signal.signal(signal.SIGTERM, lambda *_: server.terminate())
    try:
        return server.wait()
    except KeyboardInterrupt:
        server.terminate()  # it shuts its kernels down first
        server.wait(20)
        print("Goodbye. Your work is saved; `minidl lab` opens it again.")
        return 0
    finally:
        signal.signal(signal.SIGTERM, before)


def build(options: argparse.Namespace) -> int:
    """Makes student.ipynb and solution.ipynb of each LESSON (all, when none is named).

    With --check it runs nothing: it names each notebook that is not what its lesson.py would give.
    """
    chosen = [find_lesson(name) for name in options.lessons] or lessons()
    chosen = [lesson for lesson in chosen if lesson.source.is_file()]
    if not chosen:
        raise LookupError("There is no lesson.py here: notebooks are made in a clone of minidl.")
    if importlib.util.find_spec("jupytext") is None:
        raise LookupError("jupytext is not installed. Get it with: pip install 'minidl[course]'")
    from .grading.course import builder, lint, tour

    _one_thread()
    failed = False
    for lesson in chosen:
        try:
            if options.check:
                complaints = [*builder.stale(lesson), *lint.lint(lesson)]
                failed |= bool(complaints)
            else:
                changed = builder.build(lesson)
                print(f"{lesson.name}: {len(changed)} of 2 notebooks changed.", flush=True)
                complaints = list(lint.lint(lesson))
        except builder.BuildError as error:
            complaints, failed = [str(error)], True
        for complaint in complaints:
            print(complaint, file=sys.stderr)
    if options.check and tour.stale(lessons()):
        failed = True
        print("lessons/README.md tells of another course: run `minidl build`.", file=sys.stderr)
    elif not options.check:
        tour.write(lessons())
    if options.check and not failed:
        print(f"{len(chosen)} lessons are up to date.")
    return int(failed)


def release(options: argparse.Namespace) -> int:
    """Writes LESSON's notebook for learners into DIR.

    It is marked in nbgrader's manner, so that a course on nbgrader can take it as it is.
    """
    from .grading.course import release as releasing

    print(releasing.release(find_lesson(options.lesson), options.out))
    return 0


def _one_thread() -> None:
    """Gives the kernels we start one thread for matrix products, unless the user chose a number.

    The course's matrices are small. Two threads gain little on them and change the last digits of a
    sum, so that one seed would give two results. And a product ends only when each thread had its
    turn: beside other busy processes (128, 784) @ (784, 256) came 590 times a second with one
    thread and 62 times with two.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def _port(text: str) -> int:
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise argparse.ArgumentTypeError(f"{text!r} is no port; name a number from 1 to 65535.")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
