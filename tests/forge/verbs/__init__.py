"""What a flaw's sentence does. One verb a sentence; each belongs to a stage of the making:

    content  before bytes are laid out: rows and buckets
    image    pages, elements and metas; the trailer is made over the result
    log      WAL segments and .snap files
    file     the finished bytes: trailer, length

A verb is a function of the forged file and the sentence's nouns; it returns the Place of what it
did.
"""
