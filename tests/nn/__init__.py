"""Modules, functions of layers, and losses."""
