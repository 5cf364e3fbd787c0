/** Accept a proposal: in our own words, from which source, into which row; what will be written is shown before it is. */

import { openDialog } from "./dialog.js";
import { make, put } from "./dom.js";
import { explain, showFaults } from "./evidence.js";
import { describe } from "./report.js";
import { say } from "./say.js";
import { Refused, ask, send } from "./source.js";

const SOURCE = ["publisher", "title", "published", "retrieved", "address", "origin", "language"];
const DETAILS = ["speaker", "role", "said_to", "said_on", "about", "happened", "place", "quantity", "date", "note"];
const COUNT = ["time", "since", "series", "place", "area", "exit", "value", "low", "high", "status", "published"];
const CHOICES = {
  stance: ["asserts", "denies", "reports", "promises", "fears", "demands", "agreed", "not_agreed"],
  credibility: ["6", "5", "4", "3", "2", "1"],
  use: ["context", "scores", "fits", "sets"],
  reliability: ["F", "E", "D", "C", "B", "A"],
};
const WAIT = 500; // ms of rest before what is typed is tried

const label = (name, control) => make("label", {}, make("span", {}, say(`page.evidence.field.${name}`)), control);

const HOURS = ["time", "since", "published"];
const DAYS = ["said_on", "happened", "date", "published", "retrieved"];
const hint = (name) => (DAYS.includes(name) ? say("page.evidence.day_hint") : false);

const select = (kind, name, value) =>
  make(
    "select",
    { name },
    ...CHOICES[kind].map((one) => make("option", { value: one, selected: one === value }, kind === "credibility" || kind === "reliability" ? `${one}: ${say(`page.evidence.${kind}.${one}`)}` : say(`page.evidence.${kind}.${one}`))),
  );

const input = (name, value = "", more = {}) => make("input", { name, value, autocomplete: "off", ...more });

const list = (id, options) => make("datalist", { id }, ...options.map(([value, text]) => make("option", { value }, text)));

function suggestDates(proposals) {
  const days = proposals.filter((one) => one.kind === "date" && one.from === one.to);
  return list("dates-found", [...new Map(days.map((one) => [one.from, one.said_as]))]);
}

function writeDetails({ proposal, proposals, context }) {
  const { claim } = proposal;
  const places = context.facts.places.map((place) => [place.id, place.name]);
  const near = proposal.near.length === 1 ? proposal.near[0] : "";
  const given = { ...claim, place: near };
  const lists = { said_on: "dates-found", happened: "dates-found", date: "dates-found", place: "places-known" };
  const fields = DETAILS.filter((name) => name !== "date" || proposal.kind === "date").map((name) =>
    label(name, input(`details.${name}`, given[name] ?? "", { list: lists[name] ?? false, placeholder: hint(name) })),
  );
  return make(
    "fieldset",
    {},
    make("legend", {}, say("page.evidence.the_claim")),
    label("wording", make("textarea", { name: "details.wording", rows: 2, required: true, "aria-describedby": "own-words" })),
    make("p", { class: "small", id: "own-words" }, say("page.evidence.own_words")),
    make("div", { class: "grid" }, ...fields, label("stance", select("stance", "details.stance", claim.stance ?? "asserts")), label("credibility", select("credibility", "details.credibility", "6")), label("use", select("use", "details.use", proposal.series ? "scores" : "context"))),
    suggestDates(proposals),
    list("places-known", places),
  );
}

