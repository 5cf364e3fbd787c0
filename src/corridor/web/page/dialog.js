/** A window over the page: its focus stays within it while it is open and goes back where it came from. */

import { make } from "./dom.js";
import { say } from "./say.js";

let opened = 0;

export function openDialog(title, kind, ...children) {
  const before = document.activeElement;
  const id = `dialog-title-${(opened += 1)}`;
  const close = make("button", { type: "button", class: "close", onclick: () => dialog.close() }, say("page.evidence.close"));
  const body = make("div", { class: "body" }, ...children);
  const dialog = make("dialog", { class: kind, "aria-labelledby": id }, make("h2", { id }, title), close, body);
  dialog.addEventListener("close", () => {
    dialog.remove();
    before?.focus?.();
  });
  document.body.append(dialog);
  dialog.showModal();
  return { dialog, body };
}
