/** A report pasted or opened: what it may say is marked, and a person accepts it to a row, or does not. */

import { openAccept } from "./accept.js";
import { makeDecisions } from "./decide.js";
import { make, put } from "./dom.js";
import { explain } from "./evidence.js";
import { keeper } from "./kept_text.js";
import { drawText, markId } from "./report_text.js";
import { number, say } from "./say.js";
import { send } from "./source.js";

const LARGEST = 1_000_000; // bytes
const MOST = 400; // proposals in the list at once
const TAKEN = ["quantity", "statement", "date"];

/** What a proposal says, in a line. */
export function describe(proposal) {
  const { kind } = proposal;
  if (kind === "quantity") {
    const ends = [proposal.low, proposal.high].map((end) => (end === null ? "" : number(end, 3)));
    const said = proposal.value === null ? ends.filter(Boolean).join(" – ") : number(proposal.value, 3);
    const hedge = proposal.hedge ? `${proposal.hedge} ` : "";
    return `${proposal.value === null ? hedge : proposal.approximate ? hedge : ""}${said} ${proposal.unit}`;
  }
  if (kind === "date") return proposal.from === proposal.to ? proposal.from : `${proposal.from} – ${proposal.to}`;
  if (kind === "statement") return `${proposal.speaker} (${say(`page.evidence.stance.${proposal.stance}`)}): ${proposal.about}`;
  return proposal.ref;
}

/** Scroll the text, and not the page (a pointer that is pressed must stay on what it is on), until a mark shows. */
function showWithin(box, mark) {
  if (!mark) return;
  const [outer, inner] = [box.getBoundingClientRect(), mark.getBoundingClientRect()];
  if (inner.top < outer.top || inner.bottom > outer.bottom) box.scrollTop += inner.top - outer.top - outer.height / 3;
}

