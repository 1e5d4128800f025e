# WHAT: writes a module with %%writefile in one cell and imports it in the next | DESERVES: 5
from helper import affine as affine_forward
