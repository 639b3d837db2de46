/** Check for Node before an adapter is loaded; in a browser the caller gives bytes instead. */
import { ConfigError } from "../errors.js";
import { hasNode } from "../host/host.js";

/**
 * @param what the thing that needs Node, such as "imdb.loadData: path"
 * @param instead hint for other platforms
 * @throws ConfigError outside Node
 */
export function requireNode(what: string, instead: string): void {
  if (hasNode()) return;
  throw new ConfigError(`${what} needs Node's file system, which is not here. ${instead}`);
}
