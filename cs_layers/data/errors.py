"""What goes wrong with data sets, each kind an error of its own, whose text is for the reader."""

__all__ = ["DataFileError", "DownloadError", "MissingPackageError", "SettingError"]


class DataFileError(ValueError):
    """A data file is not what its name promises. The file itself is left as it was."""


class DownloadError(OSError):
    """A data set is not on this machine and could not be fetched."""


class MissingPackageError(ImportError):
    """A package that only data sets need is not installed."""


class SettingError(ValueError):
    """An argument or an environment variable has a value that is not allowed."""
