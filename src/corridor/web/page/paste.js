/** Cells to a spreadsheet and back: lines of cells between tabs, quoted where a cell holds a tab, a line end or a quote. */

// as the program writes tables: no text of anybody's runs as a formula where it is pasted
const FORMULA = /^'*(?:[\t\r\n]|[\s\ufeff\u200b]*[=+\-@])/;
const NUMBER = /^[+-]?\d+(\.\d+)?(e[+-]?\d+)?$/;
const isFormula = (text) => FORMULA.test(text.slice(0, 100).normalize("NFKC"));

const escapeFormula = (text) => (isFormula(text) && !NUMBER.test(text) ? `'${text}` : text);
const unescapeFormula = (text) => (text.startsWith("'") && isFormula(text) ? text.slice(1) : text);
const quote = (text) => (/[\t\r\n"]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

export const writeBlock = (rows) => rows.map((cells) => cells.map((cell) => quote(escapeFormula(cell))).join("\t")).join("\n");

/** The rows of cells in a pasted text. A quote within a cell that does not begin with one is a sign like any other. */
export function readBlock(text) {
  const rows = [[]];
  let at = 0;
  while (at <= text.length) {
    const quoted = text[at] === '"' ? /^"((?:[^"]|"")*)"(?=[\t\r\n]|$)/.exec(text.slice(at)) : null;
    const plain = quoted ?? /^[^\t\r\n]*/.exec(text.slice(at));
    rows.at(-1).push(unescapeFormula(quoted ? quoted[1].replaceAll('""', '"') : plain[0]));
    at += plain[0].length;
    if (text[at] === "\t") {
      at += 1;
    } else if (at < text.length) {
      at += text.startsWith("\r\n", at) ? 2 : 1;
      if (at === text.length) break;
      rows.push([]);
    } else {
      break;
    }
  }
  return rows;
}
