/** Sinks of logs: bytes are appended to them, and a resumed training truncates them to an earlier length. */
import { checkOption, expecting } from "../options/index.js";

/** The destination of a log. `fileSink` of `tavali/formats` is a file, `memorySink` an array of bytes. */
export interface LogSink {
  /** Appends text, as UTF-8, or bytes. */
  write(chunk: string | Uint8Array): void | Promise<void>;
  /** Removes everything after the first `length` bytes. */
  rewind(length: number): void | Promise<void>;
}

/** A log in memory. */
export interface MemorySink extends LogSink {
  readonly bytes: Uint8Array;
  /** The bytes as UTF-8. */
  readonly text: string;
}

/** A log in memory. @example const log = memorySink(); await model.fit(x, y, { callbacks: [csvLogger(log)] }); log.text; */
export function memorySink(): MemorySink {
  let bytes = new Uint8Array(0);
  return {
    write(chunk) {
      const more = bytesOf(chunk);
      const longer = new Uint8Array(bytes.length + more.length);
      longer.set(bytes);
      longer.set(more, bytes.length);
      bytes = longer;
    },
    rewind(length) {
      bytes = bytes.slice(0, length);
    },
    get bytes() {
      return bytes;
    },
    get text() {
      return new TextDecoder().decode(bytes);
    },
  };
}

const aSink = /* @__PURE__ */ expecting(
  "a sink, such as fileSink(path) of tavali/formats or memorySink()",
  (value) =>
    typeof value === "object" &&
    value !== null &&
    typeof (value as LogSink).write === "function" &&
    typeof (value as LogSink).rewind === "function",
);

/** A sink that counts the bytes written to it, the state of a log between calls. It starts empty. */
export class CountedSink {
  readonly #sink: LogSink;
  #length = 0;
  #begun = false;

  /** @param owner whose log it is, for messages @throws ConfigError for a value that is not a sink */
  constructor(owner: string, sink: LogSink) {
    this.#sink = checkOption(owner, "sink", sink, aSink);
  }

  get length(): number {
    return this.#length;
  }

  async write(chunk: string | Uint8Array): Promise<void> {
    if (!this.#begun) await this.rewind(0);
    const bytes = bytesOf(chunk);
    await this.#sink.write(bytes);
    this.#length += bytes.length;
  }

  async rewind(length: number): Promise<void> {
    await this.#sink.rewind(length);
    this.#begun = true;
    this.#length = length;
  }
}

function bytesOf(chunk: string | Uint8Array): Uint8Array {
  return typeof chunk === "string" ? new TextEncoder().encode(chunk) : chunk;
}
