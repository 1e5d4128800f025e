"""Running a submission to its end, whatever it does to its kernel."""

from nbclient.exceptions import DeadKernelError
from nbformat.v4 import new_output
from nbgrader.preprocessors import Execute as NbGraderExecute

KERNEL_DIED = (
    "the kernel died while this submission ran, so nothing after that could be tried. "
    "Restart the kernel and run all cells to find the one that ends it."
)


class Execute(NbGraderExecute):
    """nbgrader's Execute, but a kernel that dies costs the cells that it did not run, not the submission its score."""

    def preprocess(self, nb, resources=None, km=None):
        self.kernel_died = False
        return super().preprocess(nb, resources, km)

    def preprocess_cell(self, cell, resources, index):
        if not self.kernel_died:
            try:
                return super().preprocess_cell(cell, resources, index)
            except DeadKernelError:
                self.kernel_died = True
        if cell.cell_type == "code":
            error = f"DeadKernelError: {KERNEL_DIED}"
            cell.outputs.append(new_output("error", ename="DeadKernelError", evalue=KERNEL_DIED, traceback=[error]))
        return cell, resources
