"""Who needs their coach now, and why: rules as data, what each finds, and the order in which people are listed.

Pure: facts in, words and sums out; no database, no clock. Nobody is ranked by a figure: the list is ordered by what is
at stake, how sure that is and how long ago somebody was last met.
"""
