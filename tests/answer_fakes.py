"""Answers with every part an answer can have, full of what Markdown, HTML and terminals take for marks."""

from hypothesis import strategies as st

from assistant.answer import Alarm, Answer, AnswerKind, Call, Citation, Remark, Sentence, Shape, Urgency

HOSTILE = (
    "<img src=x onerror=alert(1)>",
    "<script>alert(1)</script>",
    "<div align=left",
    "</p",
    "</div></div><b>",
    "<script",
    '" onclick="alert(1)',
    "![x](http://evil.example/x.png)",
    "[klik](javascript:alert(1))",
    "[a]: http://evil.example\n[a]",
    "<http://evil.example> www.evil.example http://evil.example jan@evil.example",
    "# kop\n\n- punt\n\n1. een\n2) twee\n\n> citaat\n\n---",
    "    vier spaties",
    "```html\n<b>\n```",
    "a | b\n--|--\n1 | 2",
    "kop\n===",
    "**vet** __vet__ *cursief* _cursief_ ~~door~~ `code`",
    "&lt;b&gt; &amp; &#60;b&#62; &copy",
    "\\<b> \\\\ \\",
    "$$x$$ \\(x\\) \\[x\\]",
    "{{ 7 * 7 }} {% if %} {numbers}",
    "[bold red]terminal[/]",
    "<!-- weg --> <![CDATA[ weg ]]> <?php weg ?>",
)
# Marks that mean something in Markdown or HTML, thick on the ground.
awkward = st.text(st.sampled_from("<>&![]()*_`#|~\\-+=.:;\"'/ab1 \n\t{}$^"), max_size=40)
texts_of_all_kinds = st.one_of(awkward, st.sampled_from(HOSTILE), st.text(max_size=40)).filter(lambda t: "\0" not in t)


def several(each: st.SearchStrategy, most: int = 3) -> st.SearchStrategy:
    return st.lists(each, max_size=most).map(tuple)


def citations(number: int) -> st.SearchStrategy[Citation]:
    any_text = texts_of_all_kinds
    any_url = st.one_of(any_text, st.just("/bron/nek?c=0-1-ab#citaat"))
    return st.builds(Citation, st.just(number), any_text, any_text, any_text, any_text, st.just(0), st.just(1), any_url)


numbers = several(st.integers(1, 3), most=2)
sentences = st.builds(
    Sentence,
    texts_of_all_kinds,
    numbers,
    st.sampled_from(Shape),
    st.booleans(),
    st.one_of(st.just(""), texts_of_all_kinds),
)
calls = st.builds(Call, texts_of_all_kinds, texts_of_all_kinds)
alarms = st.builds(
    Alarm,
    st.sampled_from(Urgency),
    several(texts_of_all_kinds),
    texts_of_all_kinds,
    several(texts_of_all_kinds),
    several(calls),
)
urgent_answers = st.builds(
    Answer,
    st.just(AnswerKind.URGENT),
    alarm=alarms.filter(lambda alarm: alarm.urgency.forbids_advice),
)
calm_answers = st.builds(
    Answer,
    st.sampled_from(AnswerKind),
    several(sentences, most=6),
    st.tuples(citations(1), citations(2)),
    notice=texts_of_all_kinds,
    alarm=st.one_of(st.none(), alarms.filter(lambda alarm: not alarm.urgency.forbids_advice)),
    remarks=several(st.builds(Remark, texts_of_all_kinds, texts_of_all_kinds, numbers)),
    suggestions=several(texts_of_all_kinds),
    safety_net=texts_of_all_kinds,
)
answers = st.one_of(calm_answers, urgent_answers)
