/** Claims opened over the page: what was said, by whom, when, how far it is to be trusted, and what rests on it. */

import { openDialog } from "./dialog.js";
import { make, put } from "./dom.js";
import { moment, say } from "./say.js";
import { ask } from "./source.js";

export const fullDay = (text) => (text ? moment(text, { day: "numeric", month: "short", year: "numeric" }) : "");

/** Who said it, in which role, to whom, and when. */
export function writeSpeaker(claim) {
  const who = [claim.speaker, claim.role].filter(Boolean).join(", ");
  const to = claim.said_to ? say("page.evidence.said_to", { who: claim.said_to }) : "";
  return [who + to, fullDay(claim.said_on)].filter(Boolean).join(", ");
}

/** The grade as a figure, said in words for those who do not know the scale. */
export function showGrade(grade) {
  const words = `${say(`page.evidence.reliability.${grade[0]}`)}; ${say(`page.evidence.credibility.${grade[1]}`)}`;
  return make("span", { class: "grade", title: words }, say("page.evidence.grade", { grade }));
}

/** From how many sources, and to how many offices they go back: several of one office count once. */
export function writeOrigins(claim) {
  const fields = { sources: claim.sources.length, origins: claim.origins.length, names: claim.origins.join("; ") };
  const kind = claim.sources.length === 1 ? "one" : claim.origins.length < claim.sources.length ? "once" : "several";
  return say(`page.evidence.origins.${kind}`, fields);
}

const showSource = (source) =>
  make(
    "li",
    {},
    make("bdi", {}, [source.publisher, source.title].filter(Boolean).join(": ")),
    source.published ? `, ${fullDay(source.published)}` : "",
    source.address ? make("code", { class: "address" }, source.address) : null,
  );

const term = (name, text) => (text ? [make("dt", {}, say(`page.evidence.${name}`)), make("dd", {}, make("bdi", {}, text))] : []);

function showUses(uses) {
  if (!uses.length) return make("p", { class: "small" }, say("page.evidence.unused"));
  const rows = uses.map((use) => make("li", {}, `${use.file}, ${say("page.evidence.row", { row: use.row })}, ${use.column} `, make("bdi", {}, use.value)));
  return make("details", {}, make("summary", {}, say("page.evidence.uses", { number: uses.length })), make("ul", {}, ...rows));
}

/** One claim whole. */
export function showClaim(claim) {
  const grade = `${claim.grade}: ${say(`page.evidence.reliability.${claim.grade[0]}`)}; ${say(`page.evidence.credibility.${claim.grade[1]}`)}`;
  return make(
    "article",
    { class: "claim-whole" },
    make("p", { class: "wording" }, make("bdi", {}, claim.wording)),
    make(
      "dl",
      {},
      ...term("value", [claim.value, claim.quantity].filter(Boolean).join(", ")),
      ...term("said_by", writeSpeaker(claim)),
      ...term("stance", say(`page.evidence.stance.${claim.stance}`)),
      ...term("about", claim.about),
      ...term("place", claim.place),
      ...term("happened", claim.happened ? fullDay(claim.happened) : ""),
      ...term("grade_of", grade),
      ...term("goes_back", writeOrigins(claim)),
      ...term("use", say(`page.evidence.use.${claim.use}`)),
      ...term("note", claim.note),
      ...term("quote", claim.quote),
      ...term("id", claim.id),
    ),
    make("h3", {}, say("page.evidence.sources")),
    make("ul", {}, ...claim.sources.map(showSource)),
    showUses(claim.used_by ?? []),
  );
}

/** Open a dialog with claims by their ids. */
export async function openClaims(ids) {
  const { dialog, body } = openDialog(say("page.evidence.claim"), "claims-dialog", say("page.working"));
  try {
    const claims = await Promise.all(ids.map((id) => ask("claim", { id })));
    put(body, ...claims.map(showClaim));
  } catch (error) {
    put(body, make("p", { class: "fault" }, error.message));
  }
  return dialog;
}
