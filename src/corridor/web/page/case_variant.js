/** The form in which changes get a name and become a variant. */

import { drawFault } from "./case_cell.js";
import { make, put } from "./dom.js";
import { say } from "./say.js";

export function makeVariantForm(store, context) {
  const name = make("input", { id: "variant-name", required: true, maxlength: "100", autocomplete: "off" });
  const title = make("input", { id: "variant-title", autocomplete: "off" });
  const answer = make("div", { role: "status" });
  const element = make(
    "form",
    { class: "variant-form", hidden: true, onsubmit: (event) => { event.preventDefault(); save({}); } },
    make("p", {}, say("page.case.variant_about")),
    make("label", { for: "variant-name" }, say("page.case.variant_name")),
    name,
    make("label", { for: "variant-title" }, say("page.case.variant_title")),
    title,
    make("button", { type: "submit", class: "main" }, say("page.case.variant_save")),
    make("button", { type: "button", onclick: close }, say("page.case.close")),
    answer,
  );

  function close() {
    element.hidden = true;
    put(answer);
  }

  function open() {
    element.hidden = false;
    put(answer);
    name.focus();
  }

  /** `agreed` is what was agreed to: replace, despite_faults. */
  async function save(agreed) {
    const again = (more, text) => make("button", { type: "button", onclick: () => save({ ...agreed, ...more }) }, text);
    try {
      const found = await store.saveVariant({ name: name.value, title: title.value, ...agreed });
      if (found.saved?.length) {
        close();
        context.tell(say("page.case.variant_saved", { files: found.saved.join(", ") }));
      } else if (found.exists) {
        put(answer, make("p", {}, say("page.case.variant_exists", { name: found.exists })), again({ replace: true }, say("page.case.variant_replace")));
      } else if (found.faults) {
        const errors = found.faults.filter((fault) => fault.severity === "error");
        const faults = make("ul", { class: "faults" }, ...errors.map((fault) => drawFault(fault)));
        put(answer, make("p", {}, say("page.case.would_have", { number: errors.length })), faults, again({ despite_faults: true }, say("page.case.despite")));
      } else {
        put(answer, found.refused ? make("p", { class: "warning" }, found.refused) : null);
      }
    } catch (error) {
      put(answer, make("p", { class: "warning" }, error.message));
    }
  }

  return { element, open, close };
}
