/** Claims that exclude each other, side by side: never averaged, each with who said it and when. */

import { fullDay, openClaims, showGrade, writeOrigins, writeSpeaker } from "./claim.js";
import { draw, make, put } from "./dom.js";
import { number, say } from "./say.js";
import { ask } from "./source.js";

const WIDTH = 100;

/** A bar from the lowest to the highest that is said, with what this claim allows in it. */
function drawRange(low, high, least, most) {
  const place = (value) => (most > least ? (WIDTH * (value - least)) / (most - least) : 0);
  const from = place(low ?? least);
  const to = place(high ?? most);
  return draw(
    "svg",
    { viewBox: `0 0 ${WIDTH} 6`, preserveAspectRatio: "none", class: "said-range", "aria-hidden": "true" },
    draw("line", { x1: 0, x2: WIDTH, y1: 3, y2: 3, class: "whole" }),
    draw("rect", { x: Math.min(from, WIDTH - 1), width: Math.max(to - from, 1), y: 0, height: 6, class: "own" }),
  );
}

/** The number as it was said; of an end alone, that it is one. */
function writeValue({ value, low, high }) {
  if (low === null) return say("page.evidence.at_most", { value });
  return high === null ? say("page.evidence.at_least", { value }) : value;
}

const showCard = (claim, least, most) =>
  make(
    "li",
    { class: "card" },
    make("p", { class: "said" }, make("b", {}, writeValue(claim))),
    drawRange(claim.low, claim.high, least, most),
    make("p", {}, make("bdi", {}, writeSpeaker(claim) || say("page.evidence.nobody_named"))),
    make("p", { class: "small" }, writeOrigins(claim), " ", showGrade(claim.grade)),
    make("button", { type: "button", class: "link", onclick: () => openClaims([claim.id]) }, make("bdi", {}, claim.wording)),
  );

function showConflict(conflict) {
  const ends = conflict.claims.flatMap((claim) => [claim.low, claim.high]).filter((end) => end !== null);
  const least = Math.min(...ends);
  const most = Math.max(...ends);
  const where = [conflict.place, conflict.happened ? fullDay(conflict.happened) + hourOf(conflict.happened) : ""].filter(Boolean).join(", ");
  return make(
    "section",
    { class: "conflict" },
    make("h2", {}, make("bdi", {}, [conflict.quantity, where].filter(Boolean).join(", "))),
    make("p", { class: "small" }, say("page.evidence.from_to", { low: number(least, 2), high: number(most, 2), unit: conflict.unit })),
    make("ul", { class: "cards" }, ...conflict.claims.map((claim) => showCard(claim, least, most))),
  );
}

const hourOf = (text) => (text.length > 10 ? ` ${text.slice(11, 16)}` : "");

export async function open(root) {
  put(root, make("p", {}, say("page.working")));
  const { conflicts } = await ask("evidence");
  put(
    root,
    make("p", { class: "small" }, say(conflicts.length ? "page.evidence.conflicts_why" : "page.evidence.no_conflicts")),
    ...conflicts.map(showConflict),
  );
  return {};
}
