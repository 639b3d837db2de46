/** Node adapter: a log in a file. Every chunk is in the file when `write` returns, so that a process that is killed loses none. */
import { ConfigError } from "../errors.js";
import { nodeModule } from "../host/host.js";
import type { LogSink } from "../training/index.js";

const fs = nodeModule("node:fs");

/** See `fileSink` of the door. */
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
        // A shorter file was changed by someone else: nothing to take back.
        else if (size > length) fs.truncateSync(file, length);
      }),
  };
}
