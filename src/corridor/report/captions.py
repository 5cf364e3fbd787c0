"""The words under each figure: what it shows, whose numbers, how sure."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from corridor.report.envelope import Figure, name_sources, say_reached
from corridor.report.influence import shown_inputs
from corridor.report.names import say_run
from corridor.report.relief import caption_cover, caption_relief
from corridor.words.said import About, Capital, Field, Moment, Rounded, Said, Stated, join, say

if TYPE_CHECKING:
    from collections.abc import Callable

    from corridor.results.result import Result

BANDS = say("caption.bands")


def write_caption(result: Result, figure: Figure) -> list[Field]:
    """Return the sentences under a figure; the last two name run and date of data, sources and confidence."""
    words = _WORDS[figure["name"]](figure)
    if figure["name"] == "map":
        words.append(say("caption.no_borders", disclaimer=result.manifest["disclaimer"].strip()))
    return [*words, _say_origin(result, figure)]


def _say_origin(result: Result, figure: Figure) -> Field:
    manifest = result.manifest
    claims = [claim for count in figure.get("observed") or [] if isinstance(count, dict) for claim in count["claims"]]
    claims += [
        claim for place in figure.get("places", []) if place.get("observed") for claim in place["observed"]["claims"]
    ]
    sources = name_sources(result, claims)
    from_whom = say("caption.no_count")
    if sources:
        named, more = join(*sources[:3]), Stated(len(sources) - 3)
        from_whom = say("caption.sources", sources=named)
        if len(sources) > 3:
            from_whom = say("caption.sources.more", sources=named, more=more)
    run = say("caption.run", run=say_run(manifest), date=manifest["data_date"])
    return join(run, from_whom, say_confidence(result), between=" ")


def say_confidence(result: Result) -> Said:
    """Return how far the ranges may be trusted, by what they rest on."""
    manifest = result.manifest
    if manifest["fitted_draws"]:
        until = Moment(datetime.fromisoformat(manifest["fitted_until"]))
        return say("caption.learnt.stale" if manifest["fitted_stale"] else "caption.learnt", until=until)
    return say("caption.unlearnt")


def _people(figure: Figure) -> list[Field]:
    return [say("caption.people", today=_when(figure))]


def _map(figure: Figure) -> list[Field]:
    loops = any(road["people_per_hour"] is None for road in figure["roads"])
    words = say("caption.map", today=_when(figure), hours=Stated(figure["flow_hours"]))
    return [join(words, say("caption.map.loops"), between=" ") if loops else words]


def _arrivals(figure: Figure) -> list[Field]:
    uses = {count["use"] for count in figure["observed"]}
    words: list[Field] = [say("caption.first_bands")]
    kind = "learnt" if figure["fitted"] else "plain"
    listed = [say(f"caption.marks.{use}.{kind}") for use in ("fitted", "seen", "held_out") if use in uses]
    if listed:
        words.append(say("caption.marks", marks=Capital(join(*listed))))
    if figure["learnt_until"]:
        same = figure["learnt_until"] == figure["moment"]
        words.append(say("caption.until.today" if same else "caption.until.earlier"))
    if figure["events"]:
        words.append(say("caption.events"))
    return [join(*words, between=" ")]


def _duration(figure: Figure) -> list[Field]:
    never = sum(dot is None for dot in figure["dots"])
    words = [say("caption.duration.goal" if figure["goal"] else "caption.duration", reached=say_reached(figure))]
    if never:
        end = Moment(datetime.fromisoformat(figure["end"]))
        words.append(say("caption.duration.never", never=Stated(never), end=end))
    else:
        words.append(say("caption.duration.always"))
    return [join(*words, between=" ")]


def _queue(_: Figure) -> list[Field]:
    return [join(say("caption.queue"), BANDS, between=" ")]


def _waiting(figure: Figure) -> list[Field]:
    return [join(say("caption.waiting", hours=Stated(figure["window_hours"])), BANDS, between=" ")]


def _registration(figure: Figure) -> list[Field]:
    if not figure["desks"]:
        return [say("caption.no_desk")]
    return [join(say("caption.registration"), BANDS, between=" ")]


def _settling(figure: Figure) -> list[Field]:
    then = sorted({place["observed"]["time"][:10] for place in figure["places"] if place["observed"]})
    counted = say("caption.settling.counted", days=join(*then)) if then else say("caption.settling.none")
    return [join(say("caption.settling"), counted, between=" ")]


def _influence(figure: Figure) -> list[Field]:
    if not figure["enough"]:
        return [say("caption.influence.few")]
    words = say(
        "caption.influence",
        inputs=Stated(len(figure["inputs"])),
        shown=Stated(len(shown_inputs(figure))),
        noise=Rounded(figure["noise"], 0.01),
    )
    if figure["fitted_inputs"]:
        courses, numbers = About(figure["independent_courses"]), Stated(figure["fitted_inputs"])
        return [join(words, say("caption.influence.learnt", courses=courses, numbers=numbers), between=" ")]
    return [words]


def _when(figure: Figure) -> Moment:
    return Moment(datetime.fromisoformat(figure["moment"]))


_WORDS: dict[str, Callable[[Figure], list[Field]]] = {
    "people": _people,
    "map": _map,
    "arrivals": _arrivals,
    "duration": _duration,
    "queue": _queue,
    "waiting": _waiting,
    "registration": _registration,
    "settling": _settling,
    "influence": _influence,
    "relief_now": caption_cover,
    "relief_cover": caption_relief,
    "relief_gap": caption_relief,
}
