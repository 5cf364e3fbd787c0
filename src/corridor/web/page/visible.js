/** Signs that nobody sees and that steer what is seen stand as their code (\u202e), as in everything the program prints. */

let beyond = "";
for (let plane = 0; plane <= 16; plane += 1)
  beyond += `\\u{${((plane << 16) | 0xfffe).toString(16)}}\\u{${((plane << 16) | 0xffff).toString(16)}}`;
const HIDDEN =
  "\\0-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x9f\\ud800-\\udfff\\ufdd0-\\ufdef\\u2028-\\u202e\\u2066-\\u206f\\u200b" +
  `\\u2060-\\u2064\\ufeff\\ufff9-\\ufffb\\u{e0000}-\\u{e007f}${beyond}`;
// a carriage return writes over its line; joiners belong to the scripts that use them
const STEERS = new RegExp(`[${HIDDEN}]|\\r(?!\\n)|[\\u200c\\u200d](?![^\\0-\\x7f])`, "gu");

const code = (sign) => [...Array(sign.length)].map((_, at) => `\\u${sign.charCodeAt(at).toString(16).padStart(4, "0")}`).join("");

export const makeVisible = (text) => text.replace(STEERS, code);

/** A text on one line, as it stands in a cell of a sheet. */
export const onOneLine = (text) => makeVisible(text.replace(/\r\n|\n|\t/g, (sign) => (sign === "\t" ? "⇥" : "⏎")));
