"""The wire between judge and worker: frames of plain values."""
