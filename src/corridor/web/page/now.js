/** Now: the one-page briefing, live. */

import { make, put } from "./dom.js";
import { say } from "./say.js";
import { ask } from "./source.js";

const sentence = (pieces) =>
  make("span", {}, ...pieces.map((piece) => (typeof piece === "string" ? piece : make("strong", {}, piece.text))), " ");

const part = ({ title, lines }) =>
  make(
    "section",
    {},
    make("h2", {}, title),
    make("ul", {}, ...lines.map((line) => make("li", {}, ...line.map(sentence)))),
  );

export async function open(root, context, values) {
  async function follow(asked) {
    context.tell(say("page.loading"));
    const now = await ask("now", { moment: asked.moment });
    context.tell("");
    put(root, ...now.warnings.map((pieces) => make("p", { class: "warning" }, sentence(pieces))), ...now.parts.map(part));
  }
  await follow(values);
  return { follow };
}
