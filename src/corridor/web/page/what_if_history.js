/** Back and forth among the edits of this screen: the browser's own history, by two buttons. */

import { make } from "./dom.js";
import { say } from "./say.js";
import { readStep } from "./state.js";

/** @returns { element, show() }: to be shown again after each step */
export function makeHistory() {
  const first = readStep();
  let last = first;
  const button = (name, sign, step) => {
    const title = say(`page.what_if.${name}`);
    return make("button", { type: "button", "aria-label": title, title, onclick: () => window.history.go(step) }, sign);
  };
  const [back, forth] = [button("undo", "↶", -1), button("redo", "↷", 1)];
  return {
    element: make("span", { class: "history" }, back, forth),
    /** `changed`: a step of our own, after which there is none to go forth to. */
    show(changed = false) {
      const now = readStep();
      if (changed || now > last) last = now;
      [back.disabled, forth.disabled] = [now <= first, now >= last];
    },
  };
}
