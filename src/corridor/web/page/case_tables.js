/** The list of tables: which there are, how many rows, changes and faults each has. */

import { make } from "./dom.js";
import { number, say } from "./say.js";
import { countChanges } from "./sheet_edits.js";
import { makeVisible } from "./visible.js";

/** All that the list shows. */
export const describeTables = (store, shown) => [
  shown,
  store.list.sheets.map((sheet) => [sheet.name, sheet.rows, sheet.present, store.bases[sheet.name] ? countChanges(store.bases[sheet.name], store.edits()) : 0]),
  (store.found?.faults ?? []).map((fault) => [fault.sheet, fault.severity]),
];

export function drawTables(store, shown, open) {
  const faults = store.found?.faults ?? [];
  const there = store.list.sheets.filter((sheet) => sheet.present || sheet.name === shown || sheet.name in store.edits());
  const absent = store.list.sheets.filter((sheet) => !there.includes(sheet));
  const begin = make("select", { id: "table-begin", "aria-label": say("page.case.begin") }, make("option", { value: "" }, say("page.case.begin")));
  begin.append(...absent.map((sheet) => make("option", { value: sheet.name }, sheet.file)));
  begin.addEventListener("change", () => begin.value && open(begin.value));
  return make("div", {}, make("ul", {}, ...there.map((sheet) => drawTable(store, sheet, shown, faults, open))), begin);
}

/** A name may be broken behind its folder. */
const breakName = (name) => name.split(/(?<=\/)/).flatMap((part) => [part, make("wbr")]);

function drawTable(store, sheet, shown, faults, open) {
  const mine = faults.filter((fault) => fault.sheet === sheet.name);
  const errors = mine.filter((fault) => fault.severity === "error").length;
  const changes = store.bases[sheet.name] ? countChanges(store.bases[sheet.name], store.edits()) : 0;
  const marks = [
    changes ? make("span", { class: "changes" }, say("page.case.changes", { number: changes })) : null,
    errors ? make("span", { class: "mark of-error" }, `✖ ${errors}`, make("span", { class: "unseen" }, say("page.case.errors", { number: errors }))) : null,
    mine.length > errors
      ? make("span", { class: "mark of-warning" }, `▲ ${mine.length - errors}`, make("span", { class: "unseen" }, say("page.case.warnings", { number: mine.length - errors })))
      : null,
  ];
  const button = make(
    "button",
    { type: "button", id: `table-${sheet.name}`, onclick: () => open(sheet.name), "aria-current": sheet.name === shown ? "true" : null },
    make("bdi", {}, ...breakName(makeVisible(sheet.name === "scenario" ? sheet.file : sheet.name))),
    make("span", { class: "rows" }, sheet.present ? number(sheet.rows) : say("page.case.new")),
    ...marks.filter(Boolean),
  );
  return make("li", {}, button);
}
