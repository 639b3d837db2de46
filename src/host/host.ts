/**
 * The program that runs this code: a browser, Node, Bun or Deno. Node's modules are taken with `process.getBuiltinModule` (Node 20.16, Bun,
 * Deno), never with an import: a bundler for browsers follows every import that it sees, and has none of them to give.
 */

/** Node's modules by name. */
type Builtin = NonNullable<NodeJS.Process["getBuiltinModule"]>;

/**
 * A module of Node. In a browser it is undefined, whatever its type says: a file that uses one is named `*-node.ts`, and is imported
 * where {@link hasNode} is true.
 *
 * @param name "node:fs"
 */
export const nodeModule: Builtin = ((name: string) =>
  globalThis.process?.getBuiltinModule?.(name as never)) as unknown as Builtin;

/** Whether Node's modules are here: in Node, Bun and Deno. */
export function hasNode(): boolean {
  return nodeModule("node:fs") !== undefined;
}

/** What `read` gives; undefined where the program must not ask for it, as Deno without permission must not for much of the system. */
export function ifPermitted<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** A variable of the environment; undefined where it is not set, is not permitted or there are none (in a browser). */
export function environmentVariable(name: string): string | undefined {
  return ifPermitted(() => globalThis.process?.env?.[name]);
}

/** The name and version of the program that runs this code. Bun and Deno say which Node they are like, too. */
export function hostProgram(): { readonly name: string; readonly version: string } {
  const { bun, deno, node } = globalThis.process?.versions ?? ({} as Partial<NodeJS.ProcessVersions>);
  if (bun) return { name: "Bun", version: bun };
  if (deno) return { name: "Deno", version: deno };
  return node ? { name: "Node", version: node } : { name: "browser", version: "" };
}
