/** A sheet as a grid: only the rows in sight are drawn, whatever their number; the cell that is chosen always is. */

import { labelOf, openBox } from "./cell_box.js";
import { make, put } from "./dom.js";
import { say } from "./say.js";
import { drawCell, sayRange } from "./sheet_cell.js";
import { listenToKeys } from "./sheet_keys.js";
import { makeVisible } from "./visible.js";

const ROW = 34; // px, as in case.css
const BEYOND = 8; // rows drawn beyond those in sight
const PRINTED = 1000; // rows of a sheet on paper, at most

/**
 * Make a grid. `tell` has: chosen(key, column), change([[key, column, text]], label), rows(verb, first, last), undo(), redo(),
 * say(text), claim(id). `show(sheet)` shows a sheet: { name, columns, fields, lines: [{ comment } or { key, line }], cell(key, column),
 * text(key, column), options(column), fixed(key, column) }; a cell is what sheet_cell.js draws, with `changed` and `assumed`.
 */
export function makeGrid(tell) {
  const head = make("div", { role: "row", class: "sheet-head", "aria-rowindex": "1" });
  const body = make("div", { class: "sheet-body", role: "rowgroup" });
  const element = make("div", { role: "grid", class: "sheet", "aria-multiselectable": "true" }, make("div", { role: "rowgroup", class: "sheet-top" }, head), body);
  const grid = { element, tell, sheet: null, rows: [], at: [0, 0], from: [0, 0], box: null };
  grid.place = new Map(); // key of a row -> its number among the rows

  grid.show = (sheet) => {
    const other = grid.sheet?.name !== sheet.name;
    if (other) grid.box?.close();
    grid.sheet = sheet;
    grid.rows = sheet.lines.filter((line) => line.key !== undefined);
    grid.place = new Map(grid.rows.map((row, at) => [row.key, at]));
    grid.lines = new Map(sheet.lines.map((line, at) => [line, at]));
    if (other) {
      grid.at = grid.from = [0, 0];
      element.scrollTo(0, 0);
    }
    grid.at = within(grid, grid.at);
    grid.from = within(grid, grid.from);
    drawHead(grid, head);
    element.setAttribute("aria-rowcount", sheet.lines.length + 1);
    element.setAttribute("aria-colcount", sheet.columns.length + 1);
    body.style.height = `${sheet.lines.length * ROW}px`;
    grid.draw();
  };

  grid.draw = () => {
    if (!grid.sheet || grid.box) return;
    const focused = element.contains(document.activeElement);
    const first = grid.printing ? 0 : Math.max(0, Math.floor(element.scrollTop / ROW) - BEYOND);
    const room = grid.printing ? PRINTED : Math.ceil((element.clientHeight || 600) / ROW) + 2 * BEYOND;
    const last = Math.min(grid.sheet.lines.length, first + room);
    const shown = new Set(Array.from({ length: Math.max(0, last - first) }, (_, at) => first + at));
    if (grid.rows.length) shown.add(grid.lines.get(grid.rows[grid.at[0]]));
    put(body, ...[...shown].sort((a, b) => a - b).map((at) => drawLine(grid, at)));
    if (focused) grid.focus();
  };

  grid.focus = () => grid.cell()?.focus({ preventScroll: true });
  grid.cell = () => element.querySelector('[tabindex="0"]');

  /** Choose a cell; `extend` keeps the other corner of the block. */
  grid.choose = (row, column, { extend = false, focus = true, quiet = false } = {}) => {
    grid.at = within(grid, [row, column]);
    if (!extend) grid.from = grid.at;
    scrollTo(grid, element);
    grid.draw();
    if (focus) grid.focus();
    if (!quiet && grid.rows.length) tell.chosen(grid.rows[grid.at[0]].key, grid.at[1]);
  };

  grid.edit = (start) => {
    const row = grid.rows[grid.at[0]];
    const column = grid.at[1];
    if (!row || grid.sheet.fixed(row.key, column)) return;
    grid.box = openBox(grid.cell(), {
      text: grid.sheet.text(row.key, column),
      start,
      options: grid.sheet.options(row.key, column),
      label: labelOf(grid.at[0] + 1, grid.sheet.columns[column]),
      done: (text, move) => {
        grid.box = null;
        if (text !== null && text !== grid.sheet.text(row.key, column)) tell.change([[row.key, column, text]], "cell");
        grid.draw();
        if (move) grid.choose(grid.at[0] + move[0], grid.at[1] + move[1]);
      },
    });
  };

  element.addEventListener("scroll", () => window.requestAnimationFrame(grid.draw), { passive: true });
  const observer = new ResizeObserver(() => grid.draw());
  observer.observe(element);
  const print = ({ type }) => {
    grid.printing = type === "beforeprint";
    grid.draw();
  };
  for (const type of ["beforeprint", "afterprint"]) window.addEventListener(type, print);
  grid.close = () => {
    observer.disconnect();
    for (const type of ["beforeprint", "afterprint"]) window.removeEventListener(type, print);
  };
  listenToKeys(grid);
  return grid;
}

