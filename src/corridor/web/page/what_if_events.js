/** The events of a what-if: moved in time, made larger or smaller, switched off, added. */

import { addRow, isRemoved, nameRow, readCell, removeRow, restoreRow, writeCell } from "./edits.js";
import { make, put } from "./dom.js";
import { moment, readTime, say, writeTime } from "./say.js";

const DAYS = 3; // earlier or later, at the ends of the slider
const LATER = 250; // ms after a key

/** A time of the case, or two with .. between them, so many hours later; null where it is none. */
export function shiftTime(text, hours) {
  const parts = text.split("..").map((part) => part.trim());
  const dates = parts.map((part) => readTime(part.length === 10 ? `${part}T00:00` : part));
  if (dates.some((date) => Number.isNaN(date.getTime()))) return null;
  return dates.map((date) => writeTime(new Date(date.getTime() + hours * 36e5))).join("..");
}

export const tellTime = (text) => {
  const parts = text.split("..").map((part) => part.trim());
  return parts.every((part) => /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(part)) ? parts.map((part) => moment(part)).join(" – ") : text;
};

/** In which tables the targets of a kind of event are found. */
function findTables({ target, to }) {
  const table = (name) => (name === "none" || !name ? "" : `${name.replace("_or_all", "")}s`);
  return { target_table: table(target), to_table: table(to), all: target.endsWith("_or_all") };
}

/** What an event is called: its label, or its kind and what it acts on. */
export function nameEvent(event, names) {
  const mode = event.mode ? say(`page.what_if.mode.${event.mode}`) : "";
  return event.label || [say(`page.what_if.kind.${event.kind}`), names(event), mode].filter(Boolean).join(": ");
}

function drawEvent(event, names, act) {
  const cell = (column) => ({ table: "events", row: event.row, column });
  const write = (column, text, quietly) => {
    const edited = text === event[column] && !event.added ? null : text;
    act.write(writeCell(act.read(), cell(column), edited), quietly);
  };
  const happens = make("input", {
    type: "checkbox",
    onchange: () => act.write((happens.checked ? restoreRow : removeRow)(act.read(), "events", event.row)),
  });
  const field = (column, label) => {
    let timer = 0;
    const input = make("input", {
      ...{ type: "text", spellcheck: "false", autocomplete: "off", dir: "ltr", class: column, "aria-label": label },
      oninput: () => {
        clearTimeout(timer);
        timer = setTimeout(() => write(column, input.value.trim()), LATER);
      },
    });
    return input;
  };
  const time = field("time", say("page.what_if.time_of", { event: nameEvent(event, names) }));
  const value = event.value ? field("value", say("page.what_if.value_of", { event: nameEvent(event, names) })) : null;
  let sliding = false;
  const slider = make("input", {
    ...{ type: "range", min: -24 * DAYS, max: 24 * DAYS, step: 1, value: 0 },
    "aria-label": say("page.what_if.move", { event: nameEvent(event, names) }),
    oninput: () => {
      const moved = shiftTime(event.time, Number(slider.value));
      if (moved !== null) write("time", Number(slider.value) ? moved : event.time, sliding);
      sliding = true;
    },
    onchange: () => (sliding = false),
  });
  const [when, faults] = [make("span", { class: "small" }), make("div", { class: "faults" })];
  const switched = event.added ? null : make("label", {}, happens, " ", say("page.what_if.happens"));
  const remove = event.added
    ? make("button", { type: "button", onclick: () => act.write(removeRow(act.read(), "events", event.row)) }, say("page.what_if.take_out"))
    : null;
  const unit = value ? make("span", { class: "cell" }, value, make("span", { class: "unit" }, event.unit)) : null;
  const body = make("div", { class: "event-body" }, make("span", { class: "cell" }, time), unit, slider, remove);
  const name = make("bdi", { class: "what" }, nameEvent(event, names));
  const whole = make("details", { open: Boolean(event.added) }, make("summary", {}, name, " ", when), switched, body, faults);
  const element = make("li", { class: "event", "data-event": event.row }, whole);

  function show(edits, found) {
    const removed = isRemoved(edits, "events", event.row);
    const [shownTime, shownValue] = ["time", "value"].map((column) => readCell(edits, "events", event.row, column) ?? event[column]);
    happens.checked = !removed;
    body.hidden = removed;
    for (const [input, text] of [[time, shownTime], [value, shownValue]])
      if (input && document.activeElement !== input) input.value = text;
    const hours = shownTime === event.time ? 0 : (readTime(shownTime) - readTime(event.time)) / 36e5;
    if (Number.isFinite(hours)) slider.value = hours;
    const moved = hours ? say(hours > 0 ? "page.what_if.later" : "page.what_if.earlier", { hours: Math.round(Math.abs(hours)) }) : "";
    when.textContent = removed ? say("page.what_if.off") : [tellTime(shownTime), moved].filter(Boolean).join(", ");
    element.classList.toggle("changed", removed || shownTime !== event.time || shownValue !== event.value || Boolean(event.added));
    put(faults, ...found(event.row).map((fault) => make("p", { class: "fault" }, make("bdi", {}, fault))));
  }
  return { element, show };
}

