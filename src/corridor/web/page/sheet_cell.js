/** One cell of a sheet: its text as written, what a range means, its claims with their grade, its faults. */

import { make } from "./dom.js";
import { moment, number, say } from "./say.js";
import { makeVisible, onOneLine } from "./visible.js";

const digits = (value) => (Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 1 ? 1 : 4);
const short = (value) => number(value, digits(value));

/** What a range means in words; "" for none. */
export function sayRange(range) {
  if (!range) return "";
  const [shape, ...values] = range;
  if (shape === "time") return say("page.case.range.time", { from: moment(values[0]), to: moment(values[1]) });
  const [low, middle, high] = values.map(short);
  return say(`page.case.range.${shape}`, { low, middle, high });
}

/** The grade of a claim: the reliability of its best source and its own credibility, as in B2; "?" where it is open. */
export function gradeOf(claim) {
  const letters = claim.sources.map((source) => source.reliability).filter(Boolean).sort();
  return `${letters[0] ?? "?"}${claim.credibility || "?"}`;
}

export const wordsOf = (text) => text.split(/\s+/).filter(Boolean);

/** Chips of the claims named in a text; `attributes(id)` are those of each. */
export const drawChips = (text, claims, name, attributes = () => ({})) =>
  wordsOf(text).map((id) =>
    make(
      name,
      { class: `chip ${id in claims ? "" : "unknown"}`, "data-claim": id, ...attributes(id) },
      make("bdi", {}, makeVisible(id)),
      make("b", { class: "grade" }, id in claims ? gradeOf(claims[id]) : "?"),
    ),
  );

/** The least of a fault that a cell has room for; the panels say it whole. */
const drawMark = (faults) =>
  faults.length
    ? make(
        "span",
        { class: `mark of-${faults.some((fault) => fault.severity === "error") ? "error" : "warning"}` },
        make("span", { "aria-hidden": "true" }, faults.some((fault) => fault.severity === "error") ? "✖" : "▲"),
        make("span", { class: "unseen" }, faults.map((fault) => `${fault.found}. ${fault.fix}. `).join("")),
      )
    : null;

/** What stands in a cell. `cell` is { text, field, range, faults, claims, isClaims }. */
export function drawCell({ text, field, range, faults, claims, isClaims }) {
  const parts = [];
  if (isClaims) parts.push(...drawChips(text, claims, "span"));
  else if (text !== "") parts.push(make("bdi", { class: "text" }, onOneLine(text.slice(0, 300))));
  else if (field?.default) parts.push(make("span", { class: "default" }, field.default));
  else if (field?.required) parts.push(make("span", { class: "default" }, say("page.case.must")));
  if (range?.[0] === "lognormal")
    parts.push(make("span", { class: "hint" }, `${short(range[1])}–${short(range[3])}`));
  return [drawMark(faults), ...parts];
}