export function writeSource(kept, sources) {
  const id = input("source.id", kept.id ?? "", { list: "sources-known", required: true });
  const fresh = make("div", { class: "grid" }, ...SOURCE.map((name) => label(name, input(`source.${name}`, kept[name] ?? "", { placeholder: hint(name) }))), label("reliability", select("reliability", "source.reliability", kept.reliability ?? "F")));
  const known = new Map(sources.map((one) => [one.id, one]));
  const told = make("p", { class: "small" });
  const show = () => {
    const there = known.get(id.value.trim());
    fresh.hidden = Boolean(there);
    told.textContent = there ? say("page.evidence.source_there", { publisher: there.publisher, published: there.published || say("page.dash"), reliability: there.reliability || "F" }) : say("page.evidence.source_new");
  };
  id.addEventListener("input", show);
  show();
  const options = sources.map((one) => [one.id, [one.publisher, one.published].filter(Boolean).join(", ")]);
  return make("fieldset", {}, make("legend", {}, say("page.evidence.the_source")), label("source", id), list("sources-known", options), told, fresh, make("label", { class: "check" }, make("input", { type: "checkbox", name: "keep_text" }), ` ${say("page.evidence.keep_text")}`));
}

function writeCount({ proposal, context }) {
  if (proposal.kind !== "quantity") return null;
  const { claim } = proposal;
  const point = claim.value && !claim.low && !claim.high;
  const given = { series: proposal.series, value: point ? claim.value : "", low: claim.low ?? "", high: claim.high ?? "", status: proposal.approximate ? "rounded" : "stated" };
  const fields = COUNT.map((name) => label(name, input(`count.${name}`, given[name] ?? "", { list: { series: "series-known", place: "places-known" }[name] ?? false, placeholder: HOURS.includes(name) ? say("page.evidence.hour_hint") : false })));
  const box = make("div", { class: "grid", hidden: true }, ...fields);
  const check = make("input", { type: "checkbox", name: "is_count", onchange: () => (box.hidden = !check.checked) });
  const series = context.facts.series ?? ["arrivals", "vehicles", "registered", "lodged", "displaced", "relief_trucks_in"];
  return make(
    "fieldset",
    {},
    make("legend", {}, say("page.evidence.the_row")),
    make("label", { class: "check" }, check, ` ${say(proposal.series ? "page.evidence.as_count_likely" : "page.evidence.as_count", { series: proposal.series })}`),
    list("series-known", series.map((one) => [one, one])),
    box,
    ...writeBinding(proposal),
  );
}

/** Numbers of the case at the places named beside it: the claim may be named in one of their rows. */
function writeBinding({ rows, claim }) {
  if (!rows.length) return [];
  const write = (row) => `${row.file}, ${say("page.evidence.row", { row: row.row })}: ${row.name}${row.set ? ` (${row.set})` : ""}, ${row.column} = ${row.value}`;
  const choice = make("select", { name: "bind_row" }, make("option", { value: "" }, say("page.evidence.bind_none")), ...rows.map((row, n) => make("option", { value: n }, write(row))));
  const said = claim.value || (claim.low && claim.high ? `${claim.low}..${claim.high}` : "");
  const put_in = said ? make("label", { class: "check" }, make("input", { type: "checkbox", name: "bind_value", value: said }), ` ${say("page.evidence.bind_value", { value: said })}`) : null;
  return [label("bind", choice), put_in].filter(Boolean);
}

function readBinding(form, { rows }) {
  const chosen = form.elements.bind_row?.value;
  if (!chosen) return {};
  const { file, row, column, value } = rows[Number(chosen)];
  const box = form.elements.bind_value;
  return { file, row: String(row), column, was: value, value: box?.checked ? box.value : "" };
}

/** Read the form as the program takes it: texts by column. */
export function readForm(form, proposal) {
  const asked = { proposals: [proposal.id], source: {}, details: {}, count: {}, keep_text: form.elements.keep_text.checked };
  for (const [name, value] of new FormData(form)) {
    const [part, column] = name.split(".");
    if (column && value.trim()) asked[part][column] = value;
  }
  if (form.querySelector("[name='source.publisher']").closest(".grid").hidden) asked.source = { id: asked.source.id };
  if (!form.elements.is_count?.checked) asked.count = {};
  asked.bind = readBinding(form, proposal);
  return asked;
}

