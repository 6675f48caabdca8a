"""`python -m docs.site` lays the site's sources together and lets Sphinx make pages of them.

Nothing is executed: a lesson's outputs are those that its solution holds. The site is plain files
in build/site/, loads nothing from elsewhere, and can be read without a network.
"""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

from sphinx.cmd.build import build_main

from .links import broken, leave_back_links_out
from .sources import ROOT, lay_out

SOURCES = ROOT / "build" / "site-sources"
SITE = ROOT / "build" / "site"


def main(arguments: list[str] | None = None) -> int:
    """Builds the site. Returns 1 when Sphinx has a warning: a warning is a broken page."""
    told = (__doc__ or "").partition("\n")[0]
    parser = argparse.ArgumentParser("python -m docs.site", description=told)
    parser.add_argument("--out", type=Path, default=SITE, help="folder of the pages (build/site)")
    parser.add_argument("--fresh", action="store_true", help="make every page anew")
    asked = parser.parse_args(arguments)
    notes = asked.out.with_name(f"{asked.out.name}-notes")
    for made in (asked.out, notes) if asked.fresh else ():
        shutil.rmtree(made, ignore_errors=True)
    lay_out(SOURCES)
    here = str(Path(__file__).parent)
    options = ["-q", "-b", "html", "-c", here, "-d", str(notes)]
    options += ["--fail-on-warning", "--keep-going"]
    failed = build_main([*options, "-j", "auto", str(SOURCES), str(asked.out)])
    leave_back_links_out(asked.out)
    wrong = [] if failed else list(broken(asked.out))
    print("\n".join(wrong) or ("" if failed else f"The site is in {asked.out}; open index.html."))
    return int(bool(failed or wrong))


if __name__ == "__main__":
    raise SystemExit(main())
