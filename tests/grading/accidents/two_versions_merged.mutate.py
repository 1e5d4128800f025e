def mutate(nb, d):
    [answer] = [cell for cell in nb['cells'] if cell['id'] == 'answer']
    at = nb['cells'].index(answer)
    note = lambda k, text: {'cell_type': 'markdown', 'id': f'merge{k}', 'metadata': {}, 'source': text}
    stub = {**answer, 'id': 'theirs', 'source': '# YOUR CODE HERE\nraise NotImplementedError()'}
    nb['cells'][at:at + 1] = [note(0, '<<<<<<< local'), answer, note(1, '======='), stub, note(2, '>>>>>>> remote')]
