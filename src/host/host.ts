/**
 * The host program: a browser, Node, Bun or Deno. Node's modules come from `process.getBuiltinModule` (Node 20.16, Bun, Deno), never from
 * an import: a bundler for browsers follows every import, and does not have these modules.
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

/** Whether Node's modules exist: in Node, Bun and Deno. */
export function hasNode(): boolean {
  return nodeModule("node:fs") !== undefined;
}

/** The result of `read`; undefined if the program has no permission, as Deno often has not. */
export function ifPermitted<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** An environment variable; undefined if it is not set, not permitted, or in a browser. */
export function environmentVariable(name: string): string | undefined {
  return ifPermitted(() => globalThis.process?.env?.[name]);
}

/** The name and version of the program that runs this code. Bun and Deno report a version of Node, too. */
export function hostProgram(): { readonly name: string; readonly version: string } {
  const { bun, deno, node } = globalThis.process?.versions ?? ({} as Partial<NodeJS.ProcessVersions>);
  if (bun) return { name: "Bun", version: bun };
  if (deno) return { name: "Deno", version: deno };
  return node ? { name: "Node", version: node } : { name: "browser", version: "" };
}
