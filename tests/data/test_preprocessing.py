import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cs_layers.data import PCA, Standardizer, one_hot


@pytest.fixture
def images():
    rng = np.random.default_rng(0)
    return rng.normal(3, [1, 5, 0.1, 2], (200, 4)).reshape(200, 1, 2, 2) @ np.array([[1, 2], [0, 1]])


def test_training_data_gets_mean_0_and_deviation_1(images):
    out = Standardizer().fit(images).transform(images)
    np.testing.assert_allclose(out.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(out.std(axis=0), 1, rtol=1e-6)
    np.testing.assert_allclose(Standardizer(scale=False).fit(images).transform(images).std(axis=0), images.std(axis=0))


def test_other_data_is_moved_by_the_training_statistics(images):
    before = images.copy()
    fitted = Standardizer().fit(images)
    np.testing.assert_allclose(
        fitted.transform(images[:1] + 1) - fitted.transform(images[:1]), [1 / images.std(axis=0)]
    )
    np.testing.assert_array_equal(images, before)
    assert fitted.transform(images.astype(np.float32)).dtype == np.float32
    assert np.isfinite(Standardizer().fit(np.ones((3, 2))).transform(np.ones((3, 2)))).all()


def test_axes_are_orthonormal_and_explain_the_covariance(images):
    fitted = PCA().fit(images)
    np.testing.assert_allclose(fitted.components @ fitted.components.T, np.eye(4), atol=1e-12)
    covariance = np.cov(images.reshape(200, 4).T, bias=True)
    np.testing.assert_allclose(fitted.components.T * fitted.variance @ fitted.components, covariance, atol=1e-10)
    assert (np.diff(fitted.variance) <= 0).all()


def test_whitened_training_data_has_the_identity_as_covariance(images):
    out = PCA(whiten=True, eps=0).fit(images).transform(images)
    np.testing.assert_allclose(np.cov(out.T, bias=True), np.eye(4), atol=1e-8)
    assert PCA(num_components=2).fit(images).transform(images[:7]).shape == (7, 2)


def test_few_examples_give_the_same_axes_as_their_covariance(images):
    few = images[:3]
    fitted = PCA(num_components=2).fit(few)
    covariance = np.cov(few.reshape(3, 4).T, bias=True)
    np.testing.assert_allclose(fitted.components.T * fitted.variance @ fitted.components, covariance, atol=1e-10)


def test_misuse(images):
    for tool in (Standardizer(), PCA()):
        with pytest.raises(ValueError, match="call fit with the training data before transform"):
            tool.transform(images)
        with pytest.raises(ValueError, match="expected at least one example"):
            tool.fit(images[:0])
        with pytest.raises(ValueError, match="examples have shape"):
            tool.fit(images).transform(images[:, :, :1])
    with pytest.raises(ValueError, match="num_components is 5, allowed are 1 to 4"):
        PCA(num_components=5).fit(images)


@given(st.lists(st.integers(0, 6), max_size=20))
def test_one_hot_has_its_one_at_the_label(labels):
    out = one_hot(np.array(labels, int), 7)
    assert out.shape == (len(labels), 7)
    assert out.sum() == len(labels)
    np.testing.assert_array_equal(out.argmax(axis=1), labels)


@pytest.mark.parametrize(
    ("labels", "error", "words"),
    [
        ([3], ValueError, "run from 3 to 3, allowed are 0 to 2"),
        ([-1], ValueError, "run from -1"),
        ([[1]], ValueError, r"shape \(1, 1\), expected \(N,\)"),
        ([1.0], TypeError, "dtype float64"),
    ],
)
def test_one_hot_refuses(labels, error, words):
    with pytest.raises(error, match=words):
        one_hot(np.array(labels), 3)
