/** A report with its proposals marked in the text, each with a label; places in the text count characters, not halves. */

import { make } from "./dom.js";
import { say } from "./say.js";

/** Which proposals can be drawn as marks within marks: those that cross another one are left to the list. */
export function nest(proposals) {
  const roots = [];
  const open = [];
  for (const proposal of [...proposals].sort((a, b) => a.start - b.start || b.end - a.end)) {
    while (open.length && open.at(-1).proposal.end <= proposal.start) open.pop();
    if (open.length && proposal.end > open.at(-1).proposal.end) continue;
    const node = { proposal, inner: [] };
    (open.at(-1)?.inner ?? roots).push(node);
    open.push(node);
  }
  return roots;
}

export const markId = (proposal) => `mark-${proposal.id}`;

/** Draw the text; `pick` is told which mark was clicked. */
export function drawText(text, proposals, pick) {
  const signs = Array.from(text.replace(/^\ufeff/, ""));
  const piece = (from, to) => signs.slice(from, to).join("");

  function fill(nodes, from, to) {
    const parts = [];
    let at = from;
    for (const node of nodes) {
      const { start, end, kind } = node.proposal;
      parts.push(piece(at, start), drawMark(node, kind, fill(node.inner, start, end)));
      at = end;
    }
    return [...parts, piece(at, to)];
  }

  function drawMark({ proposal }, kind, inner) {
    const label = make("span", { class: "label" }, say(`page.evidence.kind.${kind}`));
    const element = make("mark", { class: kind, id: markId(proposal) }, label, ...inner);
    element.addEventListener("click", (event) => {
      event.stopPropagation();
      pick(proposal);
    });
    return element;
  }
  return make("div", { class: "report-text", dir: "auto" }, ...fill(nest(proposals), 0, signs.length));
}
