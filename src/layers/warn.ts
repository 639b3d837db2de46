/** Words for the people who run a program, where something is not as they may think but no error. */

/** Writes a warning to the console, if there is one. */
export function warn(text: string): void {
  (globalThis as { console?: { warn(text: string): void } }).console?.warn(text);
}

const said = new WeakMap<object, Set<string>>();

/** The same, unless it was said of `about` before. @param about such as what a model was compiled for */
export function warnOnce(about: object, text: string): void {
  const before = said.get(about) ?? new Set();
  if (before.has(text)) return;
  said.set(about, before.add(text));
  warn(text);
}
