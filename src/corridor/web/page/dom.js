/** Elements, made in one way: `make("p", { class: "small" }, "text", child)`; no text is ever read as HTML. */

const DRAWING = "http://www.w3.org/2000/svg";

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

export const make = (name, attributes = {}, ...children) => fill(document.createElement(name), attributes, children);

export const draw = (name, attributes = {}, ...children) =>
  fill(document.createElementNS(DRAWING, name), attributes, children);

/** Draw anew what an element holds, if `state` is another than it was drawn for; who is at a part with an id stays there. */
export function redraw(element, state, build) {
  const now = JSON.stringify(state);
  if (element.drawn === now) return;
  element.drawn = now;
  const id = element.contains(document.activeElement) ? document.activeElement.id : "";
  put(element, ...build());
  if (id) document.getElementById(id)?.focus({ preventScroll: true });
}

/** Put children in the place of all that an element holds. */
export const put = (element, ...children) => element.replaceChildren(...children.filter((child) => child != null));
