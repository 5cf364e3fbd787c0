/** Days of cover by place and item: a table whose cells hold a number, its range, and a bar as long as the stock lasts. */

import { draw, make } from "./dom.js";

const [WIDTH, HEIGHT] = [72, 12];

/** The bar of a cell: filled to the middle, a thin line from low to high; a dashed frame where nothing is known. */
function drawBar({ state, bar, ends }) {
  if (state === "none") return null;
  const frame = { x: 0.5, y: 0.5, width: WIDTH - 1, height: 7, class: bar === null ? "frame unknown" : "frame" };
  return draw(
    "svg",
    { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: "cover-bar", preserveAspectRatio: "xMinYMid", "aria-hidden": "true" },
    draw("rect", frame),
    bar === null ? null : draw("rect", { x: 0.5, y: 0.5, width: (bar * (WIDTH - 1)).toFixed(1), height: 7, class: "filled" }),
    ends ? draw("line", { x1: (ends[0] * WIDTH).toFixed(1), x2: (ends[1] * WIDTH).toFixed(1), y1: 10.5, y2: 10.5, class: "span" }) : null,
  );
}

const showCell = (cell, item) =>
  make("td", { "data-label": `${item.name}, ${item.unit}` }, make(cell.bar === null ? "span" : "b", {}, cell.middle), drawBar(cell), cell.range ? make("i", {}, cell.range) : null);

/** Draw the picture. @param cover { title, items: [{ name, unit }], rows: [{ place, cells }], notes: [text] }, or null */
export function drawCover(cover) {
  if (!cover) return null;
  const { title, items, rows, notes } = cover;
  const head = items.map(({ name, unit }) => make("th", { scope: "col" }, name, make("i", {}, unit)));
  const body = rows.map(({ place, cells }) => make("tr", {}, make("th", { scope: "row" }, place), ...cells.map((cell, n) => showCell(cell, items[n]))));
  return make(
    "section",
    { class: "cover" },
    make("h2", {}, title),
    make("table", {}, make("thead", {}, make("tr", {}, make("td"), ...head)), make("tbody", {}, ...body)),
    make("p", { class: "small" }, notes.join(" ")),
  );
}
