/** Sources and claims with their grades, to be searched; what failed of the checks; who stands behind what. */

import { openClaims, showGrade, writeOrigins, writeSpeaker } from "./claim.js";
import { make, put } from "./dom.js";
import { showFaults } from "./evidence.js";
import { number, say } from "./say.js";
import { ask } from "./source.js";

const STEP = 40; // claims shown at once

const textOf = (claim) =>
  [claim.id, claim.wording, claim.speaker, claim.role, claim.about, claim.place, claim.quantity, claim.value, ...claim.sources.map((source) => `${source.publisher} ${source.origin}`)].join(" ").toLowerCase();

const showRow = (claim) =>
  make(
    "li",
    { class: "claim-row" },
    make("button", { type: "button", class: "link", onclick: () => openClaims([claim.id]) }, make("bdi", {}, claim.wording)),
    " ",
    showGrade(claim.grade),
    make("span", { class: "small" }, [claim.value, writeSpeaker(claim), writeOrigins(claim)].filter(Boolean).join(" · ")),
  );

function showChecks({ faults, holds, assumptions, meanings }) {
  const errors = faults.filter((fault) => fault.severity === "error");
  const codes = new Map();
  for (const fault of faults.filter((one) => one.severity !== "error")) codes.set(fault.code, [...(codes.get(fault.code) ?? []), fault]);
  const groups = [...codes].map(([code, same]) =>
    make("details", {}, make("summary", {}, say("page.evidence.warnings_of", { number: same.length, meaning: meanings[code] ?? code })), ...showFaults(same)),
  );
  return make(
    "section",
    {},
    make("h2", {}, say("page.evidence.checks")),
    make("p", { class: holds ? "holds" : "fault" }, say(holds ? "page.evidence.holds" : "page.evidence.holds_not", { number: errors.length })),
    ...showFaults(errors),
    ...groups,
    make("p", { class: "small" }, say("page.evidence.assumptions", { number: number(assumptions.length) })),
  );
}

function showSupport(support) {
  const shared = support.filter((one) => one.origins.length < one.sources.length);
  if (!shared.length) return null;
  const rows = shared.map((one) =>
    make(
      "li",
      {},
      make("button", { type: "button", class: "link", onclick: () => openClaims(one.claims) }, [one.quantity, one.about, one.place].filter(Boolean).join(", ")),
      make("span", { class: "small" }, ` ${say("page.evidence.shared", { sources: one.sources.length, origins: one.origins.length, names: one.origins.join("; ") })}`),
    ),
  );
  return make("section", {}, make("h2", {}, say("page.evidence.once")), make("p", { class: "small" }, say("page.evidence.once_why")), make("ul", { class: "plain" }, ...rows));
}

function showSources(sources) {
  const rows = sources.map((source) =>
    make(
      "tr",
      {},
      make("th", { scope: "row" }, make("bdi", {}, [source.publisher, source.title].filter(Boolean).join(": "))),
      make("td", {}, source.published),
      make("td", {}, make("bdi", {}, source.origin || source.publisher)),
      make("td", {}, source.reliability || "F"),
      make("td", { class: "number" }, number(source.claims)),
    ),
  );
  const head = ["source", "published", "office", "reliability", "claims_of"].map((name) => make("th", { scope: "col" }, say(`page.evidence.${name}`)));
  return make("details", { class: "sources" }, make("summary", {}, say("page.evidence.all_sources", { number: number(sources.length) })), make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": say("page.evidence.sources") }, make("table", {}, make("thead", {}, make("tr", {}, ...head)), make("tbody", {}, ...rows))));
}

export async function open(root, context, values) {
  put(root, make("p", {}, say("page.working")));
  const found = await ask("evidence");
  const texts = new Map(found.claims.map((claim) => [claim.id, textOf(claim)]));
  const list = make("ul", { class: "plain" });
  const told = make("p", { class: "small", role: "status" });
  const more = make("button", { type: "button", onclick: () => show((shown += STEP)) }, say("page.evidence.more"));
  const search = make("input", { type: "search", id: "claim-search", value: values.search ?? "", oninput: () => begin(true) });
  const use = make("select", { id: "claim-use", onchange: () => begin(false) }, ...["", "sets", "fits", "scores", "context"].map((name) => make("option", { value: name, selected: name === (values.use ?? "") }, name ? say(`page.evidence.use.${name}`) : say("page.evidence.any_use"))));
  let shown = STEP;

  function show() {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const fitting = found.claims.filter((claim) => (!use.value || claim.use === use.value) && words.every((word) => texts.get(claim.id).includes(word)));
    put(list, ...fitting.slice(0, shown).map(showRow));
    told.textContent = say("page.evidence.fitting", { number: number(fitting.length), of: number(found.claims.length) });
    more.hidden = fitting.length <= shown;
  }
  function begin(quietly) {
    shown = STEP;
    context.go({ part: "claims", search: search.value, use: use.value }, quietly);
    show();
  }
  put(
    root,
    make("section", {}, make("h2", {}, say("page.evidence.part.claims")), make("div", { class: "fields" }, make("label", { for: "claim-search" }, say("page.evidence.search")), search, make("label", { for: "claim-use" }, say("page.evidence.used_for")), use), told, list, more),
    make("aside", {}, showChecks(found), showSupport(found.support), showSources(found.sources)),
  );
  show();
  if (values.claim) openClaims([values.claim]);
  return {
    follow(asked) {
      if (search.value === (asked.search ?? "") && use.value === (asked.use ?? "")) return;
      search.value = asked.search ?? "";
      use.value = asked.use ?? "";
      show();
    },
  };
}