/** The form by which an event is added: only what its kind asks for. */
function drawForm(kinds, targets, act, period) {
  const kind = make("select", { id: "event-kind", onchange: () => ask() }, ...kinds.filter((one) => one.kind !== "note").map((one) => make("option", { value: one.kind }, say(`page.what_if.kind.${one.kind}`))));
  const body = make("div", { class: "form" });
  let fields = {};
  const choose = (table, all) => {
    const options = (targets[table] ?? []).map((one) => make("option", { value: one.id }, one.name));
    return make("select", {}, all ? make("option", { value: "*" }, say("page.what_if.all_places")) : null, ...options);
  };
  const line = (name, input, unit = "") => make("label", {}, say(`page.what_if.field.${name}`), " ", input, unit ? ` ${unit}` : null);
  function ask() {
    const chosen = kinds.find((one) => one.kind === kind.value);
    fields = { time: make("input", { type: "text", dir: "ltr", value: period.start }) };
    if (chosen.target_table) fields.target = choose(chosen.target_table, chosen.all);
    if (chosen.to_table) fields.to = choose(chosen.to_table, false);
    if (chosen.needs_value) fields.value = make("input", { type: "text", dir: "ltr", size: 12 });
    if (chosen.modes.length) fields.mode = make("select", {}, ...chosen.modes.map((mode) => make("option", { value: mode }, say(`page.what_if.mode.${mode}`))));
    const lines = Object.entries(fields).map(([name, input]) => line(name, input, name === "value" ? chosen.unit : ""));
    put(body, make("p", { class: "small" }, chosen.meaning, "."), ...lines);
  }
  const add = () => {
    const edits = act.read();
    const taken = new Set([...period.rows, ...Object.keys(edits.add?.events ?? {})]);
    const cells = Object.fromEntries(Object.entries(fields).map(([name, input]) => [name, input.value.trim()]));
    act.write(addRow(edits, "events", nameRow(kind.value, taken), { kind: kind.value, ...cells }));
  };
  ask();
  return make(
    "details",
    { class: "add-event" },
    make("summary", {}, say("page.what_if.add_event")),
    make("label", { for: "event-kind" }, say("page.what_if.field.kind"), " "),
    kind,
    body,
    make("button", { type: "button", class: "main", onclick: add }, say("page.what_if.add")),
  );
}

/** What finds the name of that which an event acts on. */
export const nameTargets = (kinds, targets) => (event) => {
  if (event.target === "*") return say("page.what_if.all_places");
  const kind = kinds.find((one) => one.kind === event.kind);
  const table = kind && findTables(kind).target_table;
  return (targets[table] ?? []).find((one) => one.id === event.target)?.name ?? event.target ?? "";
};

/** All events of the case that change something, those added first. */
export function drawEvents({ events, kinds: known, targets }, facts, act) {
  const kinds = known.map((kind) => ({ ...kind, ...findTables(kind) }));
  const shownEvents = events.filter((event) => event.changes);
  const names = nameTargets(kinds, targets);
  const list = make("ul", { class: "events" });
  const period = { start: facts.start, rows: events.map((event) => event.id) };
  const drawn = new Map(shownEvents.map((event) => [event.row, drawEvent(event, names, act)]));
  const all = make("details", { class: "all-events" }, make("summary", {}, say("page.what_if.all_events", { events: shownEvents.length })), list);
  const changed = make("ul", { class: "events" });
  const element = make("section", {}, make("h2", {}, say("page.what_if.events")), changed, all, drawForm(kinds, targets, act, period));
  const added = new Map();
  let [order, promoted] = ["", new Set()];

  function show(edits, found) {
    const own = Object.entries(edits.add?.events ?? {}).map(([row, cells]) => {
      const unit = kinds.find((kind) => kind.kind === cells.kind)?.unit ?? "";
      const event = { label: "", value: "", mode: "", target: "", ...cells, row, unit, added: true };
      if (!added.has(row)) added.set(row, drawEvent({ ...event }, names, act));
      return [row, added.get(row)];
    });
    const isChanged = (row) => isRemoved(edits, "events", row) || edits.change?.events?.[row];
    // while the list is open each stays where it is: one that is being moved must not jump away
    if (!all.open) promoted = new Set([...drawn.keys()].filter(isChanged));
    const first = [...own, ...[...drawn].filter(([row]) => promoted.has(row))];
    const rest = [...drawn].filter(([row]) => !promoted.has(row));
    const next = first.map(([row]) => row).join("\n");
    if (next !== order || !list.firstChild) {
      const focused = document.activeElement;
      put(changed, ...first.map(([, one]) => one.element));
      put(list, ...rest.map(([, one]) => one.element));
      if (focused?.isConnected) focused.focus({ preventScroll: true });
      order = next;
    }
    for (const [, one] of [...first, ...rest]) one.show(edits, found);
  }
  return { element, show };
}
