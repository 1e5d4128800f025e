"""nbgrader's configuration of this course: `nbgrader autograde a1_layers` and every other nbgrader command read it."""

from cs_layers.grading import configure

c = get_config()  # noqa: F821  (nbgrader provides it)

c.CourseDirectory.course_id = "cs_layers"
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "assignments"
# nbgrader releases every file beside a notebook; the solutions' text is not for students.
c.CourseDirectory.ignore = [".ipynb_checkpoints", "*.pyc", "__pycache__", "feedback", "*.py"]

configure(c)
