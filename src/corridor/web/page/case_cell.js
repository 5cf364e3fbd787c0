/** What is known of the chosen cell: what its column means, what its range means, its claims, its faults, its text to write. */

import { make } from "./dom.js";
import { number, say } from "./say.js";
import { drawChips, sayRange, wordsOf } from "./sheet_cell.js";
import { makeVisible } from "./visible.js";

const fact = (name, ...content) => [make("dt", {}, name), make("dd", {}, ...content)];

/** A fault exactly as `corridor check` says it. */
export function drawFault(fault, jump) {
  const place = make("bdi", {}, fault.where);
  const lines = ["found", "allowed", "fix"].map((part) =>
    make("div", {}, make("dt", {}, say(`page.case.${part}`)), make("dd", {}, make("bdi", {}, fault[part]))),
  );
  return make(
    "li",
    { class: `fault of-${fault.severity}` },
    make("span", { class: "mark", "aria-hidden": "true" }, fault.severity === "error" ? "✖" : "▲"),
    make("span", { class: "unseen" }, say(`page.case.${fault.severity}`)),
    jump ? make("button", { type: "button", class: "where", onclick: jump }, place) : make("span", { class: "where" }, place),
    make("dl", {}, ...lines),
  );
}

/** A claim with its sources. */
export function drawClaim(id, claim, close) {
  const amount = (text) => (text === "" ? "" : number(Number(text), 4));
  const said = [claim.speaker, claim.said_on].filter(Boolean).map(makeVisible).join(", ");
  const value = claim.value !== "" ? amount(claim.value) : [claim.low, claim.high].map(amount).filter(Boolean).join(" … ");
  const sources = claim.sources.map((source) =>
    make(
      "li",
      {},
      make("bdi", {}, [source.publisher, source.title, source.published].filter(Boolean).map(makeVisible).join(", ")),
      make("span", { class: "judged" }, say("page.case.reliability", { grade: source.reliability || "?" })),
      source.address ? make("bdi", { class: "address" }, makeVisible(source.address)) : null,
    ),
  );
  return make(
    "section",
    { class: "claim", tabindex: "-1", "aria-label": say("page.case.claim") },
    make("h3", {}, make("bdi", {}, makeVisible(id))),
    make("p", { class: "wording" }, make("bdi", {}, makeVisible(claim.wording || "") || say("page.dash"))),
    claim.quote ? make("blockquote", {}, make("bdi", {}, makeVisible(claim.quote))) : null,
    said ? make("p", {}, make("bdi", {}, said)) : null,
    value ? make("p", {}, [makeVisible(claim.quantity), `${value} ${makeVisible(claim.unit)}`].filter(Boolean).join(": ")) : null,
    make("p", { class: "judged" }, say("page.case.credibility", { grade: claim.credibility || "?" })),
    sources.length ? make("ul", {}, ...sources) : make("p", {}, say("page.case.no_source")),
    make("button", { type: "button", onclick: close }, say("page.case.close")),
  );
}

/**
 * The chosen cell. `cell` is what the grid draws with `column`, `line`, `row` (text of the row's claims), `options`; `write(text)` writes
 * it, `open(id)` opens a claim.
 */
export function drawChosen(cell, { claims, write, open }) {
  const { field } = cell;
  const box = make("textarea", { id: "cell-text", rows: Math.min(12, 2 + Math.ceil(cell.text.length / 36)), spellcheck: "false", readonly: cell.fixed });
  box.value = cell.text;
  box.addEventListener("change", () => box.value !== cell.text && write(box.value));
  const chips = wordsOf(cell.row);
  return [
    make("h3", {}, make("bdi", {}, makeVisible(cell.column) || say("page.dash")), " ", make("small", {}, cell.line ? say("page.case.row_of", { line: cell.line }) : say("page.case.new"))),
    make("label", { for: "cell-text" }, say("page.case.text")),
    box,
    cell.range ? make("p", { class: "range" }, sayRange(cell.range)) : null,
    cell.faults.length ? make("ul", { class: "faults" }, ...cell.faults.map((fault) => drawFault(fault))) : null,
    make(
      "dl",
      { class: "about" },
      ...fact(say("page.case.meaning"), field ? field.meaning : say("page.case.own_column")),
      ...(field ? fact(say("page.case.allowed"), field.allowed) : []),
      ...(field?.unit ? fact(say("page.case.unit"), field.unit) : []),
      ...(field ? fact(say("page.case.default"), field.required ? say("page.case.must") : field.default || say("page.case.blank")) : []),
      ...(cell.kind ? fact(say("page.case.kind"), cell.kind.meaning, cell.kind.unit ? ` (${cell.kind.unit})` : "") : []),
    ),
    cell.assumed ? make("p", { class: "assumption" }, say("page.case.assumption")) : null,
    chips.length
      ? make("p", { class: "chips" }, say("page.case.rests_on"), " ", ...drawChips(cell.row, claims, "button", (id) => ({ type: "button", onclick: () => open(id) })))
      : null,
  ];
}