const clamp = (value, most) => Math.max(0, Math.min(value, most));
const within = (grid, [row, column]) => [clamp(row, grid.rows.length - 1), clamp(column, grid.sheet.columns.length - 1)];

function scrollTo(grid, element) {
  const top = (grid.lines.get(grid.rows[grid.at[0]]) ?? 0) * ROW;
  const room = element.clientHeight - ROW;
  if (top < element.scrollTop) element.scrollTop = top;
  else if (top + ROW > element.scrollTop + room) element.scrollTop = top + ROW - room;
  const left = Math.max(0, grid.sheet.starts[grid.at[1]] - grid.sheet.aside);
  const right = left + grid.sheet.widths[grid.at[1]];
  const across = element.clientWidth - grid.sheet.kept;
  const scrolled = Math.abs(element.scrollLeft);
  const sign = document.documentElement.dir === "rtl" ? -1 : 1;
  if (left < scrolled) element.scrollLeft = sign * left;
  else if (right > scrolled + across) element.scrollLeft = sign * Math.min(left, right - across);
}

function drawHead(grid, head) {
  const { columns, fields, template } = grid.sheet;
  head.style.gridTemplateColumns = template;
  const cells = columns.map((column, at) => {
    const field = fields(null, at);
    const unit = field?.unit ? make("span", { class: "unit" }, field.unit) : null;
    const must = field?.required ? make("abbr", { title: say("page.case.must"), class: "must" }, "*") : null;
    const attributes = { role: "columnheader", "aria-colindex": at + 2, title: field?.meaning ?? say("page.case.own_column") };
    return make("div", attributes, make("bdi", { class: "name" }, makeVisible(column) || say("page.dash")), must, unit);
  });
  put(head, make("div", { role: "columnheader", class: "line", "aria-colindex": "1" }, say("page.case.row")), ...cells);
}

function drawLine(grid, at) {
  const line = grid.sheet.lines[at];
  const row = make("div", { role: "row", class: "sheet-row", "aria-rowindex": at + 2 });
  row.style.top = `${at * ROW}px`;
  if (line.key === undefined) {
    row.classList.add("comment");
    row.append(make("div", { role: "gridcell", "aria-colspan": grid.sheet.columns.length + 1 }, make("bdi", {}, makeVisible(line.comment))));
    return row;
  }
  row.style.gridTemplateColumns = grid.sheet.template;
  const number = grid.place.get(line.key);
  row.append(
    make("div", { role: "rowheader", class: "line", "aria-colindex": "1" }, grid.sheet.lineOf(line.key)),
    ...grid.sheet.columns.map((_, column) => drawOne(grid, line.key, number, column)),
  );
  return row;
}

function drawOne(grid, key, row, column) {
  const cell = grid.sheet.cell(key, column);
  const [top, bottom] = [grid.from[0], grid.at[0]].sort((a, b) => a - b);
  const [left, right] = [grid.from[1], grid.at[1]].sort((a, b) => a - b);
  const active = row === grid.at[0] && column === grid.at[1];
  const chosen = row >= top && row <= bottom && column >= left && column <= right;
  const names = [cell.changed && "changed", cell.assumed && "assumed", cell.fixed && "fixed", cell.faults.length && "faulty", cell.isNumber && "number"];
  return make(
    "div",
    {
      role: "gridcell",
      class: names.filter(Boolean).join(" "),
      "aria-colindex": column + 2,
      "aria-selected": String(chosen),
      "aria-invalid": cell.faults.some((fault) => fault.severity === "error") ? "true" : null,
      "aria-readonly": cell.fixed ? "true" : null,
      title: cell.faults.map((fault) => `${fault.found}: ${fault.fix}`).join("\n") || sayRange(cell.range) || null,
      tabindex: active ? "0" : "-1",
      "data-row": row,
      "data-column": column,
    },
    ...drawCell(cell),
  );
}
