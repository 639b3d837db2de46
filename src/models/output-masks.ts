/** Masks of a model's outputs for some data, computed only where a target is in doubt. They depend on no weight. */
import { compile } from "../compiler/compile.js";
import type { Device } from "../engines/engine.js";
import { endpoints } from "../execution/endpoints.js";
import { type Network, traceNetwork } from "../execution/network.js";
import { swapFirstAxes } from "../layers/index.js";
import { sizeOf } from "../tensor/shape.js";
import type { Examples, Rows } from "../training/index.js";
import { type PreparedExamples, settleDoubts } from "./prepare-targets.js";

/** Examples at a time. */
const BATCH = 256;

/** Examples whose targets all count or are left out. @throws DataError for one that counts and that the loss cannot read */
export async function settled(network: Network, device: Device, prepared: PreparedExamples): Promise<Examples> {
  if (prepared.doubts.length === 0) return prepared.examples;
  return settleDoubts(prepared, await outputMasks(network, device, prepared.examples));
}

/** Batch-first masks [examples, time], 1 at valid steps and 0 at padding; undefined for an output without a mask. */
async function outputMasks(network: Network, device: Device, { count, data }: Examples): Promise<(Rows | undefined)[]> {
  const masks: (Float64Array | undefined)[] = [];
  const widths: number[] = [];
  for (let first = 0; first < count; first += BATCH) {
    const rows = Math.min(BATCH, count - first);
    const found = await masksOf(network, device, cut(data, first, rows));
    found.forEach((mask, i) => {
      if (!mask) return;
      widths[i] = mask.length / rows;
      masks[i] ??= new Float64Array(count * widths[i]);
      masks[i].set(mask, first * widths[i]);
    });
  }
  return network.outputs.map((_, i) => masks[i] && { data: masks[i], shape: [count, widths[i]!] });
}

async function masksOf(
  network: Network,
  device: Device,
  data: Examples["data"],
): Promise<(ArrayLike<number> | undefined)[]> {
  const { signals, seed, inputs } = endpoints(
    network,
    Object.fromEntries(Object.entries(data).map(([name, { shape }]) => [name, shape])),
  );
  const traced = traceNetwork(network, signals, { training: false, seed });
  const outputs = Object.fromEntries(traced.flatMap(({ mask }, i) => (mask ? [[String(i), swapFirstAxes(mask)]] : [])));
  if (Object.keys(outputs).length === 0) return [];
  const program = compile({ name: "masks", inputs, outputs });
  const executable = await device.load(program);
  try {
    executable.run(
      Object.fromEntries(program.inputs.map(({ name }) => [name, name === "seed" ? [0] : data[name]!.data])),
    );
    return traced.map(({ mask }, i) => (mask ? executable.output(String(i)) : undefined));
  } finally {
    device.unload(executable);
  }
}

function cut(data: Examples["data"], first: number, rows: number): Examples["data"] {
  const part = ({ data, shape }: Rows): Rows => {
    const size = sizeOf(shape.slice(1));
    return { data: data.subarray(first * size, (first + rows) * size), shape: [rows, ...shape.slice(1)] };
  };
  return Object.fromEntries(Object.entries(data).map(([name, of]) => [name, part(of)]));
}
