/** Snapshot of a model: a copy of all that training changes, and the way back to it. */
import { StateError } from "../errors.js";
import type { Optimizer } from "../optimizers/index.js";
import type { Snapshot } from "../training/index.js";
import type { Network } from "./network.js";
import { iterationName } from "./optimizer-names.js";
import { forgetSteps, slotShapes } from "./optimizer-state.js";
import type { Variables } from "./variables.js";
import { writeSnapshot } from "./write-snapshot.js";

export function snapshotOf(variables: Variables): Snapshot {
  return new Map(variables.names().map((name) => [name, { data: variables.read(name), shape: variables.shape(name) }]));
}

/** @throws StateError for a snapshot that lacks a weight of the network */
function checkComplete(snapshot: Snapshot, network: Network | undefined): void {
  const missing = network?.parameters.find(({ id }) => !snapshot.has(id));
  if (!missing) return;
  throw new StateError(
    `"${missing.id}" is missing in the snapshot. Is it one of another model, or has it been changed?`,
  );
}

/**
 * Goes back to a snapshot; slots that an optimizer has made since start fresh.
 *
 * @throws StateError for the snapshot of another model; nothing is written then
 */
export function restoreSnapshot(
  snapshot: Snapshot,
  optimizer: Optimizer | undefined,
  network: Network | undefined,
  variables: Variables,
): void {
  checkComplete(snapshot, network);
  writeSnapshot(snapshot, optimizer && network ? slotShapes(optimizer, network) : new Map(), variables);
  if (optimizer && !snapshot.has(iterationName(optimizer))) forgetSteps(optimizer, network, variables);
}
