# WHAT: the answer in a cell of its own at the end, the answer cell left empty | DESERVES: 5
# YOUR CODE HERE
raise NotImplementedError()
