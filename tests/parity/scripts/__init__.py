"""Scripts in ordinary PyTorch style; test_scripts.py runs each under both frameworks.

Each has `build()`, which makes the network or networks, and `train(net, steps)`, which returns the
losses. Data come from NumPy, so that both frameworks see the same.
"""
