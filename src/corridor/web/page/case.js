/** Case: the tables as sheets, checked while they are changed, saved when asked. */

import { makeBar } from "./case_bar.js";
import { makePlaceMap } from "./case_map.js";
import { drawChosen, drawClaim, drawFault } from "./case_cell.js";
import { openStore } from "./case_store.js";
import { describeTables, drawTables } from "./case_tables.js";
import { make, put, redraw } from "./dom.js";
import { say } from "./say.js";
import { makeGrid } from "./sheet.js";
import { addColumn, addRows, columnsOf, moveRows, orderOf, removeRows, setCells } from "./sheet_edits.js";
import { describeSheet } from "./sheet_view.js";

export async function open(root, context, values) {
  const screen = { context, values, claim: null, sheet: null };
  const tables = make("nav", { class: "tables", "aria-label": say("page.case.tables") });
  const title = make("h2", { id: "sheet-title" });
  const tools = make("div", { class: "tools" });
  const chosen = make("aside", { class: "chosen", "aria-label": say("page.case.chosen"), tabindex: "-1" });
  const faults = make("section", { class: "all-faults", "aria-label": say("page.case.faults") });
  const grid = makeGrid(makeTeller(screen, chosen));
  grid.element.setAttribute("aria-labelledby", "sheet-title");
  Object.assign(screen, { grid, tables, title, tools, chosen, faults });
  screen.store = await openStore(() => drawAll(screen));
  const bar = (screen.bar = makeBar(screen.store, context));
  const map = (screen.map = makePlaceMap(screen.store, context, (key) => grid.choose(grid.place.get(key) ?? 0, grid.at[1], { focus: false })));
  const middle = make("section", { class: "sheet-part" }, title, tools, map.element, grid.element, make("p", { class: "keys" }, say("page.case.keys")));
  put(root, ...bar.parts, make("div", { class: "case-columns" }, tables, middle, chosen), faults);
  const onKey = (event) => onPageKey(screen, event);
  document.addEventListener("keydown", onKey);
  await follow(screen, values);
  screen.store.check();
  return {
    follow: (asked) => follow(screen, asked),
    close: () => {
      document.removeEventListener("keydown", onKey);
      map.close();
      grid.close();
      screen.store.close();
    },
  };
}

/** Undo and redo from anywhere on the screen but where a text is being written. */
function onPageKey(screen, event) {
  if (!(event.ctrlKey || event.metaKey) || event.defaultPrevented || event.target.closest("input, textarea")) return;
  const key = event.key.toLowerCase();
  if (key !== "z" && key !== "y") return;
  event.preventDefault();
  if (key === "z" && !event.shiftKey) screen.store.undo();
  else screen.store.redo();
}

/** Show the table and the cell that the address names. */
async function follow(screen, values) {
  const { store, grid } = screen;
  const known = store.list.sheets.map((sheet) => sheet.name);
  const name = known.includes(values.table) ? values.table : "places";
  screen.values = { ...values, table: name };
  const base = await store.load(name);
  screen.sheet = name;
  screen.claim = null;
  drawAll(screen);
  const row = grid.place.get(values.row);
  const column = columnsOf(base, store.edits()).indexOf(values.column ?? "");
  if (row !== undefined) grid.choose(row, Math.max(0, column), { focus: Boolean(values.row), quiet: true });
  drawSide(screen);
}

function makeTeller(screen, chosen) {
  const base = () => screen.store.bases[screen.sheet];
  const edits = () => screen.store.edits();
  return {
    chosen: (key, column) => {
      screen.claim = null;
      const values = { ...screen.values, table: screen.sheet, row: key, column: columnsOf(base(), edits())[column] };
      screen.values = values;
      screen.context.go(values, true);
      drawSide(screen);
    },
    change: (changes, label) => screen.store.set(setCells(base(), edits(), changes), label),
    rows: (verb, first, last) => changeRows(screen, verb, first, last),
    paste: (block, top, left) => paste(screen, block, top, left),
    undo: () => screen.store.undo(),
    redo: () => screen.store.redo(),
    say: (text) => screen.context.tell(text),
    claim: (id) => openClaim(screen, id),
    leave: () => chosen.focus(),
  };
}

function changeRows(screen, verb, first, last) {
  const { store, grid } = screen;
  const base = store.bases[screen.sheet];
  if (base.settings || !base.readable) return;
  const keys = orderOf(base, store.edits()).slice(first, last + 1);
  if (verb === "add") {
    const [edits] = addRows(base, store.edits(), grid.rows.length ? last + 1 : 0);
    store.set(edits, "add");
    grid.choose(grid.rows.length ? last + 1 : 0, 0);
  } else if (verb === "remove") {
    store.set(removeRows(base, store.edits(), keys), "remove");
    grid.choose(first, grid.at[1]);
  } else {
    const by = verb === "up" ? -1 : 1;
    store.set(moveRows(base, store.edits(), first, last, by), "move");
    grid.from = [grid.place.get(keys[0]) ?? 0, grid.from[1]];
    grid.choose(grid.place.get(keys.at(-1)) ?? 0, grid.at[1], { extend: true });
  }
}

