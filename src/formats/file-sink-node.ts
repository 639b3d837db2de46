/** File sink (Node adapter): a log in a file. Every chunk is in the file when `write` returns, so a killed process loses no chunk. */
import { ConfigError } from "../errors.js";
import { nodeModule } from "../host/host.js";
import type { LogSink } from "../training/index.js";

const fs = nodeModule("node:fs");

/** See `fileSink` of the entry point. */
export function fileSink(file: string): LogSink {
  const attempt = (work: () => void) => {
    try {
      work();
    } catch (cause) {
      const code = (cause as { code?: string }).code ?? String(cause);
      const reason =
        code === "ENOENT" ? "its folder does not exist; make the folder first" : `${code}; choose another path`;
      throw new ConfigError(`${file} cannot be written: ${reason}.`, { cause });
    }
  };
  return {
    write: (chunk) => attempt(() => fs.appendFileSync(file, chunk)),
    rewind: (length) =>
      attempt(() => {
        const size = fs.statSync(file, { throwIfNoEntry: false })?.size;
        if (size === undefined) fs.writeFileSync(file, "");
        // A shorter file was changed by another program: there is nothing to remove.
        else if (size > length) fs.truncateSync(file, length);
      }),
  };
}
