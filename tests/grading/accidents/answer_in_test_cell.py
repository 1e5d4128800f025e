# WHAT: the answer typed into the test cell | DESERVES: 5
# YOUR CODE HERE
raise NotImplementedError()
