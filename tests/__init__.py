"""Every promise of the project, as something that runs."""
