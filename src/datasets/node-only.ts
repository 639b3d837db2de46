/** Whether the Node adapters can be loaded; in a browser the caller gives bytes instead. */
import { ConfigError } from "../errors.js";

/**
 * @param what the thing that needs Node, such as "imdb.loadData: path"
 * @param instead what to do elsewhere
 * @throws ConfigError outside Node
 */
export function requireNode(what: string, instead: string): void {
  if (globalThis.process?.versions?.node !== undefined) return;
  throw new ConfigError(`${what} needs Node's file system, which is not here. ${instead}`);
}
