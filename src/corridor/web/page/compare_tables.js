/** The tables of Compare: a column for each side, in each cell its number with its range and the difference to the first. */

import { make } from "./dom.js";
import { has, moment, range, say } from "./say.js";
import { sayDifference } from "./what_if_answer.js";

/** A paired difference in words: its sign said where it is one of more. */
export function difference(more) {
  const text = range(more);
  return more[1] > 0 && !isNothing(text) ? say("page.compare.more", { text }) : text;
}

const isNothing = (text) => text.startsWith("0");

const away = ([low, middle, high]) => (middle < 0 ? [-high, -middle, -low] : [low, middle, high]);

/** How the thing is called that a row is of: an exit, a place, the road. */
function nameOf(row, names) {
  if (row.of === "on_the_road") return say("page.compare.on_the_road");
  return names.get(row.of) ?? row.of;
}

function label(row, names) {
  if (!row.of) return say(`page.compare.measure.${row.measure}`);
  if (row.of === "(none)") return say("page.compare.row.no_exit");
  return say(`page.compare.row.${row.measure}`, { of: nameOf(row, names), item: row.item });
}

function writeCell(cell, side) {
  if (!cell) return make("td", { "data-label": side }, say("page.dash"));
  const more = cell.more ? make("span", { class: "difference" }, difference(cell.more)) : null;
  return make("td", { "data-label": side }, make("span", {}, make("b", {}, range(cell.range)), more));
}

/** A table of rows; nothing where there are none. */
export function writeTable(title, rows, sides, names, note) {
  if (!rows.length) return null;
  const heads = sides.map((side) => make("th", { scope: "col" }, make("bdi", {}, side)));
  const body = rows.map((row) =>
    make(
      "tr",
      {},
      make("th", { scope: "row" }, make("bdi", {}, label(row, names))),
      ...row.cells.map((cell, i) => writeCell(cell, sides[i])),
    ),
  );
  return make(
    "section",
    {},
    make("h2", {}, title),
    make("table", { class: "beside" }, make("thead", {}, make("tr", {}, make("td"), ...heads)), make("tbody", {}, ...body)),
    note ? make("p", { class: "small" }, note) : null,
  );
}

/** Who gets less in each side than in the first. */
export function writeLess(less, sides, names) {
  const parts = less.map((rows, i) => {
    if (!rows) return null;
    const told = rows.map((row) => {
      const fields = { more: range(away(row.cells[1].more)), of: nameOf(row, names), item: row.item };
      return make("li", {}, say(`page.compare.worse.${row.measure}`, fields));
    });
    const list = told.length ? make("ul", {}, ...told) : make("p", {}, say("page.compare.less_none"));
    return make("section", {}, make("h3", {}, make("bdi", {}, sides[i])), list);
  });
  if (!parts.some(Boolean)) return null;
  const about = make("p", { class: "small" }, say("page.compare.less_about", { first: sides[0] }));
  return make("section", { class: "less" }, make("h2", {}, say("page.compare.less")), about, ...parts);
}

/** What comes first: how many more are out in each side than in the first, or why that cannot be said. */
export function writeLead(answer, sides) {
  const row = answer.totals.find((one) => one.measure === "arrivals");
  const told = answer.sides.flatMap((side, i) => {
    const fields = { side: sides[i], first: sides[0], time: moment(answer.moment) };
    const said = [];
    const more = row?.cells[i]?.more;
    if (more) {
      const text = say("page.compare.out", { ...fields, difference: sayDifference(more, "out") });
      said.push(make("p", { class: "lead" }, text));
    }
    if (side.unpaired) said.push(make("p", { class: "warning" }, say("page.compare.unpaired", { ...fields, ...tell(side.unpaired, "luck") })));
    for (const one of side.differ) said.push(make("p", { class: "warning" }, say("page.compare.differ", { ...fields, ...tell(one, "differ") })));
    return said;
  });
  return make("div", { class: "leads" }, ...told);
}

function tell({ name, first, second }, kind) {
  const id = `page.compare.${kind}.${name}`;
  const none = say("page.compare.none");
  return { what: has(id) ? say(id) : name, one: first || none, other: second || none };
}
