/** The axes of a chart, in round numbers and days, and its numbers as a table. */

import { draw, make } from "./dom.js";
import { day, moment, number, readTime, say, writeTime } from "./say.js";

const [RIGHT, TOP, BOTTOM] = [12, 8, 24];
const DAY = 864e5;
const DIGIT = 7.2; // pixels of a digit at the axis

/** Round numbers from low to high, about `wanted` of them. */
export function listTicks(low, high, wanted = 4) {
  const rough = (high - low || 1) / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((one) => one * power).find((one) => one >= rough * 0.999);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step);
}

/** Where a chart's numbers and moments lie, in pixels: { x(index), y(value), ticks, left, top, bottom, right, width }. */
export function makeScales(chart, width, height, levels) {
  const fans = [chart.fan, chart.base].filter(Boolean);
  const counts = (chart.counts ?? []).map((count) => count.value);
  const values = [...fans.flatMap((fan) => levels.flatMap((level) => fan[level] ?? [])), ...counts, 0, chart.most ?? 0];
  const [low, high] = [values, values].map((all, i) => all.reduce((a, b) => (i ? Math.max(a, b) : Math.min(a, b)), 0));
  const room = high - low || 1;
  const [least, most] = [low < 0 ? low - 0.04 * room : 0, high + 0.04 * room];
  const ticks = listTicks(least, most);
  const left = 8 + DIGIT * Math.max(...ticks.map((tick) => number(tick, 2).length));
  const [right, bottom] = [width - RIGHT, height - BOTTOM];
  const last = Math.max(chart.times.length - 1, 1);
  return {
    x: (i) => left + (i / last) * (right - left),
    y: (value) => bottom - ((value - least) / (most - least)) * (bottom - TOP),
    ...{ ticks, left, right, bottom, top: TOP, width },
  };
}

/** Midnights between the first and the last moment, every so many days that their names have room. */
export function listDays(times, pixels) {
  const [first, last] = [readTime(times[0]), readTime(times[times.length - 1])];
  const days = Math.max((last - first) / DAY, 1e-9);
  const step = [1, 2, 3, 5, 7, 14, 28, 56].find((one) => (pixels / days) * one >= 58) ?? 112;
  const found = [];
  for (let at = Math.ceil(first / DAY) * DAY; at <= last; at += step * DAY)
    found.push({ text: writeTime(new Date(at)), i: ((at - first) / (last - first)) * (times.length - 1) });
  return found;
}

export function writeAxes(chart, { x, y, ticks, left, right, bottom, top }) {
  const levels = ticks.map((tick) =>
    draw(
      "g",
      {},
      draw("path", { class: tick === 0 && chart.zero ? "zero" : "grid", d: `M${left} ${y(tick).toFixed(1)}H${right}` }),
      draw("text", { class: "axis", x: left - 5, y: y(tick) + 4, "text-anchor": "end" }, number(tick, 2)),
    ),
  );
  const days = listDays(chart.times, right - left).map(({ text, i }) =>
    draw(
      "g",
      {},
      draw("path", { class: "grid", d: `M${x(i).toFixed(1)} ${top}V${bottom + 4}` }),
      x(i) > right - 18 ? null : draw("text", { class: "axis", x: x(i), y: bottom + 17, "text-anchor": "middle" }, day(text)),
    ),
  );
  return draw("g", { class: "axes", "aria-hidden": "true" }, ...levels, ...days);
}

/** The numbers of a chart, about forty moments of it at most. */
export function listRows(chart, levels) {
  const shown = levels.filter((level) => chart.fan[level]);
  const step = Math.max(1, Math.ceil(chart.times.length / 40));
  const rows = chart.times.map((_, i) => i).filter((i) => i % step === 0 || i === chart.times.length - 1);
  const heads = ["time", ...shown, ...(chart.base ? ["base"] : [])].map((name) => make("th", { scope: "col" }, say(`page.chart.column.${name}`)));
  const body = rows.map((i) =>
    make(
      "tr",
      {},
      make("th", { scope: "row" }, moment(chart.times[i])),
      ...shown.map((level) => make("td", {}, number(chart.fan[level][i]))),
      chart.base ? make("td", {}, number(chart.base.q50[i])) : null,
    ),
  );
  return make("table", {}, make("caption", {}, chart.title), make("thead", {}, make("tr", {}, ...heads)), make("tbody", {}, ...body));
}
