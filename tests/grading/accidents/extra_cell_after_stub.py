# WHAT: the answer in a cell of its own below the empty answer cell | DESERVES: 5
# YOUR CODE HERE
raise NotImplementedError()