/** Cells from a spreadsheet, from the chosen one on; rows are added for those that are too many. */
function paste(screen, block, top, left) {
  const { store, grid } = screen;
  const base = store.bases[screen.sheet];
  const width = grid.sheet.columns.length;
  let edits = store.edits();
  const missing = top + block.length - grid.rows.length;
  if (missing > 0 && !base.settings) [edits] = addRows(base, edits, grid.rows.length, missing);
  const order = orderOf(base, edits);
  const changes = [];
  let beyond = 0;
  block.forEach((cells, row) =>
    cells.forEach((text, at) => {
      const key = order[top + row];
      if (key === undefined || left + at >= width) beyond += text === "" ? 0 : 1;
      else if (!grid.sheet.fixed(key, left + at)) changes.push([key, left + at, text]);
    }),
  );
  store.set(setCells(base, edits, changes), "paste");
  screen.context.tell(say(beyond ? "page.case.pasted_beyond" : "page.case.pasted", { cells: changes.length, beyond }));
}

function openClaim(screen, id) {
  screen.claim = id;
  drawSide(screen);
  screen.chosen.querySelector(".claim")?.focus();
}

function drawAll(screen) {
  const { store, grid } = screen;
  if (!store || !screen.sheet || !store.bases[screen.sheet]) return;
  const base = store.bases[screen.sheet];
  const openTable = (name) => screen.context.go({ table: name });
  redraw(screen.tables, describeTables(store, screen.sheet), () => [drawTables(store, screen.sheet, openTable)]);
  put(screen.title, make("bdi", {}, base.file), " ", make("small", {}, base.present ? "" : say("page.case.no_file")));
  redraw(screen.tools, [base.name, base.version, columnsOf(base, store.edits()), screen.values.map], () => drawTools(screen, base));
  grid.element.hidden = !base.readable;
  grid.show(describeSheet(store, base));
  const withMap = base.table === "places" && base.readable && screen.values.map === "yes";
  screen.map.element.hidden = !withMap;
  if (withMap) screen.map.show(base);
  screen.bar.draw();
  drawFaults(screen);
  if (!screen.chosen.contains(document.activeElement)) drawSide(screen);
}

function drawTools(screen, base) {
  const { grid, store } = screen;
  if (!base.readable) return [make("p", { class: "warning" }, say("page.case.unreadable", { file: base.file }))];
  if (base.settings) return [];
  const block = () => [grid.from[0], grid.at[0]].sort((a, b) => a - b);
  const button = (verb) => make("button", { type: "button", id: `row-${verb}`, onclick: () => changeRows(screen, verb, ...block()) }, say(`page.case.row_${verb}`));
  const missing = store.list.fields[base.table].filter((field) => !grid.sheet?.columns.includes(field.name));
  const list = make("select", { id: "column-add", "aria-label": say("page.case.column_add") }, make("option", { value: "" }, say("page.case.column_add")));
  const there = columnsOf(base, store.edits());
  list.append(...missing.filter((field) => !there.includes(field.name)).map((field) => make("option", { value: field.name, title: field.meaning }, field.name)));
  list.addEventListener("change", () => list.value && store.set(addColumn(base, store.edits(), list.value), "column"));
  return [...["add", "remove", "up", "down"].map(button), list, base.table === "places" ? makeMapButton(screen) : null];
}

function makeMapButton(screen) {
  const open = screen.values.map === "yes";
  const press = () => screen.context.go({ ...screen.values, map: open ? "" : "yes" });
  return make("button", { type: "button", id: "case-map", "aria-pressed": String(open), onclick: press }, say("page.case.map"));
}

function drawSide(screen) {
  const { store, grid, chosen } = screen;
  if (!grid.sheet) return;
  const claims = store.found?.claims ?? {};
  if (screen.claim !== null) {
    const close = () => {
      screen.claim = null;
      drawSide(screen);
      grid.focus();
    };
    put(chosen, screen.claim in claims ? drawClaim(screen.claim, claims[screen.claim], close) : make("p", {}, say("page.case.unknown_claim")));
    return;
  }
  const row = grid.rows[grid.at[0]];
  if (!row) return put(chosen, make("p", {}, say("page.case.no_rows")));
  const cell = grid.sheet.about(row.key, grid.at[1]);
  const write = (text) => store.set(setCells(store.bases[screen.sheet], store.edits(), [[row.key, grid.at[1], text]]), "cell");
  put(chosen, ...drawChosen(cell, { claims, write, open: (id) => openClaim(screen, id) }).filter(Boolean));
}

function drawFaults(screen) {
  const found = screen.store.found?.faults ?? [];
  const jump = (fault) =>
    fault.sheet
      ? () => screen.context.go({ table: fault.sheet, row: fault.header ? "" : fault.key, column: fault.sheet === "scenario" ? "value" : fault.column })
      : null;
  const of = (severity) => found.filter((fault) => fault.severity === severity);
  const part = (severity) =>
    of(severity).length
      ? [make("h3", {}, say(`page.case.${severity}s`, { number: of(severity).length })), make("ul", { class: "faults" }, ...of(severity).map((fault) => drawFault(fault, jump(fault))))]
      : [];
  const none = screen.store.found && !found.length ? make("p", { class: "none" }, say("page.case.no_faults")) : null;
  redraw(screen.faults, [Boolean(screen.store.found), found], () => [make("h2", {}, say("page.case.faults")), none, ...part("error"), ...part("warning")]);
}
