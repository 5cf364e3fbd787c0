/** What is changed and not saved, and what can be done with it; what stands in the way of saving is said here as well. */

import { drawFault } from "./case_cell.js";
import { makeVariantForm } from "./case_variant.js";
import { make, put } from "./dom.js";
import { moment, say } from "./say.js";
import { columnsOf } from "./sheet_edits.js";
import { makeVisible } from "./visible.js";

export function makeBar(store, context) {
  const text = make("strong", { role: "status" });
  const working = make("span", { class: "keys" });
  const notes = make("div", { class: "notices" });
  const button = (id, press) => make("button", { type: "button", id: `case-${id}`, onclick: press }, say(`page.case.${id}`));
  const buttons = {
    check: button("check", () => store.check()),
    save: button("save", () => save(false)),
    variant: button("variant", () => form.open()),
    undo: button("undo", () => store.undo()),
    redo: button("redo", () => store.redo()),
    undo_all: button("undo_all", () => store.undoAll()),
  };
  const form = makeVariantForm(store, context);
  let stopped = null; // faults that saving stopped at

  async function save(despite) {
    context.tell(say("page.case.saving"));
    try {
      const answer = await store.save(despite);
      stopped = answer.faults?.length && !answer.saved?.length ? answer.faults : null;
      const said = answer.saved?.length ? say("page.case.saved", { files: answer.saved.join(", ") }) : (answer.refused ?? "");
      context.tell(said);
      if (answer.refused) store.refused = answer.refused;
      if (answer.saved?.length) await context.renew();
    } catch (error) {
      store.refused = error.message;
      context.tell("");
    }
    draw();
  }

  function draw() {
    const number = store.count();
    element.setAttribute("aria-busy", String(store.checking));
    working.textContent = store.checking ? say("page.case.checking") : "";
    put(text, number ? say("page.case.unsaved", { number }) : say("page.case.as_saved"));
    const write = context.facts.editable && store.list.editable;
    for (const name of ["undo_all", "save", "variant"]) buttons[name].disabled = !number;
    for (const name of ["save", "variant"]) buttons[name].disabled ||= !write;
    if (!number) form.close();
    buttons.undo.disabled = !store.history.past.length;
    buttons.redo.disabled = !store.history.next.length;
    if (!number) stopped = null;
    put(notes, write ? null : make("p", {}, say(store.list.stored ? "page.case.of_run" : "page.read_only")), store.unkept ? make("p", { class: "warning" }, say("page.case.unkept")) : null, store.refused ? make("p", { class: "warning" }, store.refused) : null, ...drawDisk(), ...drawStopped());
  }

  function drawStopped() {
    if (!stopped) return [];
    const errors = stopped.filter((fault) => fault.severity === "error");
    return [
      make(
        "section",
        { class: "stopped", role: "alert" },
        make("p", {}, say("page.case.would_have", { number: errors.length })),
        make("ul", { class: "faults" }, ...errors.map((fault) => drawFault(fault))),
        make("button", { type: "button", id: "case-despite", onclick: () => save(true) }, say("page.case.despite")),
        make("button", { type: "button", onclick: () => { stopped = null; draw(); } }, say("page.case.not_now")),
      ),
    ];
  }

  function drawDisk() {
    if (!store.disk.length && !store.lost.length) return [];
    const files = store.disk.map((file) =>
      make("li", {}, make("bdi", {}, file.file), file.modified ? ` ${say("page.case.changed_by", { owner: file.owner || say("page.case.somebody"), time: moment(file.modified) })}` : ""),
    );
    const conflicts = store.conflicts.map(drawConflict);
    const done = () => { store.disk = []; store.lost = []; draw(); };
    return [
      make(
        "section",
        { class: "disk", role: "alert" },
        make("p", {}, say(conflicts.length ? "page.case.disk_conflicts" : "page.case.disk")),
        make("ul", {}, ...files),
        ...(store.lost.length ? [make("p", {}, say("page.case.lost_place")), make("ul", {}, ...store.lost.map((one) => make("li", {}, make("bdi", {}, makeVisible(one)))))] : []),
        ...conflicts,
        conflicts.length ? null : make("button", { type: "button", onclick: done }, say("page.case.understood")),
      ),
    ];
  }

  function drawConflict(conflict) {
    const base = store.bases[conflict.name];
    const column = columnsOf(base, store.edits())[conflict.at];
    const shown = (value) => make("bdi", { class: "text" }, makeVisible(value) || say("page.case.blank"));
    const settle = (keep) => () => store.settle(conflict, keep);
    return make(
      "div",
      { class: "conflict" },
      make("p", {}, make("bdi", {}, `${base.file}, ${base.byKey.get(conflict.key)?.line ?? ""}, ${makeVisible(column)}`)),
      make("dl", {}, make("dt", {}, say("page.case.when_read")), make("dd", {}, shown(conflict.was)), make("dt", {}, say("page.case.on_disk")), make("dd", {}, shown(conflict.disk)), make("dt", {}, say("page.case.mine")), make("dd", {}, shown(conflict.mine))),
      make("button", { type: "button", onclick: settle(true) }, say("page.case.keep_mine")),
      make("button", { type: "button", onclick: settle(false) }, say("page.case.take_disk")),
    );
  }

  const element = make("div", { class: "case-line" }, text, working, ...Object.values(buttons));
  return { parts: [element, form.element, notes], draw };
}
