/** What is compared: two to four of what can be, the first of which the others are held against. */

import { make, put } from "./dom.js";
import { say } from "./say.js";

const LETTERS = ["a", "b", "c", "d"];
const KINDS = ["case", "variant", "lever", "run", "edits"];

const raise = (text) => text.charAt(0).toUpperCase() + text.slice(1);

/** How something that can be chosen is called. */
export function nameChoice(choice) {
  if (choice.kind === "case") return choice.variant ? say("page.compare.case_of", choice) : say("page.compare.case");
  if (choice.kind === "edits") return say("page.compare.edits");
  if (choice.kind === "lever") return raise(say(`page.kept.lever_${choice.end}${choice.who ? "" : "_all"}`, choice));
  if (choice.kind === "variant") return choice.title || choice.variant;
  return say("page.compare.run", { ...choice, variant: choice.variant || say("page.compare.as_written") });
}

/** What the address asks for, as far as it can be chosen; else the first two that there are. `fixed`: the case is first. */
export function readChosen(values, choices, fixed = false) {
  const known = new Set(choices.map((choice) => choice.name));
  const first = fixed ? [choices[0].name] : [];
  const named = LETTERS.map((letter) => values[letter]).filter((name) => known.has(name));
  const asked = [...new Set([...first, ...named])].slice(0, LETTERS.length);
  for (const { name } of choices) if (asked.length < 2 && !asked.includes(name)) asked.push(name);
  return asked;
}

export const writeChosen = (chosen) => Object.fromEntries(LETTERS.map((letter, i) => [letter, chosen[i] ?? ""]));

function drawSelect(choices, chosen, i, hear, fixed) {
  const options = KINDS.map((kind) => {
    const ones = choices.filter((choice) => choice.kind === kind);
    const listed = ones.map((one) =>
      make(
        "option",
        { value: one.name, selected: one.name === chosen[i], disabled: one.name !== chosen[i] && chosen.includes(one.name) },
        nameChoice(one),
      ),
    );
    return ones.length ? make("optgroup", { label: say(`page.compare.kind.${kind}`) }, ...listed) : null;
  });
  const change = (event) => hear(chosen.map((name, n) => (n === i ? event.target.value : name)));
  const label = say(i ? "page.compare.beside" : "page.compare.first");
  const select = make("select", { id: `compare-${LETTERS[i]}`, onchange: change, disabled: i === 0 && fixed }, ...options);
  return make("p", {}, make("label", { for: select.id }, label), select, removal(choices, chosen, i, hear));
}

function removal(choices, chosen, i, hear) {
  if (i === 0 || chosen.length === 2) return null;
  const side = nameChoice(choices.find((choice) => choice.name === chosen[i]));
  const label = say("page.compare.remove", { side });
  const remove = () => hear(chosen.filter((_, n) => n !== i));
  return make("button", { type: "button", "aria-label": label, title: label, onclick: remove }, "×");
}

/** `hear` is told the names that are chosen then; `fixed` keeps the first as it is. */
export function drawChoice(choices, hear, fixed = false) {
  const element = make("fieldset", { class: "chosen" });
  function show(chosen) {
    const focused = document.activeElement?.id;
    const free = choices.find((choice) => !chosen.includes(choice.name));
    const add = () => hear([...chosen, free.name]);
    put(
      element,
      make("legend", {}, say("page.compare.choose")),
      ...chosen.map((_, i) => drawSelect(choices, chosen, i, hear, fixed)),
      free && chosen.length < LETTERS.length
        ? make("button", { type: "button", onclick: add, id: "compare-add" }, say("page.compare.add"))
        : null,
    );
    if (focused?.startsWith("compare-")) document.getElementById(focused)?.focus();
  }
  return { element, show };
}
