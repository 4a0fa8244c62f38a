"""The full chat page at "/", made with Gradio.

``page`` says what stands on it, ``dialogue`` holds a conversation, ``render`` writes a reply as Markdown, ``html``
makes Gradio's page Dutch, and ``guard`` opens no more of Gradio to the world than the page asks for.
"""
