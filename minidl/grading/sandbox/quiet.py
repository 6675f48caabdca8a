"""The face of the sandbox as the worker sees it: there is nothing to choose inside."""
