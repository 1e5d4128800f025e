"""nbgrader's feedback, as it is, but that no notebook lands among the pages: autograded notebooks hold hidden tests.

nbgrader looks for notebooks by patterns, in which a student's name with brackets means something else; what it does not
find it copies.
"""

import fnmatch
import glob
import os

from nbgrader.converters import GenerateFeedback as NbGraderGenerateFeedback

from cs_layers.grading.submitted import copy_files


class GenerateFeedback(NbGraderGenerateFeedback):
    """nbgrader's converter, whatever students are called."""

    def init_notebooks(self):
        pattern = self._format_source(self.coursedir.assignment_id, self.coursedir.student_id)
        folders = sorted({*glob.glob(pattern), *filter(os.path.isdir, [pattern])})
        names = f"{self.coursedir.notebook_id}.ipynb"
        found = {folder: sorted(glob.glob(os.path.join(glob.escape(folder), names))) for folder in folders}
        self.notebooks, self.assignments = [], {folder: paths for folder, paths in found.items() if paths}
        if not self.assignments:
            super().init_notebooks()  # which says so

    def init_assignment(self, assignment_id, student_id):
        """Copy the files beside the notebooks, but for what would stand in a page's place."""
        source, target = self._format_source(assignment_id, student_id), self._format_dest(assignment_id, student_id)
        pages = [os.path.basename(path) for path in self.notebooks]
        copy_files(source, target, lambda path: self._is_ignored(os.path.relpath(path, source)), pages)

    def _is_ignored(self, path):
        return any(fnmatch.fnmatch(part, pattern) for part in path.split(os.sep) for pattern in self.coursedir.ignore)


def install():
    """Have `nbgrader generate_feedback` and formgrader use this converter."""
    from nbgrader.apps import api, generatefeedbackapp

    generatefeedbackapp.GenerateFeedback = api.GenerateFeedback = GenerateFeedback
