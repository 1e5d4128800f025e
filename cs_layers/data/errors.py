"""What goes wrong with data files, as two kinds of error."""

__all__ = ["DataFileError", "DownloadError"]


class DataFileError(ValueError):
    """A data file is not what its name promises. The file itself is left as it was."""


class DownloadError(OSError):
    """A data set is not on this machine and could not be fetched."""
