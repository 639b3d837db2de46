/**
 * Inspection page, without external files: curves of ‖∂J/∂h(t)‖ on a logarithmic scale, of each step's part of a weight's
 * gradient, and states and gates over time as heat maps. It follows the reader's light or dark theme. Text from outside, such
 * as a word, is escaped.
 */

import { visibleLine } from "../display/visible-text.js";
import { counted } from "../options/index.js";
import { expectParts, notText } from "../tensor/expect-text.js";
import { largest } from "../tensor/extremes.js";
import type { Tensor } from "../tensor/tensor.js";
import { type Curve, curvePlot } from "./curve-plot.js";
import { escapeHtml } from "./escape-html.js";
import type { Inspection, KernelInspection, LayerInspection } from "./inspection.js";
import { heatMapScript, pageStyle } from "./page-parts.js";

/** One inspection on the page. */
export interface PagePart {
  readonly title: string;
  readonly inspection: Inspection;
  /** Labels of the steps, such as words; by default their numbers. */
  readonly labels?: readonly string[];
  /** Example of the batch that the heat maps show; default 0. */
  readonly example?: number;
  /** The model's predictions after each step, by name: curves at the top, of the six with the highest values. */
  readonly verdicts?: readonly Readonly<Record<string, number>>[];
  /** Lines for people, shown as they are. */
  readonly notes?: readonly string[];
}

/**
 * The page's HTML.
 *
 * @example writeFileSync("inspection.html", inspectionPage([{ title: "my model", inspection }]));
 */
export function inspectionPage(parts: readonly PagePart[]): string {
  if (!Array.isArray(parts)) throw notText("inspectionPage: parts", parts, "a list of { title, inspection }");
  for (const [i, part] of parts.entries()) expectParts(`inspectionPage: parts[${i}]`, part, ["title", "inspection"]);
  return [
    "<!doctype html>",
    '<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>Gradients through time</title><style>${pageStyle}</style></head><body>`,
    "<h1>Gradients through time</h1>",
    ...parts.flatMap(section),
    `<script>${heatMapScript}</script></body></html>`,
    "",
  ].join("\n");
}

function section({ title, inspection, labels = [], example = 0, verdicts = [], notes = [] }: PagePart): string[] {
  const { loss, steps, stepLosses, layers } = inspection;
  const names = Array.from({ length: steps }, (_, t) => labels[t] ?? String(t + 1));
  return [
    `<section><h2>${escapeHtml(title)}</h2>`,
    `<p>loss ${loss.toPrecision(4)} over ${counted(steps, "step")}</p>`,
    ...(verdicts.length > 0
      ? [figure("what it says after each step", curvePlot(verdictCurves(verdicts), { labels: names }))]
      : []),
    ...(notes.length > 0 ? [`<pre>${escapeHtml(notes.join("\n"))}</pre>`] : []),
    ...(stepLosses
      ? [figure("loss of each step", curvePlot([{ name: "loss", values: stepLosses }], { labels: names }))]
      : []),
    ...layers.flatMap((layer) => layerSection(layer, names.slice(0, layer.steps), example)),
    "</section>",
  ];
}

/** One curve for each name, the highest first; there are colours for six. */
function verdictCurves(verdicts: readonly Readonly<Record<string, number>>[]): Curve[] {
  const curves = Object.keys(verdicts[0]!).map((name) => ({ name, values: verdicts.map((verdict) => verdict[name]!) }));
  return curves.sort((a, b) => largest(b.values) - largest(a.values)).slice(0, 6);
}

function layerSection(layer: LayerInspection, labels: readonly string[], example: number): string[] {
  const { name, backward, states, gates, weights, diagnosis, recurrentKernels, truncation } = layer;
  const cuts = truncation?.cuts ?? [];
  const mask = layer.mask && rowOf(layer.mask, example);
  const gradients = Object.entries(states).flatMap(([state, { gradientNorms, throughTimeNorms }]): Curve[] => [
    { name: `‖∂J/∂${state}(t)‖`, values: gradientNorms },
    { name: `through time, ${state}`, values: throughTimeNorms, dashed: true },
  ]);
  const shares = Object.entries(weights).map(([weight, { norms }]): Curve => ({ name: weight, values: norms }));
  const maps = [
    ...Object.entries(states).map(([state, { values }]) => heatMap(state, values, example, labels, mask)),
    ...Object.entries(gates).map(([gate, values]) => heatMap(gate, values, example, labels, mask)),
  ];
  return [
    `<h3>${escapeHtml(name)}${backward ? ", from the end" : ""}</h3>`,
    `<p class="${diagnosis.kind}">${escapeHtml(diagnosis.text)}</p>`,
    ...recurrentKernels.map((kernel) => `<p>${escapeHtml(kernelText(kernel))}</p>`),
    ...(truncation
      ? [
          `<p>Gradients reach back ${counted(truncation.window, "step")}, cut every ${truncation.stride}: see the lines.</p>`,
        ]
      : []),
    figure("gradient that arrives at each step", curvePlot(gradients, { labels, mask, cuts, logarithmic: true })),
    figure(
      "‖∂J/∂W(t)‖: what each step adds to the gradient of each weight",
      curvePlot(shares, { labels, mask, cuts, logarithmic: true }),
    ),
    '<div class="maps">',
    ...maps,
    "</div>",
  ];
}

function kernelText({ weight, blocks }: KernelInspection): string {
  const radii = blocks.map(
    ({ name, spectralRadius }) => `${name === weight ? "" : `${name} `}${spectralRadius.toFixed(3)}`,
  );
  return `spectral radius of ${weight}: ${radii.join(", ")}`;
}

const figure = (caption: string, drawing: string): string =>
  `<figure><figcaption>${escapeHtml(caption)}</figcaption>${drawing}</figure>`;

/** Values −1 … 1 as bytes, a column for each step; the script on the page draws them. */
function heatMap(
  name: string,
  values: Tensor,
  example: number,
  labels: readonly string[],
  mask?: readonly number[],
): string {
  const [, steps = 0, ...rest] = values.shape;
  const units = rest.reduce((product, size) => product * size, 1);
  const row = rowOf(values, example);
  const level = (value: number) => Math.max(-127, Math.min(127, Math.round(value * 127)));
  const data = JSON.stringify({ steps, units, values: row.map(level), mask, labels: labels.map(visibleLine) });
  return figure(
    name,
    `<canvas width="${steps}" height="${units}" data-map="${escapeHtml(data)}"></canvas><output></output>`,
  );
}

/** The numbers of one example of a batch-first tensor. */
function rowOf({ data, shape }: Tensor, example: number): number[] {
  const size = data.length / shape[0]!;
  return Array.from(data.slice(example * size, (example + 1) * size));
}
