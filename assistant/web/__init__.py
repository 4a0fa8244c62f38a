"""The assistant over HTTP: the API, the articles' pages and the chat page, in one process.

``lobby`` listens from the first moment and hands over to the app that ``server`` makes as soon as the model is loaded.
What the lobby needs imports nothing heavy.
"""
