"""The words under each figure: what it shows, whose numbers, how sure."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from corridor.report.envelope import Figure, name_sources
from corridor.report.influence import shown_inputs
from corridor.report.relief import caption_relief
from corridor.report.words import join_words, write_about, write_moment, write_number

if TYPE_CHECKING:
    from collections.abc import Callable

    from corridor.results.result import Result

BANDS = "Bands and line as in the chart of arrivals: 5 and 9 in 10 runs, and the median."
FIRST_BANDS = (
    "Dark band: the middle 5 in 10 runs; light band: the middle 9 in 10; line: the median. A band is not the "
    "path of one run."
)


def write_caption(result: Result, figure: Figure) -> list[str]:
    """Return the sentences under a figure; the last two name run and date of data, sources and confidence."""
    words = _WORDS[figure["name"]](figure)
    if figure["name"] == "map":
        words.append(f"No borders are drawn. {result.manifest['disclaimer'].strip()}")
    return [*words, *_write_origin(result, figure)]


def _write_origin(result: Result, figure: Figure) -> list[str]:
    manifest = result.manifest
    claims = [claim for count in figure.get("observed") or [] if isinstance(count, dict) for claim in count["claims"]]
    claims += [
        claim for place in figure.get("places", []) if place.get("observed") for claim in place["observed"]["claims"]
    ]
    sources = name_sources(result, claims)
    from_whom = f"Counts go back to: {join_words(sources[:3])}" if sources else "No count enters this figure"
    if len(sources) > 3:
        from_whom += f" and {len(sources) - 3} more"
    return [f"Run {figure['run']}; data of {manifest['data_date']}. {from_whom}. {write_confidence(result)}"]


def write_confidence(result: Result) -> str:
    """Return how far the ranges may be trusted, by what they rest on."""
    manifest = result.manifest
    if manifest["fitted_draws"]:
        until = write_moment(datetime.fromisoformat(manifest["fitted_until"]))
        stale = ", not for the tables as they were simulated" if manifest["fitted_stale"] else ""
        return (
            f"Confidence: ranges learnt from counts published by {until}{stale}; see the scores for how they did on "
            "later ones."
        )
    return "Confidence: low to medium; ranges are those written in the tables, learnt from no count."


def _people(figure: Figure) -> list[str]:
    return [
        "Means over all runs, since only means add up to everybody; ranges are in the sentences above "
        f"and in the figures below. The dashed line is {_when(figure)}. People who mean to stay whatever happens "
        "are among those inside."
    ]


def _map(figure: Figure) -> list[str]:
    loops = any(road["people_per_hour"] is None for road in figure["roads"])
    words = (
        f"Today, {_when(figure)}: filled circles by people there, dashed circles by people at the place's "
        "own peak (area in proportion, medians); black lines by people an hour, mean of the "
        f"{figure['flow_hours']:.0f} hours before. Roads are drawn as straight lines between places; black dots are "
        "places inside, white ones outside."
    )
    if loops:
        words += " Dashed roads lie in a loop: the flow over each is not recorded."
    return [words]


def _arrivals(figure: Figure) -> list[str]:
    uses = {count["use"] for count in figure["observed"]}
    words = [FIRST_BANDS]
    marks = {
        "fitted": "filled points are counts that were learnt from"
        if figure["fitted"]
        else "filled points are counts set aside to learn from, which this run has not done",
        "seen": "grey diamonds are of the time before and were not learnt from",
        "held_out": "hollow points came later and set no number"
        if figure["fitted"]
        else "hollow points were held out: they set no number",
    }
    if uses:
        listed = join_words([text for use, text in marks.items() if use in uses])
        words.append(f"{listed[0].upper()}{listed[1:]}.")
    if figure["learnt_until"]:
        same = figure["learnt_until"] == figure["moment"]
        line = "dashed line, today," if same else "dotted line"
        words.append(f"Counts published by the {line} were learnt from, none later.")
    words.append("Numbers above the chart are events, listed below with their hours.")
    return [" ".join(words)]


def _duration(figure: Figure) -> list[str]:
    never = sum(dot is None for dot in figure["dots"])
    words = (
        f"Each of the fifty dots is a chance of 2 in 100 for the day on which {figure['words']}"
        f"{'' if figure['goal'] else ' (people who stay whatever happens are not waited for)'}."
    )
    if never:
        end = write_moment(datetime.fromisoformat(figure["end"]))
        words += (
            f" In {never} of 50 it does not happen before {end}, the end of "
            "the period; how long it takes then is not known."
        )
    else:
        words += " In all fifty it happens within the period."
    return [words]


def _queue(_: Figure) -> list[str]:
    return [
        f"Vehicles that have been on a stretch for longer than its free travel time, or wait to enter a road. {BANDS}"
    ]


def _waiting(figure: Figure) -> list[str]:
    return [
        f"Averages over the people who arrive in the {figure['window_hours']:.0f} hours before each "
        "moment: single people wait much longer or shorter. Blank where people arrive in fewer than half of the "
        f"runs. {BANDS}"
    ]


def _registration(figure: Figure) -> list[str]:
    if not figure["desks"]:
        return ["The scenario has no registration desk."]
    return [f"People in line have arrived and are not yet registered. {BANDS}"]


def _settling(figure: Figure) -> list[str]:
    then = sorted({place["observed"]["time"][:10] for place in figure["places"] if place["observed"]})
    words = "Bars are medians, lines hold 9 in 10 runs. "
    if then:
        words += (
            "Hollow points are the last published counts there, of those lodged or of all who had come "
            f"({join_words(then)}); the table gives the run's own figure for the same hour."
        )
    else:
        words += "No count since the start by place of settling is stated."
    return [words]


def _influence(figure: Figure) -> list[str]:
    if not figure["enough"]:
        return ["There are too few runs, or too little difference between them, to rank the inputs."]
    words = (
        f"Of {len(figure['inputs'])} uncertain inputs, the {len(shown_inputs(figure))} that go most with arrivals: "
        "median arrivals in the fifth of the runs where the input is lowest (hollow) and highest (filled). Dotted: "
        f"may be luck (a rank correlation below {write_number(figure['noise'], 0.01)}). A star marks inputs that rest "
        "on no source. "
        "Correlation says what goes with what under the ranges written, not more."
    )
    if figure["fitted_inputs"]:
        words += (
            f" Having learnt from counts, the runs go back to about {write_about(figure['independent_courses'])} "
            f"beginnings of equal weight, and the {figure['fitted_inputs']} uncertain numbers with them: what goes "
            "with one of them may be luck."
        )
    return [words]


def _when(figure: Figure) -> str:
    return write_moment(datetime.fromisoformat(figure["moment"]))


_WORDS: dict[str, Callable[[Figure], list[str]]] = {
    "people": _people,
    "map": _map,
    "arrivals": _arrivals,
    "duration": _duration,
    "queue": _queue,
    "waiting": _waiting,
    "registration": _registration,
    "settling": _settling,
    "influence": _influence,
    "relief_cover": caption_relief,
    "relief_gap": caption_relief,
}
