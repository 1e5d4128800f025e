"""Python's modules for what Windows lacks; None there, where notebooks can be checked, but not graded."""

try:
    import fcntl
    import resource
except ImportError:
    fcntl = resource = None

__all__ = ["fcntl", "resource"]
