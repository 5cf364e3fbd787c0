/** Roads and other ways on the map: their line, how many are on them, and the queue from the end where it stands. */

import { draw } from "./dom.js";
import { writeLine } from "./geometry.js";

const WIDEST = 9; // pixels of the way with most people to a kilometre
const FEWEST_VEHICLES = 5; // fewer held up than this are no queue

/** The ways of a case and its services, as lines of one kind. */
export function listWays(facts) {
  const ways = facts.ways.map((way) => ({ ...way, kind: way.kind || "road", served: false }));
  const services = (facts.services ?? []).map((service) => ({
    ...service,
    kind: service.kind === "road" ? "service" : service.kind,
    served: true,
    length_km: 0,
  }));
  const known = new Set(facts.places.map((place) => place.id));
  return [...ways, ...services].filter((way) => known.has(way.from) && known.has(way.to));
}

/** Points of a service's line: bent aside, so that it is not taken for the road between the same places. */
function bend([a, b]) {
  const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
  const [mx, my] = [(a[0] + b[0]) / 2 + dy / 7, (a[1] + b[1]) / 2 - dx / 7];
  const at = (t) => (i) => (1 - t) ** 2 * a[i] + 2 * t * (1 - t) * [mx, my][i] + t ** 2 * b[i];
  return Array.from({ length: 13 }, (_, k) => [at(k / 12)(0), at(k / 12)(1)]);
}

/** The share of a road that a queue fills: vehicles held up, against those that fill its lanes. */
export function shareQueued(there, way, lanes) {
  if (!(there?.delayed >= FEWEST_VEHICLES) || !(way.length_km > 0)) return 0;
  const full = there.per_km ?? (way.jam_per_km || 133) * Math.max(lanes || 1, 1);
  return Math.min(1, there.delayed / (full * way.length_km));
}

const set = (element, name, value) => {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value);
};

/** A way as it is drawn: `lay(points)` after a zoom, `show(there, back, most)` at each moment. */
export function drawWay(way, name) {
  const line = (kind) => draw("path", { class: `way ${kind}`, pathLength: 1, "aria-hidden": "true" });
  const base = draw("path", { class: `way base ${way.kind}` });
  const ties = way.kind === "rail" ? draw("path", { class: "way ties" }) : null;
  const reach = draw("path", { class: "way reach" }, draw("title", {}, name));
  const [flow, walkers, queue, queueBack] = [line("flow"), draw("path", { class: "way walked" }), line("queue"), line("queue")];
  const element = draw("g", { class: "line", "data-way": way.id }, base, ties, flow, walkers, queue, queueBack, reach);

  const [moving, lines] = [[flow, walkers, queue, queueBack], new Map()];

  function lay(points) {
    const path = writeLine(way.served ? bend(points) : points);
    for (const one of [base, ties, reach]) one?.setAttribute("d", path);
    for (const one of moving) lines.set(one, one === queueBack ? writeLine([...points].reverse()) : path);
    moving.forEach(draft);
  }
  for (const one of moving) one.style.display = "none";
  /** Most lines are hidden most of the time: they get their form when they are seen. */
  const draft = (one) => one.style.display !== "none" && lines.has(one) && set(one, "d", lines.get(one));

  /** `there` and `back`: { people, vehicles, delayed }, of whom `walking` beside the vehicles; `per_km` vehicles fill a km. */
  function show(there, back, most) {
    const sum = (name) => (there?.[name] ?? 0) + (back?.[name] ?? 0);
    const [people, known] = [sum("people"), there?.vehicles !== undefined || back?.vehicles !== undefined];
    const walking = way.served || !known ? 0 : sum("vehicles") < 0.5 ? people : sum("walking");
    thicken(flow, people - walking, most);
    thicken(walkers, walking, most);
    stretch(queue, shareQueued(there, way, way.lanes));
    stretch(queueBack, shareQueued(back, way, way.lanes_back));
    moving.forEach(draft);
  }
  const thicken = (path, people, most) => {
    path.style.display = people >= 1 ? "" : "none";
    if (people < 1) return;
    const density = people / (way.length_km || 50);
    set(path, "stroke-width", (1.5 + WIDEST * Math.sqrt(Math.min(1, density / (most || 1)))).toFixed(1));
  };
  return { way, element, lay, show };
}

/** Show the last part of a line, from its downstream end. */
function stretch(line, share) {
  line.style.display = share > 0 ? "" : "none";
  if (share > 0) set(line, "stroke-dasharray", `0 ${(1 - share).toFixed(4)} ${share.toFixed(4)} 0`);
}
