"""The course as a person meets it: real Chromium, real JupyterLab, real clicks."""
