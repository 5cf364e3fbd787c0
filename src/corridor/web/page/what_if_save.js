/** A what-if kept: saved as a variant of the case, copied as its text, or one that was saved taken up again. */

import { countEdits } from "./edits.js";
import { make, put } from "./dom.js";
import { say } from "./say.js";
import { Refused, ask, send } from "./source.js";

/** A fault in the words of `check`. */
export const sayFault = ({ found, allowed, fix }) => say("page.what_if.fault", { found, allowed, fix });

/** Show a text to be copied, with a button that does. */
function offer(text) {
  const done = make("span", { role: "status" });
  const copy = make("button", {
    type: "button",
    onclick: async () => {
      await navigator.clipboard.writeText(text);
      done.textContent = ` ${say("page.what_if.copied")}`;
    },
  }, say("page.what_if.copy"));
  return make("div", { class: "offer" }, make("pre", {}, make("code", {}, text)), copy, done);
}

/**
 * Draw what keeps a what-if.
 * @param act { read(): edits, write(edits) }
 */
export function drawSaving(facts, act) {
  const name = make("input", { id: "variant-name", type: "text", pattern: "[A-Za-z0-9_][A-Za-z0-9_\\-]*", spellcheck: "false", dir: "ltr" });
  const title = make("input", { id: "variant-title", type: "text" });
  const told = make("div", { role: "status" });
  const replace = make("input", { id: "variant-replace", type: "checkbox" });
  const fields = [
    make("label", { for: "variant-title" }, say("page.what_if.title")),
    title,
    make("label", { for: "variant-name" }, say("page.what_if.name")),
    name,
    make("label", { class: "inline" }, replace, " ", say("page.what_if.replace")),
  ];
  const edited = () => ({ ...act.read(), ...(title.value.trim() ? { title: title.value.trim() } : {}) });
  async function save(path) {
    try {
      const body = { name: name.value.trim(), edits: edited(), replace: replace.checked };
      const { command, text } = await send(path, body);
      put(told, command ? make("p", {}, say("page.what_if.saved")) : null, offer(command ?? text));
      if (command) list();
    } catch (error) {
      const faults = error instanceof Refused && error.document.faults ? error.document.faults.map(sayFault) : [error.message];
      put(told, ...faults.map((fault) => make("p", { class: "fault" }, make("bdi", {}, fault))));
    }
  }
  const button = (id, act, kind = "") => make("button", { type: "button", class: kind, onclick: act }, say(`page.what_if.${id}`));
  const buttons = [facts.editable ? button("save", () => save("save-variant"), "main") : null, button("as_text", () => save("variant-text"))];
  const choose = make("select", { id: "variant-open", onchange: () => take() });
  let saved = [];
  const take = () => {
    const found = saved.find((one) => one.name === choose.value);
    if (!found) return;
    [name.value, title.value] = [found.name, found.edits.title ?? ""];
    act.write(found.edits);
    choose.value = "";
  };
  async function list() {
    saved = (await ask("variants")).variants;
    put(choose, make("option", { value: "" }, say("page.what_if.choose")), ...saved.map((one) => make("option", { value: one.name }, one.edits.title ?? one.name)));
    opening.hidden = !saved.length;
  }
  const opening = make("p", {}, make("label", { for: "variant-open" }, say("page.what_if.open"), " "), choose);
  const form = make("div", { class: "form" }, ...fields, make("p", {}, ...buttons), facts.editable ? null : make("p", { class: "small" }, say(facts.run ? "page.case.of_run" : "page.read_only")));
  const keep = make("details", { class: "keep" }, make("summary", {}, say("page.what_if.keep")), form, told);
  list().catch(() => (opening.hidden = true));
  return {
    element: make("section", {}, opening, keep),
    show(edits) {
      for (const one of buttons) if (one) one.disabled = !countEdits(edits);
      if (edits.title && !title.value) title.value = edits.title;
    },
  };
}
