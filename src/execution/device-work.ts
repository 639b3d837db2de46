/** Shared work of the models on a device: the order of their calls, and the programs in its memory. */
import type { Device } from "../engines/engine.js";
import { CallQueue } from "./call-queue.js";
import { ProgramCache } from "./program-cache.js";

export interface DeviceWork {
  readonly calls: CallQueue;
  readonly programs: ProgramCache;
}

const works = new WeakMap<Device, DeviceWork>();

/** The work of a device, the same for all its models. */
export function workOf(device: Device): DeviceWork {
  const known = works.get(device);
  if (known) return known;
  const work = { calls: new CallQueue(), programs: new ProgramCache() };
  works.set(device, work);
  return work;
}
