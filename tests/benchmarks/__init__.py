"""Tests of the benchmarks: that they measure the same thing of everybody; no times."""
