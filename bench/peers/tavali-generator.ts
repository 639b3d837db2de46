/** Generation one character at a time, through the stream that a model gives: a character's id goes in, the next one's probabilities come back. */
import type { Engine } from "../../src/index.js";
import type { LoadedWorkload } from "../read-workload.js";
import { tavaliInputs } from "../tavali-model.js";
import { loadedModel } from "./tavali-training.js";

/** A function that reads the text from a state of zeros and gives the probabilities after its last character. */
export async function generator(engine: Engine, loaded: LoadedWorkload): Promise<() => number[]> {
  const { model, time } = loaded.workload;
  const stream = await loadedModel(engine, loaded).stream();
  const ids = Array.from(tavaliInputs(model, loaded.x).data.subarray(0, time), (id) => [id]);
  const probabilities = stream.step(ids[0]!);
  return () => {
    stream.state = undefined;
    for (const id of ids) stream.step(id, probabilities);
    return Array.from(probabilities);
  };
}
