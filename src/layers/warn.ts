/** Words for the people who run a program, where something is not as they may think but no error. */

/** Writes a warning to the console, if there is one. */
export function warn(text: string): void {
  (globalThis as { console?: { warn(text: string): void } }).console?.warn(text);
}
