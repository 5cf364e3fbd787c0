/** Where the page of one file gets its numbers: from itself. It answers as the program would, as far as it was computed. */

import { composeComparison } from "./kept_compare.js";

export class Refused extends Error {
  constructor(status, document) {
    super(document.error);
    this.status = status;
    this.document = document;
  }
}

/** What stands in the file: JSON, made small, written in letters. */
async function unpack() {
  const bytes = Uint8Array.from(atob(document.getElementById("kept").textContent.trim()), (sign) => sign.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return JSON.parse(await new Response(stream).text());
}
const opening = unpack();

/** Page one at the last moment that was kept before the one asked for. */
function findBriefing({ briefings, pool }, { moment }) {
  const today = briefings[0].today;
  const before = briefings.filter((one) => one.moment <= (moment || today));
  const found = structuredClone(before.length ? before[before.length - 1] : briefings[0]);
  for (const name of ["times", "arrivals", "inside", "events"]) found.chart[name] = pool[found.chart[name]];
  return { ...found, unfinished: false };
}

function findNumber({ numbers, pool }, { quantity, scope, moment }) {
  const about = pool[numbers[`${moment} ${quantity} ${scope ?? ""}`]];
  if (!about) throw new Refused(404, { error: "" });
  const take = (places) => places.map((place) => pool[place]);
  return { ...about, counts: take(about.counts), inputs: take(about.inputs) };
}

const ANSWERS = {
  words: ({ words }) => words,
  case: ({ facts }) => facts,
  now: findBriefing,
  number: findNumber,
  options: ({ options, links }) => ({ options, links }),
  "compare/choices": ({ options }) => ({ choices: options, fixed: true }),
  "what-if": ({ answers, times }, { of }) => ({ ...answers[of], times }),
};

export async function ask(path, values = {}) {
  return ANSWERS[path](await opening, values);
}

/** Ask what comes in several lines where a program computes; here in one. */
export async function follow(path, body, hear) {
  const kept = await opening;
  if (path === "compare") hear(composeComparison(kept, body));
}

export const send = ask;
