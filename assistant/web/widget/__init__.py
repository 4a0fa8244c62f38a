"""The widget: the script a website includes, the panel it opens in a frame, and the page that shows how.

The panel is plain HTML and a small script on ``/api/ask/stream``, where the full page is Gradio: it is there at once,
costs a visitor's phone little, and stands up to many visitors.
"""
