import { describe, expect, it } from "vitest";
import { marked } from "../display/text-styles.js";
import { Output, type OutputStream } from "./output.js";

/** A stream that keeps what is written, and takes no more after `room` characters. */
function stream({ room = Number.POSITIVE_INFINITY, code = "EPIPE", throws = false } = {}) {
  let text = "";
  const kept = {
    errored: null as Error | null,
    isTTY: false,
    columns: 0,
    on: () => kept,
    write(chunk: string) {
      if (text.length + chunk.length <= room) text += chunk;
      else {
        const failure = Object.assign(new Error(code), { code });
        if (throws) throw failure;
        kept.errored = failure;
      }
      return true;
    },
  };
  return { output: new Output(() => kept as unknown as OutputStream), text: () => text };
}

describe("Output", () => {
  it("writes no control character but its own line breaks, and no style where there are no colours", () => {
    const { output, text } = stream();
    output.line(`${marked("red", "a\u001b[2J")}\nb\u0007\u009b\u202e`);
    output.text("x\ty\r\n\u001b]0;t\u0007");
    output.json({ "k\u009b": "\u007f\u202e\u001b\n" });
    expect(text()).toBe(
      "a\\u001b[2J\\u000ab\\u0007\\u009b\\u202e\nx\ty\n\\u001b]0;t\\u0007" +
        '{"k\\u009b":"\\u007f\\u202e\\u001b\\n"}\n',
    );
  });

  it.each([false, true])("says once that nothing more can be written, and writes no more (throwing: %s)", (throws) => {
    const { output, text } = stream({ room: 4, code: "ENOSPC", throws });
    const failures: unknown[] = [];
    output.onFailure = ({ code }) => failures.push(code);
    for (const line of ["one", "two", "3"]) output.line(line);
    expect([text(), failures, output.failure?.code]).toEqual(["one\n", ["ENOSPC"], "ENOSPC"]);
  });
});
