/** Where the page gets its numbers: the program on this machine. The page of one file has another source (kept.js). */

import { say } from "./say.js";

export class Refused extends Error {
  constructor(status, document) {
    super(document.error ?? `status ${status}`);
    this.status = status;
    this.document = document;
  }
}

const language = new URLSearchParams(window.location.search).get("language");

function address(path, values = {}) {
  const asked = new URLSearchParams(Object.entries(values).filter(([, value]) => value != null && value !== ""));
  if (language) asked.set("language", language);
  const query = asked.toString();
  return `/api/${path}${query ? `?${query}` : ""}`;
}

async function take(response) {
  const document = (response.headers.get("content-type") ?? "").includes("json")
    ? await response.json()
    : { error: await response.text() };
  if (!response.ok) throw new Refused(response.status, document);
  return document;
}

/** The program itself does not answer: it was stopped, or the machine slept. */
async function reach(path, request) {
  try {
    return await fetch(path, request);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Error(say("page.lost"), { cause: error });
  }
}

export const ask = async (path, values, signal) => take(await reach(address(path, values), { signal }));

const post = (path, body, signal) =>
  reach(address(path), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
    signal,
  });

export const send = async (path, body, signal) => take(await post(path, body, signal));

/** Send a question whose answer comes in several lines, each better than the last; `hear` is told every one. */
export async function follow(path, body, hear, signal) {
  const response = await post(path, body, signal);
  if (!response.ok) await take(response);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    rest += value ?? "";
    const lines = rest.split("\n");
    rest = lines.pop();
    for (const line of lines) if (line) hear(JSON.parse(line));
    if (done) return;
  }
}
