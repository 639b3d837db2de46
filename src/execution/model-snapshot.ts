/** A copy of all that training changes, and the way back to it. */
import { StateError } from "../errors.js";
import type { Optimizer } from "../optimizers/index.js";
import { describeProblem, mapOf, tensor } from "../schema/index.js";
import type { Snapshot } from "../training/index.js";
import type { Network } from "./network.js";
import { iterationName } from "./optimizer-names.js";
import { forgetSteps, slotShapes } from "./optimizer-state.js";
import type { Variables } from "./variables.js";
import { writeSnapshot } from "./write-snapshot.js";

export function snapshotOf(variables: Variables): Snapshot {
  return new Map(variables.names().map((name) => [name, { data: variables.read(name), shape: variables.shape(name) }]));
}

const snapshotSchema = /* @__PURE__ */ mapOf(tensor);

/** @throws StateError for what is no snapshot, or lacks a weight of the network */
function checkSnapshot(snapshot: Snapshot, network: Network | undefined): void {
  const problem = snapshotSchema(snapshot);
  const advice = "Give what snapshot returned.";
  if (problem) throw new StateError(`restore: ${describeProblem(problem, "the snapshot")}. ${advice}`);
  const missing = network?.parameters.find(({ id }) => !snapshot.has(id));
  if (missing)
    throw new StateError(`restore: the snapshot has no weight "${missing.id}". Is it that of another model? ${advice}`);
}

/**
 * Goes back to a snapshot; what an optimizer has made since starts anew.
 *
 * @throws StateError for what is no snapshot of this model; nothing is written then
 */
export function restoreSnapshot(
  snapshot: Snapshot,
  optimizer: Optimizer | undefined,
  network: Network | undefined,
  variables: Variables,
): void {
  checkSnapshot(snapshot, network);
  writeSnapshot(snapshot, optimizer && network ? slotShapes(optimizer, network) : new Map(), variables);
  if (optimizer && !snapshot.has(iterationName(optimizer))) forgetSteps(optimizer, network, variables);
}
