"""Gradio's variables, so that it does not clash with ``static/chat.css``, which draws what a visitor sees."""

import gradio as gr

_SYSTEM_FONTS = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "Helvetica Neue", "Arial", "sans-serif")
_SYSTEM_MONO = ("ui-monospace", "Consolas", "monospace")

THEME = gr.themes.Base(primary_hue="teal", neutral_hue="slate", font=_SYSTEM_FONTS, font_mono=_SYSTEM_MONO).set(
    body_background_fill="#f4f7f6",
    body_background_fill_dark="#0f1817",
    body_text_color="#1b2928",
    body_text_color_dark="#e4ecea",
    body_text_size="17px",
)
