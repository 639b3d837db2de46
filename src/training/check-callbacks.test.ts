import { describe, expect, it } from "vitest";
import { ConfigError } from "../errors.js";
import { type Callback, checkCallbacks } from "./callbacks.js";
import { earlyStopping, runLog } from "./index.js";
import { memorySink } from "./log-sink.js";

const called = "Called are onTrainBegin, onEpochBegin, onBatchBegin, onBatchEnd, onEpochEnd, onTrainEnd.";

describe("functions of callbacks", () => {
  it.each([
    ["on_epoch_end", "; did you mean onEpochEnd?"],
    ["onEpochEnds", "; did you mean onEpochEnd?"],
    ["on_train_batch_end", "; did you mean onBatchEnd?"],
    ["onTrainBatchBegin", "; did you mean onBatchBegin?"],
    ["onTestEnd", "."],
    ["on_predict_begin", "."],
  ])("that are never called are refused: %s", (name, question) => {
    const check = () => checkCallbacks([{}, { [name]: () => {} } as Callback]);
    expect(check).toThrow(ConfigError);
    expect(check).toThrow(`fit: callbacks[1] has a function "${name}", which is never called${question} ${called}`);
  });

  it("are found in classes", () => {
    class Parent {
      on_train_end() {}
    }
    class Child extends Parent {
      onEpochEnd() {}
    }
    expect(() => checkCallbacks([new Child()])).toThrow("did you mean onTrainEnd?");
  });

  it("pass where they are known or have unrelated names", () => {
    class Own {
      get onTestEnd(): never {
        throw new Error("read");
      }
      onlyOnce() {}
      onLost() {}
      onEpochEnd() {}
    }
    checkCallbacks([new Own(), earlyStopping(), runLog(memorySink()), { onBatchEnd: undefined } as Callback]);
  });
});
