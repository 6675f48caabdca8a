"""Rows of the one table, one file per file of minidl/ops."""
