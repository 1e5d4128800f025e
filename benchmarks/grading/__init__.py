"""Grading a class, timed: plain nbgrader, nbgrader with the package's plug-ins, and `cs-layers grade`, in one run."""
