/** What a number of page one rests on: its meaning, the counts of the same thing, the assumptions, and their claims. */

import { fullDay } from "./claim.js";
import { openDialog } from "./dialog.js";
import { make, put } from "./dom.js";
import { moment as writeMoment, number, say } from "./say.js";
import { ask } from "./source.js";

function writeValue({ value, low, high }) {
  if (value !== null) return number(value);
  if (low !== null && high !== null) return say("page.now.between", { low: number(low), high: number(high) });
  return low !== null ? say("page.now.more_than", { low: number(low) }) : say("page.now.up_to", { high: number(high) });
}

/** A claim in our words, with who said it, when, how far it is to be trusted, and where it stands. */
export function showClaim(claim) {
  const speaker = [claim.speaker, claim.role].filter(Boolean).join(", ");
  const said = [speaker, claim.said_on ? fullDay(claim.said_on) : ""].filter(Boolean).join(", ");
  const sources = claim.sources.map((source) =>
    make("li", {}, make("bdi", {}, [source.publisher, source.title].filter(Boolean).join(": ")), source.published ? `, ${fullDay(source.published)}` : "", " ", address(source.address)),
  );
  return make(
    "li",
    { class: "claim" },
    make("p", {}, make("bdi", {}, claim.wording), " ", make("span", { class: "grade" }, say("page.now.grade", { grade: claim.grade }))),
    said ? make("p", { class: "small" }, make("bdi", {}, said)) : null,
    make("ul", { class: "small" }, ...sources),
  );
}

/** An address of a source is shown to be copied: the page itself asks for nothing outside. */
const address = (text) => (text ? make("code", {}, text) : null);

const showClaims = (claims) =>
  claims.length ? make("ul", {}, ...claims.map(showClaim)) : make("p", { class: "small" }, say("page.now.no_claim"));

function showCount(count) {
  const parts = [writeMoment(count.time)];
  if (count.since) parts.push(say("page.now.since", { time: writeMoment(count.since) }));
  parts.push(count.published ? say("page.now.published", { time: writeMoment(count.published) }) : say("page.now.unpublished"));
  return make(
    "details",
    {},
    make("summary", {}, make("b", {}, writeValue(count)), ` ${count.name}, ${parts.join("; ")}`),
    showClaims(count.claims),
  );
}

const showInput = (input) =>
  make(
    "details",
    {},
    make("summary", {}, `${input.what}${input.who ? ` (${input.who})` : ""}: `, make("bdi", {}, input.value)),
    showClaims(input.claims),
  );

function showInputs({ counted, inputs }) {
  if (counted) return [];
  const shown = inputs.length ? inputs.map(showInput) : [make("p", { class: "small" }, say("page.now.unmeasured"))];
  return [make("h3", {}, say("page.now.inputs")), ...shown];
}

function fill(document_, piece) {
  const counts = document_.counts.map(showCount);
  return [
    make("p", { class: "of" }, make("b", {}, piece.text), ` ${document_.unit}`),
    document_.meaning ? make("p", {}, document_.meaning, ".") : null,
    make("p", { class: "small" }, say(document_.counted ? "page.now.counted" : "page.now.computed")),
    make("h3", {}, say(counts.length ? "page.now.counts" : "page.now.no_counts")),
    ...counts,
    ...showInputs(document_),
  ];
}

export async function openNumber(piece, moment, context) {
  const { body } = openDialog(say("page.now.number"), "number-dialog", say("page.working"));
  const { quantity, scope } = piece;
  try {
    put(body, ...fill(await ask("number", { quantity, scope, moment }), piece));
    body.querySelector("details")?.setAttribute("open", "");
  } catch (error) {
    put(body, make("p", { class: "fault" }, error.message));
    context.tell("");
  }
}
