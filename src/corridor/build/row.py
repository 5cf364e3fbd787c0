"""A row of a table that is written, and the claim on which all rows made from the map rest."""

from __future__ import annotations

Row = dict[str, object]
ROADS = "osm_roads"  # the claim that roads, places and border posts are as mapped
