import { describe, expect, it } from "vitest";
import { ConfigError } from "../errors.js";
import { dense, dropout, embedding, simpleRNN } from "../layers/index.js";
import { sequential } from "./sequential.js";

const model = () =>
  sequential([
    embedding(10_000, 32, { inputShape: [null], trainable: false }),
    dropout(0.2),
    simpleRNN(32),
    dense(1, { activation: "sigmoid" }),
  ]);

const table = (options: object) =>
  model()
    .summary({ print: false, ...options })
    .split("\n Total")[0];

describe("summary", () => {
  it("shows which layers training changes, as Keras does", () => {
    expect(table({ lineLength: 76, showTrainable: true })).toBe(`Model: "sequential"
┏━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━┳━━━━━━━┓
┃ Layer (type)                ┃ Output Shape          ┃    Param # ┃ Trai… ┃
┡━━━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━╇━━━━━━━┩
│ embedding (Embedding)       │ (None, None, 32)      │    320,000 │   N   │
├─────────────────────────────┼───────────────────────┼────────────┼───────┤
│ dropout (Dropout)           │ (None, None, 32)      │          0 │   -   │
├─────────────────────────────┼───────────────────────┼────────────┼───────┤
│ simple_rnn (SimpleRNN)      │ (None, 32)            │      2,080 │   Y   │
├─────────────────────────────┼───────────────────────┼────────────┼───────┤
│ dense (Dense)               │ (None, 1)             │         33 │   Y   │
└─────────────────────────────┴───────────────────────┴────────────┴───────┘`);
  });

  it("lays the columns out by its options, and wraps texts that do not fit", () => {
    expect(table({ lineLength: 61, positions: [0.5, 0.7, 1] })).toMatch(`Model: "sequential"
┏━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━┓
┃                             ┃ Output   ┃                  ┃
┃ Layer (type)                ┃ Shape    ┃          Param # ┃
┡━━━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━┩
│ embedding (Embedding)       │ (None,   │          320,000 │
│                             │ None,    │                  │
│                             │ 32)      │                  │
├─────────────────────────────┼──────────┼──────────────────┤
`);
  });

  it.each([{ lineLength: 14 }, { positions: [0.5, 1] }, { positions: [0.3, 0.6, 0.9] }, { positions: [0.6, 0.5, 1] }])(
    "refuses columns that cannot be drawn: %j",
    (options) => {
      expect(() => table(options)).toThrow(ConfigError);
    },
  );

  it("has lines of one width at every length", () => {
    for (let lineLength = 30; lineLength <= 100; lineLength++) {
      const [, ...lines] = table({ lineLength })!.split("\n");
      expect(new Set(lines.map((line) => line.length))).toEqual(new Set([lineLength]));
    }
  });

  it("draws Keras 2's plain table on request", () => {
    expect(model().summary({ print: false, style: "keras2" })).toBe(`Model: "sequential"
_________________________________________________________________
Layer (type)                 Output Shape              Param #
=================================================================
embedding (Embedding)        (None, None, 32)          320000
_________________________________________________________________
dropout (Dropout)            (None, None, 32)          0
_________________________________________________________________
simple_rnn (SimpleRNN)       (None, 32)                2080
_________________________________________________________________
dense (Dense)                (None, 1)                 33
=================================================================
Total params: 322,113
Trainable params: 2,113
Non-trainable params: 320,000
_________________________________________________________________
`);
  });
});

it.each(["keras3", "keras2"] as const)("shows control characters of names as escapes: %s", (style) => {
  const name = "a\u001b[2J\u009b\u202e";
  const texts: string[] = [];
  const model = sequential([dense(1, { inputShape: [2], name })], { name });
  model.summary({ style, lineLength: 120, print: (text) => void texts.push(text) });
  expect(texts.join("")).toContain("a\\u001b[2J\\u009b\\u202e");
  expect(texts.join("")).not.toMatch(/(?!\n)[\p{Cc}\u202e]/u);
});
