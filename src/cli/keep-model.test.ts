import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, expect, it } from "vitest";
import { loadModel } from "../formats/index.js";
import { dense } from "../layers/index.js";
import { sequential } from "../models/index.js";
import { ModelKeeper } from "./keep-model.js";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "tavali-keep-"));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));
const model = sequential([dense(1, { inputShape: [2] })]);

it("writes to the file, and elsewhere when its folder has gone, until the file can be written again", async () => {
  const out = path.join(folder, "gone", "m.tavali");
  const keeper = new ModelKeeper(out, folder);
  expect(keeper.place).toBeUndefined();
  await keeper.save({ model, metadata: { n: 1 } });
  const refuge = path.join(folder, `${process.pid}-m.tavali`);
  expect([keeper.place, (await loadModel(refuge)).metadata]).toEqual([refuge, { n: 1 }]);
  expect(() => keeper.check()).toThrow(
    `its folder does not exist; make the folder first. The model is kept in ${refuge}.`,
  );
  fs.mkdirSync(path.dirname(out));
  await keeper.save({ model, metadata: { n: 2 } });
  expect([keeper.place, (await loadModel(out)).metadata, fs.existsSync(refuge)]).toEqual([out, { n: 2 }, false]);
  keeper.check();
});

it("says what was wrong at first where there is no other place either", async () => {
  const keeper = new ModelKeeper(path.join(folder, "no", "m.tavali"), path.join(folder, "nowhere"));
  await expect(keeper.save({ model, metadata: {} })).rejects.toThrow(/no.m\.tavali cannot be written/);
});
