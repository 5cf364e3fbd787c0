/** Many proposals decided on at once: yes or no to each, one source for all, and one button that writes them all. */

import { copyRows, tryAfterRest, writeSource } from "./accept.js";
import { make, put } from "./dom.js";
import { explain } from "./evidence.js";
import { number, say } from "./say.js";
import { ask, send } from "./source.js";

const YES = "yes", NO = "no", OPEN = "?";

/** Decisions on the proposals of a report: `marks(proposal)` are the buttons of one, `panel` is what stands below all. */
export function makeDecisions({ store, context, read }, changed) {
  const said = new Map(Object.entries(store.read().decided ?? {})); // by id: what is decided, and own words
  const controls = new Map();
  const panel = make("section", { class: "decide" });
  const editable = context.facts.editable;

  function remember() {
    store.write({ ...store.read(), decided: Object.fromEntries(said) });
  }
  const find = (id) => said.get(id) ?? { accept: OPEN };
  function mark(proposal, word) {
    const before = find(proposal.id);
    said.set(proposal.id, { ...before, accept: before.accept === word ? OPEN : word });
    remember();
    show(proposal);
    refresh();
  }
  function show({ id }) {
    const { yes, no, words } = controls.get(id);
    const { accept } = find(id);
    yes.setAttribute("aria-pressed", accept === YES);
    no.setAttribute("aria-pressed", accept === NO);
    words.hidden = accept !== YES;
  }
  /** Yes, no and, once accepted, the words in which it would be written. */
  function marks(proposal) {
    const { id, decision } = proposal;
    if (!decision) return [];
    const toggle = (word) => make("button", { type: "button", class: `mark ${word === YES ? "yes" : "no"}`, tabindex: "-1", onclick: () => mark(proposal, word) }, say(`page.evidence.decide.${word}`));
    const words = make("input", {
      class: "words", value: find(id).wording ?? (decision.wording === OPEN ? "" : decision.wording), hidden: true, placeholder: say("page.evidence.own_words_short"), "aria-label": say("page.evidence.field.wording"),
      oninput: () => (said.set(id, { ...find(id), wording: words.value }), remember(), refresh()), onkeydown: (event) => event.stopPropagation(),
    });
    controls.set(id, { yes: toggle(YES), no: toggle(NO), words });
    const { yes, no } = controls.get(id);
    show(proposal);
    return [make("span", { class: "marks" }, yes, no), words];
  }

  let proposals = [], form = null, trial = null;
  const told = make("p", { role: "status" });
  const result = make("div", { class: "trial", "aria-live": "polite" });
  const count = make("p", { class: "small" });
  const write = make("button", { type: "button", class: "main", disabled: true, onclick: () => finish() }, say(editable ? "page.evidence.decide.write" : "page.evidence.copy"));

  function ask_for() {
    const source = {};
    for (const [name, value] of new FormData(form)) if (name.startsWith("source.") && value.trim()) source[name.slice(7)] = value;
    const fresh = form.querySelector("[name='source.publisher']").closest(".grid");
    const decided = proposals.filter(({ id, decision }) => decision && find(id).accept !== OPEN);
    const cells = ({ id, decision }) => ({ ...decision, accept: find(id).accept, wording: (find(id).wording ?? decision.wording) });
    const happened = form.elements.happened.value.trim();
    return { ...read(), claims: happened ? { happened } : {}, source: fresh.hidden ? { id: source.id ?? "" } : source, keep_text: form.elements.keep_text.checked ? YES : NO, proposal: Object.fromEntries(decided.map((one) => [one.id, cells(one)])) };
  }
  function refresh() {
    const words = proposals.filter(({ decision }) => decision).map(({ id }) => find(id).accept);
    const of = (word) => number(words.filter((one) => one === word).length);
    count.textContent = say("page.evidence.decide.count", { accepted: of(YES), declined: of(NO), open: of(OPEN) });
    if (form) store.write({ ...store.read(), source: ask_for().source });
    put(result);
    write.disabled = true;
    if (words.includes(YES) && form?.elements["source.id"].value.trim()) trial.soon();
  }
  async function finish() {
    if (!editable) return copyRows(trial.found.trial, told);
    write.disabled = true;
    try {
      const done = await send("report/decide", ask_for());
      told.textContent = say("page.evidence.decide.written", { number: number(done.claims.length - done.was_there), open: number(done.undecided) });
      changed(done);
    } catch (error) {
      told.textContent = explain(error);
    }
  }
  const writeDay = () =>
    make("p", {}, make("label", {}, make("span", {}, say("page.evidence.decide.day")), make("input", { name: "happened", autocomplete: "off", placeholder: say("page.evidence.day_hint") })));
  async function open(found, day) {
    proposals = found;
    controls.clear();
    const { sources } = await ask("evidence");
    form = make("form", { novalidate: true, oninput: () => refresh(), onsubmit: (event) => event.preventDefault() }, writeSource({ published: day, ...store.read().source }, sources), writeDay());
    trial = tryAfterRest("report/decide/try", ask_for, result, (may) => (write.disabled = !may));
    const note = editable ? null : make("p", { class: "small" }, say(context.facts.run ? "page.case.of_run" : "page.evidence.read_only"));
    put(panel, make("h2", {}, say("page.evidence.decide.title")), make("p", { class: "small" }, say("page.evidence.decide.about")), count, form, result, ...[note].filter(Boolean), make("p", {}, write), told);
    refresh();
  }
  return { panel, marks, mark, open, YES, NO, clear: () => (said.clear(), put(panel)) };
}