/** The rows that will be written, by file, and what the checks say of them. */
export function showTrial(trial) {
  const files = new Map();
  for (const part of trial.added) files.set(part.file, [...(files.get(part.file) ?? []), part]);
  const blocks = [...files].map(([file, parts]) =>
    make("div", {}, make("p", { class: "small" }, file), make("pre", { tabindex: "0", "aria-label": file }, parts.map((part) => (part.row ? part.text : say("page.evidence.whole_text"))).join("\n"))),
  );
  if (trial.error) return [make("p", {}, trial.error)];
  const nothing = trial.added.length || trial.refused ? [] : [make("p", {}, say("page.evidence.nothing_new"))];
  return [...(blocks.length ? [make("h3", {}, say("page.evidence.will_write"))] : []), ...blocks, ...nothing, ...showFaults(trial.faults)];
}

/** Tries what is typed once it rests, and tells whether it could be written. */
export function tryAfterRest(path, read, panel, ready) {
  let timer = 0;
  let asking = new AbortController();
  const found = { trial: null };
  async function work() {
    asking.abort();
    const own = (asking = new AbortController());
    try {
      found.trial = await send(path, read(), own.signal);
      put(panel, ...showTrial(found.trial));
    } catch (error) {
      if (own.signal.aborted) return;
      found.trial = null;
      put(panel, ...(error instanceof Refused && error.document.faults ? showFaults(error.document.faults) : [make("p", { class: "small" }, explain(error))]));
    }
    ready(found.trial !== null && !found.trial.refused && found.trial.added.length > 0);
  }
  return {
    found,
    now: work,
    soon() {
      window.clearTimeout(timer);
      ready(false);
      timer = window.setTimeout(work, WAIT);
    },
  };
}

/** Put the rows that would be written on the clipboard, for whoever may not write them, and say so. */
export async function copyRows(trial, told) {
  const rows = trial.added.map((part) => part.text).filter(Boolean);
  await navigator.clipboard.writeText(rows.join("\n")).catch(() => {});
  told.textContent = say("page.evidence.copied");
}

export async function openAccept(asked, accepted) {
  const { proposal, text, day, language, store, context } = asked;
  const { body, dialog } = openDialog(say("page.evidence.accept_title"), "accept-dialog", say("page.working"));
  const { sources } = await ask("evidence");
  const kept = { published: day, ...store.read().source };
  const panel = make("div", { class: "trial", "aria-live": "polite" });
  const editable = context.facts.editable;
  const write = make("button", { class: "main", disabled: true }, say(editable ? "page.evidence.accept" : "page.evidence.copy"));
  const told = make("p", { role: "status" });
  const form = make("form", { novalidate: true, oninput: () => changed(), onsubmit: (event) => (event.preventDefault(), finish()) });
  const read = () => ({ ...readForm(form, proposal), text, day, language });
  const needed = ["details.wording", "source.id"];
  const trying = tryAfterRest("report/try", read, panel, (may) => (write.disabled = !may));
  function changed() {
    store.write({ ...store.read(), source: readForm(form, proposal).source });
    if (needed.every((name) => form.elements[name].value.trim())) trying.soon();
    else {
      write.disabled = true;
      put(panel, make("p", { class: "small" }, say("page.evidence.needed")));
    }
  }
  async function finish() {
    if (!editable) return copyRows(trying.found.trial, told);
    write.disabled = true;
    try {
      await send("report/accept", read());
      accepted();
      context.tell(say("page.evidence.written"));
      dialog.close();
    } catch (error) {
      told.textContent = explain(error);
    }
  }
  put(
    form,
    writeDetails(asked),
    writeSource(kept, sources),
    ...[writeCount(asked)].filter(Boolean),
    panel,
    editable ? null : make("p", { class: "small" }, say(context.facts.run ? "page.case.of_run" : "page.evidence.read_only")),
    make("p", {}, write),
    told,
  );
  put(body, make("blockquote", {}, make("bdi", {}, proposal.text), make("p", { class: "small" }, say("page.evidence.read_as", { text: describe(proposal) }))), form);
  form.elements["details.wording"].focus();
  changed();
}
