/** Inspection: gradients through time as data, as plots, and as a page. */
export type { Diagnosis } from "./diagnose.js";
export { spectralRadius } from "./eigenvalues.js";
export { type InspectOptions, inspect } from "./inspect.js";
export type {
  Inspection,
  KernelInspection,
  LayerInspection,
  StateInspection,
  TruncationInspection,
  WeightInspection,
} from "./inspection.js";
export { inspectionPage, type PagePart } from "./inspection-page.js";
export { type ResponsiveUnit, responsiveUnits } from "./responsive-units.js";
