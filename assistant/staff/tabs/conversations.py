"""Gesprekken: what visitors asked and were told, where that is kept, and what they thought of it."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

import gradio as gr

from assistant.errors import AssistantError
from assistant.records.filters import Filter, RatingFilter
from assistant.staff import texts
from assistant.staff.desk import Desk
from assistant.staff.said import conversation_line, conversation_shown, day_typed, helpful_share, rating_line
from assistant.staff.shown import PRIVATE, complaint, escape, markdown, message, paragraphs

if TYPE_CHECKING:
    from assistant.staff.page import Console

_A_PAGE = 25
_OPINIONS = {"yes": True, "no": False}

Updates = dict[Any, Any]


class ConversationsTab:
    ID: ClassVar[str] = "gesprekken"

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        markdown(f"## {escape(texts.TAB_CONVERSATIONS)}\n\n{escape(texts.CONVERSATIONS_INTRO)}")
        self.kept_for = markdown()
        self.said = message()
        with gr.Column(visible=False, elem_id="conversations") as self.kept:
            self._lay_out_filters()
            self._lay_out_list()
            self._lay_out_deletion()
        self._lay_out_ratings()
        filters = [self.words, self.kind, self.level, self.opinion, self.since, self.until]
        self._list = [self.found, self.choice, self.older, self.newest, self.before, self.chosen]
        self._ratings = [self.rating_count, self.rating, self.older_ratings, self.ratings_before, self.rating_chosen]
        self._filters = filters
        self.opened: Sequence[Any] = [
            *filters,
            *self._list,
            *self._ratings,
            self.kept,
            self.kept_for,
            self.said,
            self.sure,
        ]

    def _lay_out_filters(self) -> None:
        with gr.Row():
            self.words = gr.Textbox(label=texts.CONVERSATIONS_WORDS, elem_id="conversations-words", max_lines=1)
            self.kind = _choice(texts.CONVERSATIONS_KIND, texts.CHECK_KINDS)
            self.level = _choice(texts.CONVERSATIONS_LEVEL, texts.CHECK_LEVELS)
            opinions = {"yes": texts.SAID_HELPED, "no": texts.SAID_NOT_HELPED}
            self.opinion = _choice(texts.CONVERSATIONS_OPINION, opinions)
        with gr.Row():
            self.since = gr.Textbox(label=texts.CONVERSATIONS_SINCE, max_lines=1)
            self.until = gr.Textbox(label=texts.CONVERSATIONS_UNTIL, max_lines=1)
            self.search = gr.Button(texts.CONVERSATIONS_SEARCH, variant="primary", elem_id="conversations-search")

    def _lay_out_list(self) -> None:
        self.before = gr.State(None)
        self.found = markdown()
        self.choice = gr.Radio([], label=texts.CONVERSATIONS_LIST, elem_id="conversations-choice", visible=False)
        with gr.Row():
            self.newest = gr.Button(texts.CONVERSATIONS_NEWEST, visible=False)
            self.older = gr.Button(texts.CONVERSATIONS_OLDER, visible=False)
        with gr.Column(visible=False, elem_id="conversation") as self.chosen:
            self.conversation = markdown()
            with gr.Row():
                self.delete = gr.Button(texts.CONVERSATION_DELETE, variant="stop", elem_id="conversation-delete")

    def _lay_out_deletion(self) -> None:
        with gr.Row():
            self.delete_all = gr.Button(texts.CONVERSATIONS_DELETE_ALL, elem_id="conversations-delete")
        with gr.Column(visible=False, elem_id="conversations-sure") as self.sure:
            self.warning = markdown()
            with gr.Row():
                self.confirm = gr.Button(texts.CONVERSATIONS_DELETE_CONFIRM, variant="stop")
                self.cancel = gr.Button(texts.CONVERSATIONS_DELETE_CANCEL)

    def _lay_out_ratings(self) -> None:
        markdown(f"### {escape(texts.RATINGS_TITLE)}")
        self.ratings_before = gr.State(None)
        self.rating_count = markdown()
        self.with_words = gr.Checkbox(label=texts.RATINGS_WITH_WORDS, value=False, elem_id="ratings-words")
        self.rating = gr.Radio([], label=texts.RATINGS_LIST, elem_id="ratings-choice", visible=False)
        self.older_ratings = gr.Button(texts.CONVERSATIONS_OLDER, visible=False)
        with gr.Column(visible=False) as self.rating_chosen:
            self.comment = markdown()
            with gr.Row():
                self.delete_rating = gr.Button(texts.RATING_DELETE, variant="stop", elem_id="rating-delete")

    def connect(self, console: "Console") -> None:
        listed = [*self._list, self.said]
        gr.on(
            [self.search.click, self.words.submit, self.since.submit, self.until.submit, self.newest.click],
            self.on_search,
            self._filters,
            listed,
            **PRIVATE,
        )
        self.older.click(self.on_older, [*self._filters, self.before], listed, **PRIVATE)
        self.choice.input(self.on_choose, self.choice, [self.chosen, self.conversation, self.said], **PRIVATE)
        everything = [*self._list, *self._ratings, self.said, self.sure]
        self.delete.click(self.on_delete, [self.choice, *self._filters, self.with_words], everything, **PRIVATE)
        self.delete_all.click(self.on_delete_all, None, [self.sure, self.warning, self.said], **PRIVATE)
        self.confirm.click(self.on_confirm, self.with_words, everything, **PRIVATE)
        self.cancel.click(self.on_cancel, None, self.sure, **PRIVATE)
        rated = [*self._ratings, self.said]
        self.with_words.input(self.on_ratings, self.with_words, rated, **PRIVATE)
        self.older_ratings.click(self.on_older_ratings, [self.with_words, self.ratings_before], rated, **PRIVATE)
        self.rating.input(
            self.on_choose_rating,
            self.rating,
            [self.rating_chosen, self.comment, self.said],
            **PRIVATE,
        )
        self.delete_rating.click(self.on_delete_rating, [self.rating, self.with_words], rated, **PRIVATE)

    def on_open(self) -> Updates:
        days = self._desk.settings.keep_conversations_days
        wording = texts.CONVERSATIONS_KEPT.format(days=days) if days else texts.CONVERSATIONS_NOT_KEPT
        empty: Updates = dict.fromkeys((self.words, self.since, self.until, self.kind, self.level, self.opinion), "")
        shown = {**empty, self.kept_for: escape(wording), self.sure: gr.update(visible=False), self.said: ""}
        try:
            # What was kept before it was switched off stays until its day has come, and can be deleted.
            is_kept = bool(days or self._desk.records.count(Filter()))
            listed = self._listed(Filter()) if is_kept else self._nothing_listed()
            return {**shown, **listed, **self._rated(False), self.kept: gr.update(visible=is_kept)}
        except Exception as error:  # whatever is wrong with the file, it is said in the tab
            return {**shown, self.kept: gr.update(visible=False), self.said: complaint(error)}

    def on_search(self, *filters: Any) -> Updates:
        return self._told(lambda: self._listed(_filter_of(*filters)))

    def on_older(self, *given: Any) -> Updates:
        *filters, before = given
        return self._told(lambda: self._listed(_filter_of(*filters), _number(before)))

    def on_choose(self, number: Any) -> Updates:
        def show() -> Updates:
            found = self._desk.records.conversation(_number(number) or 0)
            if found is None:
                return {self.chosen: gr.update(visible=False), self.said: escape(texts.CONVERSATION_GONE)}
            return {self.chosen: gr.update(visible=True), self.conversation: conversation_shown(found), self.said: ""}

        return self._told(show)

    def on_delete(self, number: Any, *given: Any) -> Updates:
        *filters, with_words = given

        def delete() -> Updates:
            with self._desk.kept.opened() as store:
                deleted = store.forget(_number(number) or 0)
            said = texts.CONVERSATION_DELETED if deleted else texts.CONVERSATION_GONE
            return {**self._listed(_filter_of(*filters)), **self._rated(bool(with_words)), self.said: escape(said)}

        return self._told(delete)

    def on_delete_all(self) -> Updates:
        def ask() -> Updates:
            count = self._desk.records.count(Filter())
            warning = escape(texts.CONVERSATIONS_DELETE_SURE.format(count=count))
            return {self.sure: gr.update(visible=True), self.warning: warning, self.said: ""}

        return self._told(ask)

    def on_confirm(self, with_words: Any) -> Updates:
        def delete() -> Updates:
            said = texts.CONVERSATIONS_ALL_DELETED.format(count=self._desk.kept.delete_all())
            shown = {**self._listed(Filter()), **self._rated(bool(with_words))}
            return {**shown, self.sure: gr.update(visible=False), self.said: escape(said)}

        return self._told(delete)

    def on_cancel(self) -> Updates:
        return {self.sure: gr.update(visible=False)}

    def on_ratings(self, with_words: Any) -> Updates:
        return self._told(lambda: self._rated(bool(with_words)))

    def on_older_ratings(self, with_words: Any, before: Any) -> Updates:
        return self._told(lambda: self._rated(bool(with_words), _number(before)))

    def on_choose_rating(self, number: Any) -> Updates:
        def show() -> Updates:
            wanted = _number(number) or 0
            found = self._desk.records.ratings(RatingFilter(), wanted + 1, 1)
            if not found or found[0].number != wanted:
                return {self.rating_chosen: gr.update(visible=False), self.said: escape(texts.CONVERSATION_GONE)}
            words = found[0].rating.comment
            comment = f"**{escape(texts.RATING_WORDS)}**\n\n{paragraphs(words)}" if words else ""
            return {self.rating_chosen: gr.update(visible=True), self.comment: comment, self.said: ""}

        return self._told(show)

    def on_delete_rating(self, number: Any, with_words: Any) -> Updates:
        def delete() -> Updates:
            with self._desk.kept.opened() as store:
                deleted = store.forget_rating(_number(number) or 0)
            said = texts.RATING_DELETED if deleted else texts.CONVERSATION_GONE
            return {**self._rated(bool(with_words)), self.said: escape(said)}

        return self._told(delete)

    def _told(self, work: Callable[[], Updates]) -> Updates:
        """What ``work`` shows, or what went wrong."""
        try:
            return {self.said: "", **work()}
        except Exception as error:  # whatever it is, it is said in the tab
            return {self.said: complaint(error)}

    def _listed(self, wanted: Filter, before: int | None = None) -> Updates:
        records = self._desk.records
        page = records.page(wanted, before, _A_PAGE + 1)
        shown, has_older = page[:_A_PAGE], len(page) > _A_PAGE
        count = texts.CONVERSATIONS_FOUND.format(count=records.count(wanted), shown=len(shown))
        return {
            self.found: escape(count if shown else texts.CONVERSATIONS_FOUND_NONE),
            self.choice: gr.update(
                choices=[(conversation_line(each), each.number) for each in shown], value=None, visible=bool(shown)
            ),
            self.older: gr.update(visible=has_older),
            self.newest: gr.update(visible=before is not None),
            self.before: shown[-1].number if shown else None,
            self.chosen: gr.update(visible=False),
        }

    def _nothing_listed(self) -> Updates:
        hidden = gr.update(visible=False)
        return {**dict.fromkeys((self.choice, self.older, self.newest, self.chosen), hidden), self.found: ""}

    def _rated(self, with_words: bool, before: int | None = None) -> Updates:
        records = self._desk.records
        page = records.ratings(RatingFilter(has_comment=with_words), before, _A_PAGE + 1)
        shown, has_older = page[:_A_PAGE], len(page) > _A_PAGE
        helpful, not_helpful = (records.count_ratings(RatingFilter(helpful=each)) for each in (True, False))
        return {
            self.rating_count: helpful_share(helpful, not_helpful),
            self.rating: gr.update(
                choices=[(rating_line(each), each.number) for each in shown], value=None, visible=bool(shown)
            ),
            self.older_ratings: gr.update(visible=has_older),
            self.ratings_before: shown[-1].number if shown else None,
            self.rating_chosen: gr.update(visible=False),
        }


class _NoDayError(AssistantError):
    """What was typed where a day belongs; ``str(error)`` is Dutch."""

    def __init__(self, typed: object) -> None:
        super().__init__(texts.CONVERSATIONS_NO_DAY.format(typed=typed))


def _filter_of(words: Any, kind: Any, level: Any, opinion: Any, since: Any, until: Any) -> Filter:
    """From what a browser sent, which may be anything. Raises ``_NoDayError``."""
    days = []
    for typed in (since, until):
        try:
            days.append(day_typed(str(typed or "")))
        except ValueError:
            raise _NoDayError(typed) from None
    return Filter(
        kind=kind if str(kind) in texts.CHECK_KINDS else "",
        urgency=level if str(level) in texts.CHECK_LEVELS else "",
        helpful=_OPINIONS.get(str(opinion)),
        since=days[0],
        until=days[1],
        words=str(words or ""),
    )


def _number(given: Any) -> int | None:
    return given if isinstance(given, int) and not isinstance(given, bool) and given >= 0 else None


def _choice(label: str, named: dict[str, str]) -> gr.Dropdown:
    choices = [(texts.CONVERSATIONS_ANY, ""), *((name, key) for key, name in named.items())]
    return gr.Dropdown(choices, value="", label=label)
