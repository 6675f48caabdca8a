"""The judge's side of the sandbox: what is asked, of whom, and what came of it."""
