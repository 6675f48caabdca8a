"""How Sphinx makes pages of the sources: themes, formulas, docstrings."""

from __future__ import annotations

from typing import Any

import minidl
from docs.site import docstrings, formulas

project = "minidl"
author = "The minidl authors"
project_copyright = author
version = release = minidl.__version__

extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.viewcode"]
html_theme = "furo"  # light, dark, or as the system says; no fonts and no scripts from elsewhere
html_title = "minidl"
html_show_sphinx = False
html_copy_source = False
html_math_renderer = "mathml"
html_theme_options = {"top_of_page_buttons": []}
html_static_path = ["static"]
html_css_files = ["site.css"]
highlight_language = "text"

myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 3
nb_execution_mode = "off"
nb_ipywidgets_js: dict[str, Any] = {}  # widgets stand in the pages as pictures
nb_mime_priority_overrides = [("html", "image/svg+xml", 0), ("html", "text/html", 1)]

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_preserve_defaults = True
autodoc_inherit_docstrings = False  # a method that says nothing of its own is not listed
python_use_unqualified_type_names = True
default_role = "literal"


def setup(app: Any) -> None:
    """Formulas become MathML; docstrings are read as they are written."""
    app.add_html_math_renderer("mathml", (formulas.inline, None), (formulas.block, None))
    app.connect("autodoc-process-docstring", docstrings.process)
