/** What was typed and not yet accepted, kept in this browser alone until it is cleared. */

export function keeper(facts, part) {
  const key = `corridor.${part}.${facts.id}`;
  return {
    read() {
      try {
        return JSON.parse(window.localStorage.getItem(key)) ?? {};
      } catch {
        return {};
      }
    },
    write(values) {
      try {
        window.localStorage.setItem(key, JSON.stringify(values));
      } catch {
        // a browser that keeps nothing, or no more: what is typed stays until the page is closed
      }
    },
    clear: () => window.localStorage.removeItem(key),
  };
}
