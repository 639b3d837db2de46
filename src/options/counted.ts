/** Numbers of things in messages: "1 sequence", "2 sequences". */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : plural}`;
}
