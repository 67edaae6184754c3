"""Makes etcd files from words, for tests: sound ones and ones with a single flaw.

It shares no code with the product: every constant here was read anew from etcd's and bbolt's own
source, so that a wrong constant in a reader cannot hide behind the same wrong constant in its test.

    bolt    a bbolt file, and where each part of it came to lie
    store   an etcd store that is written to by calls (put, delete, grant, compact...)
    bases   the sound files that flaws start from
    raftlog WAL segments and .snap files
    words   reads NAME.flaw
    verbs   what a flaw's sentence does, a folder
    making  from words to a forged file
    oracle  reads a file anew and computes etcd's answers about it
"""
