"""The flow, the bands and the classes of a cohort as an audience may be told them."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analytics.results.clinical_significance import ClinicalSignificance
from analytics.results.cohorts import Where
from analytics.results.disclosure_kinds import POOLED
from analytics.results.summary import Flow, Step

if TYPE_CHECKING:
    from analytics.results.disclosure import Page


def flows(asked: Sequence[Flow], told: Mapping, page: Page, is_exempt: bool) -> tuple[Flow, ...]:
    """The ways from courses to those judged: rare steps as one, and none of which the ends are not told."""
    found = []
    for flow in asked:
        if is_exempt:
            is_rare = any(step.lost < page.disclosure.threshold for step in flow.steps)
            found.append(_in_one_step(flow) if is_rare else flow)
            continue
        result = told.get((flow.instrument, "response"))
        if result is not None and not result.withheld and result.courses is not None:
            short = replace(flow, patients_in_files=None, patients_without_records=None, patients=None)
            is_told = POOLED not in result.left_out
            found.append(short if is_told else _in_one_step(short))
    return tuple(found) if page.disclosure.rounding is None else ()


def _in_one_step(flow: Flow) -> Flow:
    if not flow.steps:
        return flow
    lost = sum(step.lost for step in flow.steps)
    return replace(flow, steps=(Step(POOLED, lost, flow.courses - lost),))


def significance(asked: Sequence[ClinicalSignificance], is_exempt: bool) -> tuple[ClinicalSignificance, ...]:
    """The classes of the whole clinic where its totals are told, without strata and without pairs of scores."""
    if not is_exempt:
        return ()
    nothing = np.empty(0)
    return tuple(replace(one, strata=tuple(part for part in one.strata if not part.stratum), baseline=nothing,
                         endpoint=nothing, count=nothing.astype(int), code=nothing.astype(int)) for one in asked)


def bands_of(page: Page, instrument: str, table: pd.DataFrame, where: Where) -> pd.DataFrame | None:
    """Bands with neighbours put together until all their counts may be told, before and after."""
    masks = {side: _band_masks(page, instrument, side) for side in ("baseline", "endpoint")}
    joined = [[place] for place in range(len(table))]
    while len(joined) > 1:
        sets = [np.logical_or.reduce([masks[side][place] for place in places])
                for side in masks for places in joined]
        if page.may_tell(instrument, sets, where):
            return pd.DataFrame({
                "band": [" or ".join(table["band"].iloc[places]) for places in joined],
                **{side: [int(table[side].iloc[places].sum()) for places in joined] for side in masks}})
        sizes = [int(table[["baseline", "endpoint"]].iloc[places].to_numpy().sum()) for places in joined]
        least = int(np.argmin([first + second for first, second in itertools.pairwise(sizes)]))
        joined[least:least + 2] = [joined[least] + joined[least + 1]]
    return None


def _band_masks(page: Page, instrument: str, side: str) -> list[np.ndarray]:
    """The courses in each band of those that count for harm and have both scores."""
    of = page.of
    bands = of.instruments[instrument].bands
    rows = of.table[(of.table["instrument"] == instrument).to_numpy(bool)]
    rows = rows[rows["left_out_worsening"].isna().to_numpy()]
    place = np.digitize(rows[side].to_numpy(float), [band.start for band in bands[1:]])
    found = []
    for band in range(len(bands)):
        mask = np.zeros(len(of.courses), dtype=bool)
        mask[rows["course"].to_numpy(int)[place == band]] = True
        found.append(mask)
    return found
