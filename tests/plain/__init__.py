"""A second implementation of docs and definitions, so plain that nobody would ship it: the witness of our counts.

Dictionaries and loops over one patient, one course, one score at a time. It shares with the product only the
records of ``analytics.definitions`` (the cut-offs and parameters themselves), and none of its computation.
"""
