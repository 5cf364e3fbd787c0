/** Evidence: what the numbers rest on, in parts, each with its own address. */

import { make, put } from "./dom.js";
import { say } from "./say.js";
import { Refused } from "./source.js";
import { writeAddress } from "./state.js";

const PARTS = {
  reports: "./report.js",
  claims: "./claims.js",
  conflicts: "./conflicts.js",
  counts: "./counts.js",
  plan: "./plan.js",
  deal: "./deal.js",
};

/** Say why an answer did not come: in the program's own words where it gave some. */
export function explain(error) {
  if (!(error instanceof Refused)) return say("page.lost");
  if (error.document.busy) return say("page.busy");
  return error.document.faults?.map((fault) => fault.found).join("; ") ?? error.message;
}

/** Faults of a check, word for word: where, what was found, what is allowed, how it is mended. */
export const showFaults = (faults) =>
  faults.map((fault) =>
    make(
      "div",
      { class: fault.severity === "error" ? "fault" : "warning" },
      make("p", {}, make("b", {}, say(`page.evidence.${fault.severity}`)), " ", writePlace(fault), make("code", {}, fault.code)),
      make("p", {}, make("bdi", {}, fault.found), fault.allowed ? say("page.evidence.allowed", { allowed: fault.allowed }) : ""),
      fault.fix ? make("p", { class: "small" }, say("page.evidence.mend", { fix: fault.fix })) : null,
    ),
  );

function writePlace({ file, row, column }) {
  const parts = [file, row ? say("page.evidence.row", { row }) : "", column].filter(Boolean);
  return `${parts.join(", ")} `;
}

export async function open(root, context, values) {
  const links = Object.keys(PARTS).map((name) =>
    make("a", { href: writeAddress("evidence", { part: name }), id: `part-${name}` }, say(`page.evidence.part.${name}`)),
  );
  const body = make("div", { class: "part" });
  put(root, make("nav", { class: "parts", "aria-label": say("page.evidence.parts") }, ...links), body);
  const state = { name: "", shown: null };

  async function follow(asked) {
    const name = asked.part in PARTS ? asked.part : context.facts.talks_alone ? "deal" : "reports";
    if (name === state.name) return state.shown?.follow?.(asked);
    state.shown?.close?.();
    Object.assign(state, { name, shown: null });
    for (const link of links) {
      if (link.id === `part-${name}`) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    const own = make("div", { class: name });
    put(body, own);
    try {
      const { open: openPart } = await import(PARTS[name]);
      if (state.name !== name) return;
      const shown = await openPart(own, context, asked);
      if (state.name === name) state.shown = shown;
      else shown?.close?.();
    } catch (error) {
      put(own, make("p", { class: "fault" }, explain(error)));
      if (!(error instanceof Refused)) throw error;
    }
  }
  await follow(values);
  return { follow, close: () => state.shown?.close?.() };
}
