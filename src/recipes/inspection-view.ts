/** An inspection as lines of text: one line a step, with the states as a row of blocks. Pure: data in, lines out. */

import { bar, columnsOf, cut, padTo, wrap } from "../display/text-layout.js";
import type { Style } from "../display/text-styles.js";
import type { Inspection, KernelInspection, LayerInspection } from "../inspection/index.js";
import { largest } from "../tensor/extremes.js";

interface ViewOptions {
  /** Columns of the whole. */
  readonly width: number;
  /** Colours a text, or leaves it as it is. */
  readonly style: (style: Style, text: string) => string;
}

const levels = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];
const barColumns = 12;
const widestWord = 16;
/** Gradients this far below the largest have no bar. */
const decades = 6;

/** @param labels what each step is, such as its word */
export function inspectionView(inspection: Inspection, labels: readonly string[], options: ViewOptions): string[] {
  return inspection.layers.flatMap((layer) => ["", ...layerView(layer, labels, options)]);
}

function layerView(layer: LayerInspection, labels: readonly string[], { width, style }: ViewOptions): string[] {
  const [[name, state]] = Object.entries(layer.states) as [[string, LayerInspection["states"][string]]];
  const word = Math.min(widestWord, largest(labels.map(columnsOf), 4));
  const top = largest(state.gradientNorms);
  const kernel = layer.weights[layer.recurrentKernels[0]?.weight ?? ""] ?? Object.values(layer.weights)[0];
  const units = state.values.shape.slice(2).reduce((product, size) => product * size, 1);
  const room = Math.max(4, width - word - barColumns - 32);
  const heading = `${" ".repeat(word + 8)}${`‖∂J/∂${name}‖`.padEnd(barColumns + 9)} share  ${name}, ▁ −1 … █ 1`;
  const lines = Array.from({ length: layer.steps }, (_, t) => {
    const norm = state.gradientNorms[t]!;
    const share = norm > 0 ? 1 + Math.log10(norm / top) / decades : 0;
    const row = Array.from(state.values.data.slice(t * units, t * units + Math.min(units, room)));
    const text =
      `  ${String(t + 1).padStart(4)} ${padTo(cut(labels[t] ?? "", word), word)} ${norm.toExponential(1).padStart(8)} ` +
      `${padTo(style("yellow", bar(share, barColumns)), barColumns)} ${percent(kernel?.shares[t]).padStart(6)}  ` +
      row.map((value) => style(value < 0 ? "blue" : "red", block(value))).join("");
    return layer.mask?.data[t] === 0 ? style("dim", `${text}  padding`) : text;
  });
  return [
    `  ${style("bold", layer.name)}${layer.backward ? ", from the end" : ""}`,
    ...wrap(layer.diagnosis.text, width - 2).map((line) => `  ${line}`),
    ...layer.recurrentKernels.flatMap((each) => wrap(kernelText(each), width - 2)).map((line) => `  ${line}`),
    ...cutsText(layer, width),
    style("dim", units > room ? `${heading} (${room} of ${units})` : heading),
    ...lines,
  ];
}

function kernelText({ weight, blocks }: KernelInspection): string {
  const radius = blocks.map(
    ({ name, spectralRadius }) => `${name === weight ? "" : `${name} `}${spectralRadius.toFixed(2)}`,
  );
  return `spectral radius of ${weight}: ${radius.join(", ")}`;
}

function cutsText({ truncation }: LayerInspection, width: number): string[] {
  if (!truncation) return [];
  const { window, stride, cuts } = truncation;
  const where =
    cuts.length === 0 ? "nothing is cut here" : `gradients are cut before step ${cuts.map((t) => t + 1).join(", ")}`;
  return wrap(`truncated to ${window} steps, every ${stride}: ${where}`, width - 2).map((line) => `  ${line}`);
}

function block(value: number): string {
  return levels[Math.max(0, Math.min(7, Math.round(((value + 1) / 2) * 7)))]!;
}

function percent(share: number | undefined): string {
  return share === undefined ? "" : `${(share * 100).toFixed(1)}%`;
}
