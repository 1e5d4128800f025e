# WHAT: the answer in a cell of its own after the first test | DESERVES: 5
# YOUR CODE HERE
raise NotImplementedError()
