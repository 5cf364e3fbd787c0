/** Numbers over time: the range of the run, the case as it is behind it in grey, counts as dots, events, the hour shown. */

import { listRows, makeScales, writeAxes } from "./chart_axes.js";
import { draw, make, put } from "./dom.js";
import { moment, number, range, readTime, say } from "./say.js";

const LEVELS = ["q05", "q25", "q50", "q75", "q95"];

const between = (x, y, low, high, from = 0) => {
  const there = low.map((value, i) => `${x(i + from).toFixed(1)} ${y(value).toFixed(1)}`);
  const back = high.map((value, i) => `${x(i + from).toFixed(1)} ${y(value).toFixed(1)}`).reverse();
  return `M${[...there, ...back].join("L")}Z`;
};
const through = (x, y, values) => `M${values.map((value, i) => `${x(i).toFixed(1)} ${y(value).toFixed(1)}`).join("L")}`;

/** Bands and the median of one fan, in the colours of `kind` (run or base). */
function drawBands(fan, kind, x, y) {
  return draw(
    "g",
    { class: `fan ${kind}` },
    draw("path", { class: "wide", d: between(x, y, fan.q05, fan.q95) }),
    fan.q25 ? draw("path", { class: "narrow", d: between(x, y, fan.q25, fan.q75) }) : null,
    draw("path", { class: "middle", d: through(x, y, fan.q50) }),
  );
}

/**
 * Draw a fan.
 * @param chart { title, unit, times: [T], fan: { q05.., q25, q50, q75, q95: [T] }, base: a fan or null,
 *   counts: [{ time, value, label }], events: [{ time, label }], at: index of the hour shown (it may lie between two),
 *   zero: whether zero is a line of its own (a difference), height }
 * @returns { element, show(at) }
 */
export function drawFan(chart) {
  const holder = make("figure", { class: "chart" });
  const state = { at: chart.at ?? 0, width: 0, line: null, x: null };
  const table = make("details", { class: "chart-table" }, make("summary", {}, say("page.chart.table")), make("div"));
  table.addEventListener("toggle", () => table.open && put(table.lastChild, listRows(chart, LEVELS)));

  function show(at) {
    state.at = at;
    if (!state.line) return;
    const pixels = state.x(at).toFixed(1);
    state.line.setAttribute("x1", pixels);
    state.line.setAttribute("x2", pixels);
  }
  function redraw(width) {
    state.width = width;
    const height = chart.height ?? Math.max(170, Math.min(260, width * 0.55));
    const scales = makeScales(chart, width, height, LEVELS);
    const { x, y } = scales;
    state.x = x;
    state.line = draw("line", { class: "hour", y1: scales.top, y2: scales.bottom });
    const picture = draw(
      "svg",
      { role: "img", viewBox: `0 0 ${width} ${height}`, width, height, direction: "ltr", "aria-label": chart.title },
      draw("desc", {}, summarise(chart)),
      writeAxes(chart, scales),
      chart.base ? drawBands(chart.base, "base", x, y) : null,
      drawBands(chart.fan, "run", x, y),
      ...listEvents(chart, scales),
      ...listCounts(chart, scales),
      state.line,
    );
    put(holder, make("figcaption", {}, chart.title), picture, table);
    show(state.at);
  }
  const observer = new ResizeObserver(([entry]) => {
    const width = Math.round(entry.contentRect.width);
    if (width > 60 && width !== state.width) redraw(width);
  });
  observer.observe(holder);
  return { element: holder, show, close: () => observer.disconnect() };
}

/** What the picture says, for those who do not see it. */
export function summarise(chart) {
  const last = chart.times.length - 1;
  const at = (i) => range([chart.fan.q05[i], chart.fan.q50[i], chart.fan.q95[i]]);
  const middle = Math.round(Math.min(Math.max(chart.at ?? last / 2, 0), last));
  return say("page.chart.summary", {
    title: chart.title,
    middle: moment(chart.times[middle]),
    then: at(middle),
    last: moment(chart.times[last]),
    end: at(last),
  });
}

/** Where a moment lies between those of the chart, as an index. */
export function locate(times, text) {
  const [first, last] = [readTime(times[0]), readTime(times[times.length - 1])];
  return last > first ? ((readTime(text) - first) / (last - first)) * (times.length - 1) : 0;
}

function listEvents(chart, { x, bottom, top, width }) {
  const events = (chart.events ?? []).map((event) => ({ ...event, i: locate(chart.times, event.time) }));
  const within = events.filter((event) => event.i >= 0 && event.i <= chart.times.length - 1);
  return within.map(({ i, label, time }) => {
    const mark = draw("path", { class: "tick", d: `M${x(i).toFixed(1)} ${bottom}v-9` });
    const reach = draw("rect", { class: "reach", x: x(i) - 5, y: bottom - 14, width: 10, height: 14 });
    const right = x(i) > width / 2;
    const text = draw("text", { class: "event-name", x: x(i), y: top + 11, "text-anchor": right ? "end" : "start" }, label);
    const stem = draw("path", { class: "stem", d: `M${x(i).toFixed(1)} ${bottom}V${top}` });
    return draw("g", { class: "event" }, stem, mark, reach, text, draw("title", {}, `${moment(time)}: ${label}`));
  });
}

function listCounts(chart, { x, y }) {
  const counts = (chart.counts ?? []).map((count) => ({ ...count, i: locate(chart.times, count.time) }));
  const within = counts.filter((count) => count.i >= 0 && count.i <= chart.times.length - 1);
  return within.map(({ i, value, label, time }) => {
    const says = say("page.chart.count", { value: number(value), time: moment(time), label: label ?? "" });
    return draw("circle", { class: "count", cx: x(i), cy: y(value), r: 2.6 }, draw("title", {}, says));
  });
}
