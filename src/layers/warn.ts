/** Warnings on the console. */

/** Writes a warning to the console, if there is one. */
export function warn(text: string): void {
  (globalThis as { console?: { warn(text: string): void } }).console?.warn(text);
}

const warned = new WeakMap<object, Set<string>>();

/** Writes a warning once for each `about`. @param about the object that the warning is about, such as a compiled model */
export function warnOnce(about: object, text: string): void {
  const before = warned.get(about) ?? new Set();
  if (before.has(text)) return;
  warned.set(about, before.add(text));
  warn(text);
}
