# WHAT: magics that do not work where answers are graded | DESERVES: 5
%matplotlib widget
%load_ext memory_profiler
%conda install -y seaborn
%cd ..
%a_magic_of_their_own 3
def affine_forward(x, w, b):
    return x.reshape(len(x), -1) @ w + b
%mprun affine_forward
