"""One function for each picture, from a figure's data to SVG."""

from __future__ import annotations

from corridor.report.pictures.bars import draw_duration, draw_influence, draw_settling
from corridor.report.pictures.chart import draw_map
from corridor.report.pictures.cover import draw_cover_now
from corridor.report.pictures.lines import draw_arrivals, draw_people, draw_queue, draw_registration, draw_waiting
from corridor.report.pictures.supplies import draw_relief_cover, draw_relief_gap

PICTURES = {
    "people": draw_people,
    "map": draw_map,
    "arrivals": draw_arrivals,
    "duration": draw_duration,
    "queue": draw_queue,
    "waiting": draw_waiting,
    "registration": draw_registration,
    "settling": draw_settling,
    "influence": draw_influence,
    "relief_now": draw_cover_now,
    "relief_cover": draw_relief_cover,
    "relief_gap": draw_relief_gap,
}
