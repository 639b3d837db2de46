/** Unique names. */

/** The name, or where it is taken the name with the first number that makes it new: "dense", "dense_1", … */
export function countedName(base: string, taken: { has(name: string): boolean }): string {
  let name = base;
  for (let i = 1; taken.has(name); i++) name = `${base}_${i}`;
  return name;
}
