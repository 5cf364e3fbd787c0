/** How past forecasts did: sealed ones where a ledger is there, or made anew as time went on; main figures in plain words. */

import { make, put } from "./dom.js";
import { explain, showFaults } from "./evidence.js";
import { hearProgress } from "./forecast.js";
import { day, number, say } from "./say.js";
import { ask } from "./source.js";

const MANY = 10; // counts from which on a share says something, as on the page of past forecasts
const TOO_FEW = 0.8; // of them within the range for 9 in 10

const percent = (share) => say("page.evidence.percent", { number: number(100 * share, 0) });

/** What a row says, in a sentence: how many counts lay in the range, how far off it was, and against the naive rule. */
function sayRow(row) {
  const fields = { series: say(`page.evidence.series.${row.series}`), n: number(row.n), wide: percent(row.coverage_90), error: number(row.crps), skill: percent(Math.abs(row.skill ?? 0)) };
  const against = row.skill === null ? "none" : row.skill > 0.005 ? "better" : row.skill < -0.005 ? "worse" : "same";
  const said = [say("page.past.row", fields), say(`page.past.${against}`, fields)];
  if (row.blind) said.push(say("page.past.blind"));
  if (row.n >= MANY && row.coverage_90 < TOO_FEW) said.push(say("page.past.narrow"));
  return said.join(" ");
}

function table(rows) {
  const names = ["ahead", "n", "coverage_50", "coverage_90", "crps", "best_naive_crps", "skill"];
  const groups = Map.groupBy(rows, (row) => row.name);
  return [...groups].map(([name, same]) =>
    make(
      "table",
      { class: "stack" },
      make("caption", {}, name),
      make("thead", {}, make("tr", {}, ...names.map((one) => make("th", { scope: "col" }, say(`page.past.${one}`))))),
      make(
        "tbody",
        {},
        ...same.map((row) => {
          const cells = [number(row.n), percent(row.coverage_50), percent(row.coverage_90), number(row.crps), number(row.best_naive_crps), row.skill === null ? say("page.dash") : `${number(row.skill, 2)}${row.blind ? "*" : ""}`];
          return make("tr", {}, make("th", { scope: "row" }, row.ahead), ...cells.map((cell, n) => make("td", { class: "number", "data-label": say(`page.past.${names[n + 1]}`) }, cell)));
        }),
      ),
    ),
  );
}

function show(past) {
  const all = past.rows.filter((row) => row.lead === "all" && row.counted !== "increment");
  const [first, last] = [past.moments[0], past.moments.at(-1)];
  const fields = { number: number(past.moments.length), first: first ? day(first) : "", last: last ? day(last) : "", ledger: past.ledger, particles: number(past.particles ?? 0) };
  return [
    make("p", {}, say(past.ledger ? "page.past.sealed" : "page.past.made", fields)),
    make("ul", {}, ...all.map((row) => make("li", {}, sayRow(row)))),
    make("details", {}, make("summary", {}, say("page.past.by_lead")), make("p", { class: "small" }, say("page.past.explained")), make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": say("page.past.by_lead") }, ...table(past.rows))),
  ];
}

export function openPast() {
  const bar = make("progress", { hidden: true, "aria-label": say("page.forecast.progress") });
  const told = make("div", { role: "status" });
  const found = make("div", { class: "past" });
  const every = make("select", { id: "past-every" }, ...["24h", "12h", "48h"].map((one) => make("option", { value: one }, say(`page.past.every.${one}`))));
  const stop = make("button", { type: "button", hidden: true, onclick: () => asking.abort() }, say("page.forecast.stop"));
  let asking = new AbortController();

  async function begin() {
    asking.abort();
    const own = (asking = new AbortController());
    stop.hidden = false;
    const past = await hearProgress("past/anew", { every: every.value }, { bar, told }, own.signal);
    if (own === asking) stop.hidden = true;
    if (past) put(found, ...show(past));
  }
  async function lookForLedger() {
    try {
      const { past, faults, error } = await ask("past");
      if (faults) put(found, ...(faults.length ? showFaults(faults) : [make("p", { class: "fault" }, error)]));
      else put(found, ...(past ? show(past) : [make("p", { class: "small" }, say("page.past.no_ledger"))]));
    } catch (error) {
      put(found, make("p", { class: "fault" }, explain(error)));
    }
  }
  const form = make("form", { class: "fields", onsubmit: (event) => (event.preventDefault(), begin()) }, make("label", { for: "past-every" }, say("page.past.every")), every, make("button", {}, say("page.past.begin")), stop);
  lookForLedger();
  return { element: make("section", {}, make("h2", {}, say("page.past.title")), found, form, make("p", { class: "small" }, say("page.past.rough")), bar, told) };
}
