# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Doubling

# %% nbgrader={"grade": false, "grade_id": "imports", "locked": true, "schema_version": 3, "solution": false, "task": false}
import numpy as np


# %% nbgrader={"grade": false, "grade_id": "double", "locked": false, "schema_version": 3, "solution": true, "task": false}
def double(x):
    """Return 2·x for an array x of any shape."""
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "double_test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
assert np.array_equal(double(np.array([1.0, 2.0])), [2.0, 4.0]), "double([1, 2]) is not [2, 4]"
### BEGIN HIDDEN TESTS
assert np.array_equal(double(np.array([[-0.5]])), [[-1.0]]), "double is wrong for negative numbers"
### END HIDDEN TESTS

# %% nbgrader={"grade": true, "grade_id": "scalar_test", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
assert double(0.25) == 0.5
double(np.float64(0.25))

# %% nbgrader={"grade": true, "grade_id": "bool_test", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
np.array_equal(double(np.zeros(2)), np.zeros(2))
