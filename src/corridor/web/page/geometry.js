/** From degrees to pixels and back: the map lies flat at its middle latitude, true enough over some hundred kilometres. */

/** Longitudes as one run of numbers, also where the places lie on both sides of the 180th meridian. */
function joinLongitudes(points) {
  const all = points.map(([longitude]) => longitude);
  const broken = Math.max(...all) - Math.min(...all) > 180;
  return (longitude) => (broken && longitude < 0 ? longitude + 360 : longitude);
}

/**
 * How points of degrees lie on a plane whose unit is a degree of latitude.
 * @param points [longitude, latitude] of all that must be seen
 */
export function makePlane(points) {
  const shown = points.length ? points : [[0, 0]];
  const join = joinLongitudes(shown);
  const latitudes = shown.map(([, latitude]) => latitude);
  const middle = (Math.min(...latitudes) + Math.max(...latitudes)) / 2;
  const narrow = Math.max(Math.cos((middle * Math.PI) / 180), 0.05);
  return {
    flatten: ([longitude, latitude]) => [join(longitude) * narrow, -latitude],
    unflatten: ([x, y]) => [((x / narrow + 540) % 360) - 180, -y],
  };
}

/** The rectangle around points of the plane. */
export function bound(points) {
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  return { left: Math.min(...xs), right: Math.max(...xs), top: Math.min(...ys), bottom: Math.max(...ys) };
}

/**
 * The view in which a rectangle of the plane fills a picture: pixels = plane * scale + shift.
 * @param margin pixels left free on each side, for labels
 */
export function fit(box, width, height, margin) {
  const [wide, high] = [Math.max(box.right - box.left, 1e-4), Math.max(box.bottom - box.top, 1e-4)];
  const side = Math.min(margin, width / 5);
  const scale = Math.min((width - 2 * side) / wide, (height - 2 * Math.min(margin / 2, height / 8)) / high);
  return {
    scale,
    x: width / 2 - (scale * (box.left + box.right)) / 2,
    y: height / 2 - (scale * (box.top + box.bottom)) / 2,
  };
}

export const toPixels = (view, [x, y]) => [x * view.scale + view.x, y * view.scale + view.y];
export const toPlane = (view, [x, y]) => [(x - view.x) / view.scale, (y - view.y) / view.scale];

/** The view made `factor` times as large while a pixel stays where it is. */
export function zoomAt(view, factor, [x, y]) {
  return { scale: view.scale * factor, x: x + (view.x - x) * factor, y: y + (view.y - y) * factor };
}

/** The `d` of a line through pixels. */
export const writeLine = (points) => `M${points.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join("L")}`;

/** Kilometres of a degree of latitude, for the scale bar. */
export const KM_PER_DEGREE = 111.2;

/** The longest of 1, 2 and 5 times a power of ten that is not above a value. */
export function roundDown(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return [5, 2, 1].map((step) => step * power).find((step) => step <= value * (1 + 1e-9)) ?? power;
}
