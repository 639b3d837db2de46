/**
 * A string that shares no memory with the one it was cut from: engines keep the whole alive for a part of it, so one new
 * word would hold a whole chunk of a file.
 */
export function detached(part: string): string {
  return ` ${part}`.slice(1);
}
