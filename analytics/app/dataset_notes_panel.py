"""What a version of a kept dataset lacks of what was said of the dataset, said where it would have stood."""

from __future__ import annotations

import streamlit as st

from analytics.app import dataset_notes, widgets
from analytics.app.datasets import Dataset
from analytics.app.questions import Question
from analytics.wording import kept as words


def hidden(question: Question, *kinds: str) -> None:
    """What of these kinds is not shown of this version; outside no value is named."""
    audience = question.view.audience
    for one in dataset_notes.lacks(question.dataset):
        if one.kind in kinds and (one.kind != "deck" or one.name == audience):
            widgets.hint(words.lack_sentence(one.kind, one.name, one.lacking, one.n_hidden)
                         if audience == "inside" else words.lacks_outside(one.n_hidden))


def all_hidden(dataset: Dataset) -> None:
    """Everything that is not shown of this version, and the way to be rid of it."""
    found = dataset_notes.lacks(dataset)
    if not found:
        return
    st.html(widgets.text_block([*(words.lack_sentence(one.kind, one.name, one.lacking, one.n_hidden) for one in found),
                                words.LACKS_STAY]))
    st.button("Forget what this version lacks", key="kept.forget_lacking", type="tertiary",
              on_click=dataset_notes.forget_what_lacks, args=(dataset,))
