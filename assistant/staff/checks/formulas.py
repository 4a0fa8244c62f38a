"""Texts that a spreadsheet would run as a formula, made harmless, and made what they were again.

A formula begins with one of ``= + - @`` and the like. One may also hide behind a comma, a semicolon or a quotation
mark: a spreadsheet that splits at another separator than the file was written with makes a cell of it (OWASP, CSV
injection). In all those places an apostrophe is put before it, one more than stands there, so that nothing is lost.
"""

import re

_STARTS = "=+\\-@|%＝＋－＠"
_PLACE = r"(?:^|(?<=[,;\t\r\n\"]))([\s\"]*)"
_NEUTRALISE = re.compile(rf"{_PLACE}('*)([{_STARTS}])")
_RESTORE = re.compile(rf"{_PLACE}('*)'([{_STARTS}])")


def neutralised(text: str) -> str:
    return _NEUTRALISE.sub(r"\1\2'\3", text)


def restored(text: str) -> str:
    """What ``neutralised`` was given; a text that it did not write may lose an apostrophe before a formula's mark."""
    return _RESTORE.sub(r"\1\2\3", text)
