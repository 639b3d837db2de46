/** Readers that are wrong on purpose: the driver must see each of them fail. */
import { FormatError } from "../../../src/errors.js";
import { bytesForm, type Form } from "../form.js";

const files = () => [Uint8Array.from({ length: 32 }, (_, i) => i)];
const right = (bytes: Uint8Array) => bytes.length === 32 && bytes.every((byte, i) => byte === i);

/** Reads what it knows, and does something else with one mutant in a few. */
function broken(name: string, wrong: () => void): Form {
  return bytesForm(name, files, (bytes) => {
    if (right(bytes)) return undefined;
    if ((bytes[0] ?? 0) % 4 === 1) wrong();
    throw new FormatError("not the file");
  });
}

const held: Uint8Array[] = [];

export const brokenForms: readonly Form[] = [
  broken("broken: raw error", () => {
    throw new TypeError("of something that is not there");
  }),
  broken("broken: endless", () => {
    for (;;) held.length = 0;
  }),
  broken("broken: memory", () => {
    for (let i = 0; i < 8; i++) held.push(new Uint8Array(2 ** 25).fill(1));
  }),
  broken("broken: prototype", () => {
    Object.defineProperty(Object.prototype, "polluted", { value: 1, configurable: true });
  }),
];
