/** Prints what a training gives, and what a text codec and a file's path say: with the host's own defaults first. */
import { dense, sequential } from "tavali";
import { train } from "./train.js";

const model = sequential([dense(1)], { seed: 1 });
await model.predict([[1], [2]]);
console.log(JSON.stringify(await train()));
