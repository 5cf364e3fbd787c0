/** The box in which a cell is written; Enter and Tab keep what it holds, Escape does not. */

import { make } from "./dom.js";
import { say } from "./say.js";

let lists = 0;

/**
 * Open a box in a cell. `options` are offered where the field has words to choose from; `done(text or null, move)` is told what
 * was written, null if nothing, and where to go: [rows, columns].
 */
export function openBox(cell, { text, start, options, label, done }) {
  const name = `words-${(lists += 1)}`;
  const offered = options.length > 0 && !text.includes("\n");
  const box = offered
    ? make("input", { class: "box", list: name, autocomplete: "off", spellcheck: "false", "aria-label": label })
    : make("textarea", { class: "box", rows: "1", spellcheck: "false", "aria-label": label });
  box.value = start ?? text;
  const list = offered ? make("datalist", { id: name }, ...options.map((word) => make("option", { value: word }))) : null;
  let open = true;
  const close = (value, move) => {
    if (!open) return;
    open = false;
    done(value, move);
  };
  box.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.isComposing) return;
    if (event.key === "Enter" && (event.altKey || event.shiftKey) && !offered) {
      box.setRangeText("\n", box.selectionStart, box.selectionEnd, "end");
      event.preventDefault();
    } else if (event.key === "Enter") {
      event.preventDefault();
      close(box.value, [1, 0]);
    } else if (event.key === "Tab") {
      event.preventDefault();
      close(box.value, [0, event.shiftKey ? -1 : 1]);
    } else if (event.key === "Escape") {
      event.preventDefault();
      close(null, [0, 0]);
    }
  });
  for (const kind of ["copy", "cut", "paste", "mousedown", "dblclick"])
    box.addEventListener(kind, (event) => event.stopPropagation());
  box.addEventListener("blur", () => close(box.value, null));
  cell.append(box, ...(list ? [list] : []));
  box.focus();
  if (start === undefined) box.select();
  return { close: () => close(box.value, null) };
}

export const labelOf = (line, column) => say("page.case.cell", { line, column });
