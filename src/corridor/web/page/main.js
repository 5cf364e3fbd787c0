/** The page: its header, its five screens, and which of them is shown. */

import { make, put } from "./dom.js";
import { moment, say, takeWords } from "./say.js";
import { ask } from "./source.js";
import { go, readState, writeAddress } from "./state.js";

const SCREENS = {
  now: "./now.js",
  "what-if": "./what_if.js",
  compare: "./compare.js",
  case: "./case.js",
  evidence: "./evidence.js",
};
const DATE = { day: "numeric", month: "long", year: "numeric" };
const find = (id) => document.getElementById(id);
const state = { shown: null, name: "" };

/** Tell the reader, in the header and to a screen reader, what is going on. */
function tell(text) {
  find("state").textContent = text;
}

function writeShell(words, facts) {
  document.documentElement.lang = words.language;
  document.documentElement.dir = words.direction;
  document.title = facts.title;
  find("skip").textContent = say("page.skip");
  put(find("title"), make("bdi", {}, facts.title));
  find("title").title = facts.title;
  find("sensitivity").textContent = facts.sensitivity && say(`page.sensitivity.${facts.sensitivity}`);
  find("sensitivity").className = `sensitivity ${facts.sensitivity}`;
  const links = listScreens(facts).map((name) =>
    make("a", { href: writeAddress(name, {}), id: `to-${name}` }, say(`page.${name.replace("-", "_")}`)),
  );
  find("screens").setAttribute("aria-label", say("page.screens"));
  put(find("screens"), ...links);
  put(find("language"), ...writeLanguages(words));
  const date = facts.data_date && ` ${say("page.data_of", { date: moment(facts.data_date, DATE) })}`;
  find("notice").hidden = !facts.kept;
  if (facts.kept) find("notice").textContent = say("page.kept.notice", { ...facts.kept, made: moment(facts.kept.made) });
  put(find("foot"), make("bdi", {}, facts.disclaimer), date);
}

/** The languages by their own names; another one loads the page anew, at the same place. */
function writeLanguages({ languages, language }) {
  const options = languages.map(({ code, name }) =>
    make("option", { value: code, selected: code === language, lang: code }, name),
  );
  const choose = () => (window.location.search = new URLSearchParams({ language: list.value }));
  const list = make("select", { "aria-label": say("page.language"), onchange: choose }, ...options);
  return languages.length > 1 ? [list] : [];
}

/** A case that cannot be run has one screen: that on which it is mended; talks alone two. The page of one file has some. */
const listScreens = (facts) =>
  facts.kept?.screens ?? (facts.faults ? ["case"] : facts.talks_alone ? ["evidence", "case"] : Object.keys(SCREENS));

function markScreen() {
  for (const link of find("screens").children) link.removeAttribute("aria-current");
  find(`to-${state.name}`)?.setAttribute("aria-current", "page");
}

/** Read anew what all screens know of the case, since its files have been changed. */
async function renew({ facts, words }) {
  const fresh = await ask("case");
  for (const name of Object.keys(facts)) delete facts[name];
  Object.assign(facts, fresh);
  writeShell(words, facts);
  markScreen();
}

async function follow(context) {
  const asked = readState();
  const screens = listScreens(context.facts);
  const name = screens.includes(asked.screen) ? asked.screen : screens[0];
  if (state.name === name && state.shown) {
    state.shown.follow?.(asked.values);
    return;
  }
  state.shown?.close?.();
  state.name = name;
  markScreen();
  const root = make("div", { class: `screen ${name}` });
  put(find("content"), root);
  const { open } = await import(SCREENS[name]);
  if (state.name === name) state.shown = await open(root, context, asked.values);
}

async function begin() {
  const [words, facts] = await Promise.all([ask("words"), ask("case")]);
  takeWords(words);
  writeShell(words, facts);
  const context = { facts, words, tell, go: (values, quietly) => go(state.name, values, quietly) };
  context.renew = () => renew(context);
  window.addEventListener("hashchange", () => follow(context));
  window.addEventListener("popstate", () => follow(context));
  await follow(context);
}

// what nobody has answered for: said in the header, so that no click is followed by silence
window.addEventListener("unhandledrejection", (event) => {
  if (event.reason?.name === "AbortError") event.preventDefault();
  else tell(event.reason?.message ?? String(event.reason));
});

begin();
