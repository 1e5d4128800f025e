# WHAT: handed in as released | DESERVES: 0
### as released
