/** The grid by keyboard, mouse and clipboard. */

import { readBlock, writeBlock } from "./paste.js";
import { say } from "./say.js";

const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

/** The chosen block: first and last row, first and last column. */
function blockOf(grid) {
  const [top, bottom] = [grid.from[0], grid.at[0]].sort((a, b) => a - b);
  const [left, right] = [grid.from[1], grid.at[1]].sort((a, b) => a - b);
  return { top, bottom, left, right };
}

export function listenToKeys(grid) {
  const { element } = grid;
  element.addEventListener("keydown", (event) => onKey(grid, event));
  element.addEventListener("mousedown", (event) => onPress(grid, event));
  element.addEventListener("mouseover", (event) => {
    const cell = event.buttons === 1 && grid.pressed ? event.target.closest("[data-column]") : null;
    if (cell) grid.choose(Number(cell.dataset.row), Number(cell.dataset.column), { extend: true });
  });
  window.addEventListener("mouseup", () => (grid.pressed = false));
  element.addEventListener("dblclick", (event) => event.target.closest("[data-column]") && grid.edit());
  element.addEventListener("copy", (event) => onCopy(grid, event));
  element.addEventListener("cut", (event) => {
    onCopy(grid, event);
    clear(grid);
  });
  element.addEventListener("paste", (event) => onPaste(grid, event));
}

function onPress(grid, event) {
  const cell = event.target.closest("[data-column]");
  if (!cell || event.button !== 0) return;
  event.preventDefault();
  grid.box?.close();
  grid.pressed = true;
  grid.choose(Number(cell.dataset.row), Number(cell.dataset.column), { extend: event.shiftKey });
  const chip = event.target.closest("[data-claim]");
  if (chip && !event.shiftKey) grid.tell.claim(chip.dataset.claim);
}

function onKey(grid, event) {
  if (grid.box || event.isComposing || !grid.rows.length) return;
  const command = event.ctrlKey || event.metaKey;
  const done = command ? onCommand(grid, event) : event.altKey ? onAlt(grid, event) : onPlain(grid, event);
  if (done) event.preventDefault();
}

function onCommand(grid, event) {
  const key = event.key.toLowerCase();
  const [row, column] = grid.at;
  const last = [grid.rows.length - 1, grid.sheet.columns.length - 1];
  const extend = event.shiftKey;
  if (key === "z" && !event.shiftKey) grid.tell.undo();
  else if (key === "y" || key === "z") grid.tell.redo();
  else if (key === "a") {
    grid.from = [0, 0];
    grid.choose(...last, { extend: true });
  } else if (key === "home") grid.choose(0, 0, { extend });
  else if (key === "end") grid.choose(...last, { extend });
  else if (key === "arrowup") grid.choose(0, column, { extend });
  else if (key === "arrowdown") grid.choose(last[0], column, { extend });
  else if (key === "arrowleft") grid.choose(row, 0, { extend });
  else if (key === "arrowright") grid.choose(row, last[1], { extend });
  else return false;
  return true;
}

function onAlt(grid, event) {
  const { top, bottom } = blockOf(grid);
  if (event.key === "ArrowUp") grid.tell.rows("up", top, bottom);
  else if (event.key === "ArrowDown") grid.tell.rows("down", top, bottom);
  else if (event.key === "Insert") grid.tell.rows("add", top, bottom);
  else return false;
  return true;
}

function onPlain(grid, event) {
  const [row, column] = grid.at;
  const extend = event.shiftKey;
  const page = Math.max(1, Math.floor(grid.element.clientHeight / 34) - 2);
  if (event.key in STEPS) grid.choose(row + STEPS[event.key][0], column + STEPS[event.key][1] * turn(), { extend });
  else if (event.key === "PageUp") grid.choose(row - page, column, { extend });
  else if (event.key === "PageDown") grid.choose(row + page, column, { extend });
  else if (event.key === "Home") grid.choose(row, 0, { extend });
  else if (event.key === "End") grid.choose(row, grid.sheet.columns.length - 1, { extend });
  else if (event.key === "Enter" || event.key === "F2") grid.edit();
  else if (event.key === "Delete" || event.key === "Backspace") clear(grid);
  else if (event.key === "Escape") grid.tell.leave();
  else if (event.key.length === 1) grid.edit(event.key);
  else return false;
  return true;
}

/** Left is forwards where the page is written from right to left. */
const turn = () => (document.documentElement.dir === "rtl" ? -1 : 1);

function cellsOf(grid) {
  const { top, bottom, left, right } = blockOf(grid);
  const rows = grid.rows.slice(top, bottom + 1);
  return rows.map(({ key }) => Array.from({ length: right - left + 1 }, (_, at) => [key, left + at]));
}

function clear(grid) {
  const cells = cellsOf(grid).flat().filter(([key, at]) => !grid.sheet.fixed(key, at));
  if (cells.length) grid.tell.change(cells.map(([key, at]) => [key, at, ""]), "clear");
}

function onCopy(grid, event) {
  if (grid.box || !grid.rows.length) return;
  const rows = cellsOf(grid).map((cells) => cells.map(([key, at]) => grid.sheet.text(key, at)));
  event.clipboardData.setData("text/plain", writeBlock(rows));
  event.preventDefault();
  grid.tell.say(say("page.case.copied", { cells: rows.length * rows[0].length }));
}

function onPaste(grid, event) {
  if (grid.box) return;
  event.preventDefault();
  const block = readBlock(event.clipboardData.getData("text/plain"));
  const { top, bottom, left, right } = blockOf(grid);
  if (block.length === 1 && block[0].length === 1 && (bottom > top || right > left)) {
    const cells = cellsOf(grid).flat().filter(([key, at]) => !grid.sheet.fixed(key, at));
    grid.tell.change(cells.map(([key, at]) => [key, at, block[0][0]]), "paste");
    return;
  }
  grid.tell.paste(block, top, left);
}
