"""Preparing images with the statistics of the training set alone, so that nothing of the test leaks into a model."""

import numpy as np

__all__ = ["PCA", "Standardizer", "one_hot"]


class Standardizer:
    """Subtract the training mean and, if asked for, divide by the training standard deviation.

    Parameters
    ----------
    scale : bool, optional
        Whether to divide as well.
    eps : float, optional
        Added to the standard deviation, so that a constant pixel does not divide by zero.

    Attributes
    ----------
    mean, std : arrays
        Of the training set, shaped like one example; set by `fit`.

    Examples
    --------
    >>> X_train = np.array([[0.0, 10.0], [2.0, 30.0]])
    >>> Standardizer(eps=0).fit(X_train).transform(np.array([[1.0, 40.0]]))
    array([[0., 2.]])
    """

    def __init__(self, scale=True, eps=1e-8):
        self.scale, self.eps = scale, eps

    def fit(self, X):
        """Take mean and standard deviation from `X` (N, ...), which must be training data."""
        X = _examples("Standardizer.fit", X)
        self.mean = X.mean(axis=0, dtype=np.float64)
        self.std = X.std(axis=0, dtype=np.float64)
        return self

    def transform(self, X):
        """`X` (N, ...) with the training statistics removed; a new array of X's type."""
        X = _fitted_input("Standardizer", getattr(self, "mean", None), X)
        dtype = X.dtype if X.dtype.kind == "f" else np.float64
        out = X - self.mean
        if self.scale:
            out /= self.std + self.eps
        return out.astype(dtype, copy=False)


class PCA:
    """Rotate onto the principal axes of the training set, and scale each to variance 1 if asked for (whitening).

    The axes are the eigenvectors of the training set's covariance matrix, and its eigenvalues are the variances
    along them. With the singular value decomposition of the centred data divided by √N, U S Vᵀ, they are the rows
    of Vᵀ and S²; that is used where there are fewer examples than numbers in one.

    Parameters
    ----------
    num_components : int or None, optional
        How many axes to keep, of the largest variance; None keeps all.
    whiten : bool, optional
        Whether to divide each coordinate by its standard deviation.
    eps : float, optional
        Added to the variance before its root is taken, so that noise along empty axes is not blown up.

    Attributes
    ----------
    mean : array, (D,)
    components : array, (K, D)
        The axes, one a row.
    variance : array, (K,)
        The training set's variance along each.
    """

    def __init__(self, num_components=None, whiten=False, eps=1e-5):
        self.num_components, self.whiten, self.eps = num_components, whiten, eps

    def fit(self, X):
        """Find the axes of `X` (N, ...), which must be training data; examples are flattened to D numbers."""
        X = _examples("PCA.fit", X)
        rows = X.reshape(len(X), -1)
        most = min(rows.shape)
        keep = most if self.num_components is None else self.num_components
        if not 1 <= keep <= most:
            raise ValueError(f"PCA: num_components is {keep}, allowed are 1 to {most} for data of shape {rows.shape}.")
        self.mean = rows.mean(axis=0, dtype=np.float64)
        variance, axes = _principal_axes(rows, self.mean)
        self.components, self.variance = axes[:keep], variance[:keep]
        return self

    def transform(self, X):
        """Coordinates (N, K) of `X` (N, ...) along the training set's axes; a new array of X's type."""
        X = np.asarray(X)
        rows = _fitted_input("PCA", getattr(self, "mean", None), X.reshape(len(X), -1) if X.ndim else X)
        dtype = X.dtype if X.dtype.kind == "f" else np.float64
        out = (rows - self.mean) @ self.components.T
        if self.whiten:
            out /= np.sqrt(self.variance + self.eps)
        return out.astype(dtype, copy=False)


def _principal_axes(rows, mean, chunk=1000):
    """Variances, largest first, and unit axes of `rows` (N, D), through the smaller of the two ways."""
    count, dimensions = rows.shape
    if count < dimensions:
        _, singular, axes = np.linalg.svd((rows - mean) / np.sqrt(count), full_matrices=False)
        return singular**2, axes
    covariance = np.zeros((dimensions, dimensions))
    for start in range(0, count, chunk):  # a float64 copy of all rows may not fit into memory
        centred = rows[start : start + chunk] - mean
        covariance += centred.T @ centred / count
    variance, axes = np.linalg.eigh(covariance)
    return variance[::-1].clip(min=0), axes.T[::-1]


def one_hot(y, num_classes):
    """Labels as rows of zeros with a single one.

    Parameters
    ----------
    y : array of integers, (N,)
        Labels from 0 to `num_classes` − 1.
    num_classes : int
        How many classes there are.

    Returns
    -------
    array of float64, (N, num_classes)

    Raises
    ------
    TypeError
        If the labels are not integers.
    ValueError
        If `y` has more than one axis or a label is out of range.

    Examples
    --------
    >>> one_hot(np.array([2, 0]), 3)
    array([[0., 0., 1.],
           [1., 0., 0.]])
    """
    y = np.asarray(y)
    if y.dtype.kind not in "iu":
        raise TypeError(f"one_hot: labels have dtype {y.dtype}, allowed are integers.")
    if y.ndim != 1:
        raise ValueError(f"one_hot: labels have shape {y.shape}, expected (N,).")
    if y.size and (y.min() < 0 or y.max() >= num_classes):
        raise ValueError(f"one_hot: labels run from {y.min()} to {y.max()}, allowed are 0 to {num_classes - 1}.")
    out = np.zeros((len(y), num_classes))
    out[np.arange(len(y)), y] = 1
    return out


def _examples(name, X):
    X = np.asarray(X)
    if X.ndim < 2 or len(X) == 0:
        raise ValueError(f"{name}: X has shape {X.shape}, expected at least one example, (N, ...).")
    return X


def _fitted_input(name, mean, X):
    X = np.asarray(X)
    if mean is None:
        raise ValueError(f"{name}: call fit with the training data before transform.")
    if X.shape[1:] != mean.shape:
        raise ValueError(f"{name}: examples have shape {X.shape[1:]}, those of the training data had {mean.shape}.")
    return X
