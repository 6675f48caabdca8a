"""The same sentence of code under minidl and under PyTorch, name by name."""
