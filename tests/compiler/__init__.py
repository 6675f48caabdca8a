"""Tests of the compiler: graphs, passes, emitters, compiled functions."""
