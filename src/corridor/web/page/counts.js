/** New counts: pasted or typed, checked, added; then the forecast is updated, and past ones are scored. */

import { copyRows, tryAfterRest } from "./accept.js";
import { make, put } from "./dom.js";
import { explain } from "./evidence.js";
import { openForecast } from "./forecast.js";
import { keeper } from "./kept_text.js";
import { openPast } from "./past.js";
import { moment, number, say } from "./say.js";
import { ask, send } from "./source.js";

const USUAL = ["time", "series", "place", "value", "low", "high", "published", "claims"];

/** Read what was pasted: tabs, semicolons or commas between the cells; the first line may name the columns. */
export function readRows(text, columns) {
  const lines = text.split(/\r?\n/).filter((line) => line.trim());
  if (!lines.length) return [];
  const sign = ["\t", ";", ","].find((one) => lines[0].includes(one)) ?? "\t";
  const cells = lines.map((line) => splitLine(line, sign));
  const named = cells[0].every((cell) => columns.includes(cell.trim()));
  const head = named ? cells.shift().map((cell) => cell.trim()) : USUAL;
  return cells.map((row) => Object.fromEntries(row.map((cell, n) => [head[n] ?? `column ${n + 1}`, cell.trim()])));
}

/** The cells of one line; a cell between quotation marks may hold the sign that parts them. */
function splitLine(line, sign) {
  const cells = [""];
  let quoted = false;
  for (const letter of line) {
    if (letter === '"') quoted = !quoted;
    else if (letter === sign && !quoted) cells.push("");
    else cells[cells.length - 1] += letter;
  }
  return cells;
}

function writeCount({ value, low, high }) {
  if (value !== null) return number(value);
  if (low !== null && high !== null) return say("page.now.between", { low: number(low), high: number(high) });
  return low !== null ? say("page.now.more_than", { low: number(low) }) : say("page.now.up_to", { high: number(high) });
}

function showNewest(counts) {
  const rows = counts.newest.map((one) =>
    make("tr", {}, make("th", { scope: "row" }, say(`page.evidence.series.${one.series}`), one.where ? make("bdi", {}, ` ${one.where}`) : ""), make("td", { class: "number" }, writeCount(one)), make("td", {}, moment(one.time)), make("td", {}, one.published ? moment(one.published) : say("page.dash"))),
  );
  const head = ["counted", "newest", "at", "published"].map((name) => make("th", { scope: "col" }, say(`page.evidence.${name}`)));
  const table = make("table", {}, make("thead", {}, make("tr", {}, ...head)), make("tbody", {}, ...rows));
  return make("details", {}, make("summary", {}, say("page.evidence.newest_counts", { number: number(counts.counts) })), make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": say("page.evidence.newest") }, table));
}

/** A small form for one count, which becomes a line of the box. */
function openForm(counts, context, add) {
  const option = ({ id, name }) => make("option", { value: id }, name);
  const nowhere = make("option", { value: "" }, say("page.evidence.in_total"));
  const fields = {
    time: make("input", { type: "datetime-local", name: "time", required: true }),
    series: make("select", { name: "series" }, ...counts.series.map((one) => make("option", { value: one }, say(`page.evidence.series.${one}`)))),
    place: make("select", { name: "place" }, nowhere, ...context.facts.places.map(option)),
    value: make("input", { name: "value", inputmode: "decimal", size: 9 }),
    low: make("input", { name: "low", inputmode: "decimal", size: 9 }),
    high: make("input", { name: "high", inputmode: "decimal", size: 9 }),
    published: make("input", { type: "datetime-local", name: "published" }),
    claims: make("input", { name: "claims", size: 14 }),
  };
  const labels = Object.entries(fields).map(([name, control]) => make("label", {}, make("span", {}, say(`page.evidence.field.${name}`)), control));
  return make(
    "form",
    {
      class: "grid",
      onsubmit: (event) => {
        event.preventDefault();
        add(Object.values(fields).map((control) => control.value.trim()).join("\t"));
      },
    },
    ...labels,
    make("p", {}, make("button", {}, say("page.evidence.add_line"))),
  );
}

export async function open(root, context) {
  put(root, make("p", {}, say("page.working")));
  const counts = await ask("counts");
  const store = keeper(context.facts, "counts");
  const columns = counts.columns.map((column) => column.name);
  const { editable } = context.facts;
  const panel = make("div", { class: "trial", "aria-live": "polite" });
  const told = make("p", { role: "status" });
  const write = make("button", { type: "button", class: "main", disabled: true, onclick: () => finish() }, say(editable ? "page.evidence.add_counts" : "page.evidence.copy"));
  const box = make("textarea", { id: "count-rows", rows: 5, spellcheck: "false", "aria-describedby": "count-columns", oninput: () => changed() });
  const forecast = openForecast(context, counts);
  const trying = tryAfterRest("counts/try", () => ({ rows: readRows(box.value, columns) }), panel, (may) => (write.disabled = !may));
  box.value = store.read().rows ?? "";

  function changed() {
    store.write({ rows: box.value });
    if (box.value.trim()) return trying.soon();
    write.disabled = true;
    put(panel);
  }
  async function finish() {
    if (!editable) return copyRows(trying.found.trial, told);
    write.disabled = true;
    try {
      await send("counts/add", { rows: readRows(box.value, columns) });
      box.value = "";
      changed();
      told.textContent = say("page.evidence.counts_written");
      await forecast.begin((await ask("counts")).last_published);
    } catch (error) {
      told.textContent = explain(error);
    }
  }
  const form = openForm(counts, context, (line) => {
    box.value = `${box.value.trimEnd()}${box.value.trim() ? "\n" : ""}${line}\n`;
    changed();
  });
  put(
    root,
    make(
      "section",
      {},
      make("h2", {}, say("page.evidence.new_counts")),
      showNewest(counts),
      form,
      make("label", { for: "count-rows" }, say("page.evidence.count_rows")),
      box,
      make("p", { class: "small", id: "count-columns" }, say("page.evidence.count_columns", { columns: USUAL.join(", ") })),
      panel,
      editable ? null : make("p", { class: "small" }, say(context.facts.run ? "page.case.of_run" : "page.evidence.read_only")),
      write,
      told,
    ),
    forecast.element,
    openPast(context).element,
  );
  if (box.value.trim()) trying.now();
  return { close: () => forecast.close() };
}
