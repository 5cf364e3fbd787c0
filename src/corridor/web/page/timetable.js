/** The timetable of a plan: a line of words and a bar for each consignment, shaded where its way cannot be entered. */

import { draw, make } from "./dom.js";
import { day, number, say } from "./say.js";

const [WIDTH, TOP, ROW, BAR] = [860, 34, 38, 12];
const FILLED = ["out", "unloads", "back"];

const addDays = (first, days) => {
  const moment = new Date(`${first}T00:00:00Z`);
  moment.setUTCDate(moment.getUTCDate() + days);
  return moment.toISOString().slice(0, 10);
};

/** Loads in words: those of 50 kg and more to a tenth of a tonne; where there are none, all to the kilogram. */
function writeLoads(loads) {
  const large = loads.filter(({ tonnes }) => tonnes >= 0.05);
  const shown = large.length ? large : loads;
  return shown.map(({ item, tonnes }) => say("page.plan.load", { item: item.replaceAll("_", " "), tonnes: number(tonnes, large.length ? 1 : 3) })).join(", ");
}

/** Two ways of filling that read the same in grey. */
const patterns = () =>
  draw(
    "defs",
    {},
    draw("pattern", { id: "fill-unloads", width: 4, height: 4, patternUnits: "userSpaceOnUse" }, draw("circle", { cx: 2, cy: 2, r: 0.8 })),
    draw("pattern", { id: "fill-back", width: 6, height: 6, patternUnits: "userSpaceOnUse" }, draw("path", { d: "M0 6L6 0", class: "stroke" })),
  );

function drawAxis({ first, days }, coarse, at, height) {
  const step = coarse || days > 10 ? 24 : days > 5 ? 12 : 6;
  const parts = [];
  for (let hour = 0; hour <= 24 * days; hour += step) {
    const x = at(hour / 24).toFixed(1);
    parts.push(draw("line", { x1: x, x2: x, y1: TOP - 4, y2: height, class: hour % 24 ? "grid" : "grid midnight" }));
    if (!coarse) parts.push(draw("text", { x, y: TOP - 7, "text-anchor": "middle", class: "hour" }, String(hour % 24).padStart(2, "0")));
  }
  const every = Math.max(1, Math.ceil(days / 8));
  for (let one = 0; one < days; one += every) parts.push(draw("text", { x: at(one).toFixed(1), y: 12, class: "day" }, day(addDays(first, one))));
  return parts;
}

function drawRow(row, place, at, coarse) {
  const y = TOP + place * ROW + 18;
  const box = ([from, until], attributes) => (until > from ? draw("rect", { x: at(from).toFixed(1), width: (at(until) - at(from)).toFixed(1), y, height: BAR, ...attributes }) : null);
  const fields = { fleet: row.fleet, trucks: number(row.trucks), from: row.from, to: row.to, loads: writeLoads(row.loads) };
  return draw(
    "g",
    {},
    draw("line", { x1: 0, x2: WIDTH, y1: TOP + place * ROW, y2: TOP + place * ROW, class: "grid" }),
    ...row.shut.map((span) => box(span, { class: "shut" })),
    ...FILLED.filter((name) => !coarse || name === "out").map((name) => box(row[name], { class: name })),
    draw("text", { x: 2, y: y - 5 }, say("page.plan.row", fields)),
  );
}

/** Draw it. @param timetable { first, days, rows: [{ fleet, trucks, from, to, loads, out, unloads, back, shut }] } in days */
export function drawTimetable(timetable, coarse) {
  const { rows, days } = timetable;
  const height = TOP + rows.length * ROW;
  const at = (moment) => (WIDTH * Math.min(Math.max(moment, 0), days)) / days;
  const label = say(coarse ? "page.plan.timeline_days" : "page.plan.timeline");
  const names = coarse ? ["out"] : [...FILLED, "shut"];
  const key = names.map((name) => make("span", { class: "key" }, draw("svg", { viewBox: "0 0 24 12", "aria-hidden": "true" }, draw("rect", { x: 0.5, y: 0.5, width: 23, height: 11, class: name })), say(`page.plan.key.${coarse ? "day" : name}`)));
  const picture = draw("svg", { viewBox: `-12 0 ${WIDTH + 24} ${height + 4}`, class: "timeline", direction: "ltr", "aria-hidden": "true" }, patterns(), ...drawAxis(timetable, coarse, at, height), ...rows.map((row, place) => drawRow(row, place, at, coarse)));
  return make("figure", {}, make("figcaption", { class: "small" }, label), make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": label }, picture), make("p", { class: "small keys" }, ...key));
}
