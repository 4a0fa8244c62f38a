"""From the practice's articles to a search index: read, chunk, merge duplicates, embed, save.

The way of the data: ``read`` → ``chunk`` → ``dedup`` → ``embed`` + ``lexical`` → ``index``; ``build`` runs it.
"""
