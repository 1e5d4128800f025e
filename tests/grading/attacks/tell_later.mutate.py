def mutate(nb, d):
    cell = {"cell_type": "code", "id": "later", "metadata": {}, "outputs": [], "execution_count": None, "source": ""}
    cell["source"] = "print(('TO' + 'LD') * any(s[0][0] == 5 for s in seen)); print(open('seen.txt').read())"
    nb["cells"].append(cell)