export async function open(root, context) {
  const store = keeper(context.facts, "report");
  const kept = store.read();
  const state = { text: kept.text ?? "", proposals: [], accepted: new Set(), at: -1 };
  const area = make("textarea", { id: "report", rows: 9, spellcheck: "false", dir: "auto", oninput: () => take(area.value) });
  const day = make("input", { type: "date", id: "report-day", value: kept.day ?? "", onchange: () => remember() });
  const choices = ["", "en", "fr"].map((code) => make("option", { value: code }, say(`page.evidence.language.${code || "told"}`)));
  const language = make("select", { id: "report-language", onchange: () => remember() }, ...choices);
  const file = make("input", { type: "file", id: "report-file", accept: ".txt,text/plain", onchange: () => openFile(file.files[0]) });
  const told = make("p", { role: "status", class: "small" });
  const reading = make("div", { class: "reading" });
  const list = make("ol", { class: "proposals", onkeydown: (event) => step(event) });
  const begin = make("button", { type: "button", class: "main", onclick: () => read() }, say("page.evidence.read"));
  const decisions = makeDecisions({ store, context, read: () => ({ text: state.text, day: day.value, language: language.value }) }, (done) => markWritten(done.claims));
  const clear = make("button", { type: "button", onclick: () => forget() }, say("page.evidence.clear"));
  area.value = state.text;
  language.value = kept.language ?? "";

  function remember() {
    store.write({ ...store.read(), text: state.text, day: day.value, language: language.value });
  }
  function take(text) {
    state.text = text;
    remember();
  }
  function forget() {
    store.clear();
    decisions.clear();
    Object.assign(state, { text: "", proposals: [], at: -1 });
    area.value = day.value = language.value = file.value = "";
    put(reading);
    put(list);
    told.textContent = "";
    area.focus();
  }
  async function openFile(chosen) {
    if (!chosen) return;
    if (chosen.size > LARGEST) {
      told.textContent = say("page.evidence.too_large", { size: number(chosen.size), most: number(LARGEST) });
      return;
    }
    try {
      // the byte order mark stays, so that the text kept has the bytes of the file
      const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(await chosen.arrayBuffer());
      area.value = text;
      take(text);
      await read();
    } catch {
      told.textContent = say("page.evidence.not_text");
    }
  }
  async function read() {
    if (new Blob([state.text]).size > LARGEST) {
      told.textContent = say("page.evidence.too_large", { size: number(new Blob([state.text]).size), most: number(LARGEST) });
      return;
    }
    told.textContent = say("page.evidence.reading");
    try {
      await show(await send("report", { text: state.text, day: day.value, language: language.value }));
    } catch (error) {
      told.textContent = explain(error);
    }
  }
  async function show(found) {
    state.proposals = found.proposals;
    const taken = found.proposals.filter((one) => TAKEN.includes(one.kind));
    if (!day.value && found.report_date) day.value = found.report_date;
    const date = found.report_date ?? say("page.evidence.day_unknown");
    told.textContent = say("page.evidence.found", { number: number(taken.length), date });
    put(
      reading,
      ...found.warnings.map((line) => make("p", { class: "warning" }, line)),
      drawText(state.text, found.proposals, (proposal) => choose(state.taken.indexOf(proposal), true)),
    );
    state.taken = taken.slice(0, MOST);
    const ready = decisions.open(state.taken, day.value);
    put(list, ...state.taken.map(showItem));
    state.at = -1;
    await ready;
  }
  function showItem(proposal, at) {
    const label = make("span", { class: `label ${proposal.kind}` }, say(`page.evidence.kind.${proposal.kind}`));
    const button = make("button", { type: "button", class: "open", tabindex: at ? "-1" : "0", onclick: () => accept(at), onfocus: () => choose(at) }, label, " ", make("bdi", {}, describe(proposal)));
    return make("li", {}, button, ...decisions.marks(proposal));
  }
  /** Go to a proposal: its mark comes into view and is told apart. */
  function choose(at, focus = false) {
    if (at < 0 || at >= (state.taken?.length ?? 0)) return;
    const buttons = list.querySelectorAll("button.open");
    reading.querySelector("mark.chosen")?.classList.remove("chosen");
    buttons.forEach((button, n) => button.setAttribute("tabindex", n === at ? "0" : "-1"));
    state.at = at;
    const mark = document.getElementById(markId(state.taken[at]));
    mark?.classList.add("chosen");
    showWithin(reading.querySelector(".report-text"), mark);
    if (focus) buttons[at].focus();
  }
  function step(event) {
    const word = { y: decisions.YES, n: decisions.NO }[event.key];
    if (word && state.taken?.[state.at]?.decision && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      decisions.mark(state.taken[state.at], word);
      return choose(Math.min(state.at + 1, state.taken.length - 1), true);
    }
    const moves = { ArrowDown: state.at + 1, ArrowUp: state.at - 1, Home: 0, End: state.taken.length - 1 };
    if (!(event.key in moves)) return;
    event.preventDefault();
    choose(Math.min(Math.max(moves[event.key], 0), state.taken.length - 1), true);
  }
  function showAccepted(at) {
    const item = list.children[at];
    item.classList.add("accepted");
    if (!item.querySelector(".done")) item.append(make("span", { class: "done small" }, ` ${say("page.evidence.accepted")}`));
  }
  /** Tell those apart whose claims stand in the case: the id of a claim ends with its proposal's. */
  function markWritten(claims) {
    state.taken.forEach(({ id }, at) => claims.some((claim) => claim.endsWith(`_${id.replaceAll("-", "_")}`)) && showAccepted(at));
  }
  function accept(at) {
    const proposal = state.taken[at];
    openAccept({ proposal, proposals: state.proposals, text: state.text, day: day.value, language: language.value, store, context }, () => showAccepted(at));
  }
  put(
    root,
    make(
      "section",
      { class: "write" },
      make("label", { for: "report" }, say("page.evidence.paste")),
      area,
      make(
        "div",
        { class: "fields" },
        make("label", { for: "report-file" }, say("page.evidence.open_file")),
        file,
        make("label", { for: "report-day" }, say("page.evidence.report_day")),
        day,
        make("label", { for: "report-language" }, say("page.evidence.language")),
        language,
        begin,
        clear,
      ),
      make("p", { class: "small" }, say("page.evidence.report_note")),
      told,
    ),
    make(
      "div",
      { class: "columns" },
      reading,
      make("section", { class: "found" }, make("h2", {}, say("page.evidence.proposals")), make("p", { class: "small" }, say("page.evidence.keys")), list, decisions.panel),
    ),
  );
  if (state.text) read();
  return {};
}
