/** Back and forth among the edits of this screen: the browser's own history, by two buttons. */

import { make } from "./dom.js";
import { say } from "./say.js";

/** @returns { element, note(edits before a change), show(edits now) }; edits are texts as they stand in the address */
export function makeHistory() {
  let [past, future, now] = [[], [], null];
  const button = (name, sign, step) =>
    make("button", { type: "button", "aria-label": say(`page.what_if.${name}`), title: say(`page.what_if.${name}`), onclick: () => window.history.go(step) }, sign);
  const [back, forth] = [button("undo", "↶", -1), button("redo", "↷", 1)];

  function show(edits) {
    // the browser's own buttons move here too: where the edits are tells which way it went
    if (now !== null && edits !== now) {
      if (future.length && future[future.length - 1] === edits && past[past.length - 1] !== now) {
        future.pop();
        past.push(now);
      } else if (past.length && past[past.length - 1] === edits) {
        past.pop();
        future.push(now);
      }
    }
    now = edits;
    [back.disabled, forth.disabled] = [!past.length, !future.length];
  }
  return {
    element: make("span", { class: "history" }, back, forth),
    note(before) {
      past.push(before);
      future = [];
    },
    show,
  };
}
