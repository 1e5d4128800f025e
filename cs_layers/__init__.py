"""Write a neural network in NumPy, layer by layer."""

__version__ = "0.1.0"
