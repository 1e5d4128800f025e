"""How fast the layers are, side by side with their peers: `python -m benchmarks --help`."""
