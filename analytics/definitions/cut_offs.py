"""The cut-offs of an instrument that a person may set, and what each can be."""

from __future__ import annotations

from dataclasses import replace

from analytics.definitions.instrument import Amount, Comparison, CutOff, Instrument, JtCutOff

_LINES = ("caseness", "nhs_caseness", "remission_below", "remission_at_most")
_POINTS = ("reliable_change", "important_change")
_FIGURES = ("reliability", "functional_mean", "functional_sd", "jt_cut_off")
CUT_OFF_SETTINGS = (*_LINES, *_POINTS, "response_fraction", "response_points", *_FIGURES)
"""The cut-offs of an instrument that a person may set, as in ``phq9.caseness=8``."""

SET_BY_PERSON = "set by the user"

_OTHER_SIDE: dict[Comparison, Comparison] = {">=": "<", ">": "<=", "<": ">=", "<=": ">"}


def with_cut_off(instrument: Instrument, name: str, value: float | str) -> Instrument:
    """The instrument with one cut-off replaced.

    Parameters
    ----------
    value : a letter for ``jt_cut_off``, else a number

    Raises
    ------
    ValueError
        When the name is not one of ``CUT_OFF_SETTINGS`` or the value lies outside what it can mean.
    """
    if name not in CUT_OFF_SETTINGS:
        raise ValueError(f"{instrument.key} has no cut-off called {name!r}; "
                         f"there are {', '.join(CUT_OFF_SETTINGS)}.")
    if name == "jt_cut_off":
        if value not in ("a", "b", "c"):
            raise ValueError(f"{instrument.key}.jt_cut_off is a, b or c; {value!r} came.")
        return replace(instrument, jt_cut_off=JtCutOff(value, SET_BY_PERSON))
    value = float(value)
    if name in _LINES or name == "functional_mean":
        return _with_score(instrument, name, value)
    if name == "reliability":
        if not 0 < value < 1:
            raise ValueError(f"{instrument.key}.reliability lies above 0 and below 1; {value:g} came.")
        return replace(instrument, reliability=Amount(value, SET_BY_PERSON))
    return _with_size(instrument, name, value)


def _with_size(instrument: Instrument, name: str, value: float) -> Instrument:
    """A size of change, or a spread."""
    span = instrument.maximum - instrument.minimum
    if name == "response_fraction":
        if not 0 < value <= 1:
            raise ValueError(f"{instrument.key}.response_fraction is a fraction above 0 and up to 1; "
                             f"{value:g} came.")
        return replace(instrument, response=Amount(value, SET_BY_PERSON), is_response_in_points=False)
    if not 0 < value <= span:
        raise ValueError(f"{instrument.key}.{name} is a number of points above 0 and up to {span:g}; {value:g} came.")
    if name == "response_points":
        return replace(instrument, response=Amount(value, SET_BY_PERSON), is_response_in_points=True)
    return replace(instrument, **{name: Amount(value, SET_BY_PERSON)})


def _with_score(instrument: Instrument, name: str, value: float) -> Instrument:
    """A line on the scale, or a place on it."""
    if not instrument.minimum <= value <= instrument.maximum:
        raise ValueError(f"{instrument.key}.{name} lies between {instrument.minimum:g} and "
                         f"{instrument.maximum:g}; {value:g} came.")
    if name == "functional_mean":
        return replace(instrument, functional_mean=Amount(value, SET_BY_PERSON))
    comparison = instrument.caseness.comparison
    if name == "nhs_caseness":
        return replace(instrument, nhs_caseness=CutOff(comparison, value, SET_BY_PERSON))
    if name == "caseness":
        changed = replace(instrument, caseness=CutOff(comparison, value, SET_BY_PERSON))
        if not instrument.is_remission_not_a_case:
            return changed
        return replace(changed, remission=CutOff(_OTHER_SIDE[comparison], value, SET_BY_PERSON))
    if instrument.is_higher_better:
        raise ValueError(f"On {instrument.key} higher is better, so remission cannot lie below a score.")
    comparison = "<" if name == "remission_below" else "<="
    return replace(instrument, remission=CutOff(comparison, value, SET_BY_PERSON), is_remission_not_a_case=False)
