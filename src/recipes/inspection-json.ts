/** Inspections as plain JSON: tensors become flat lists with their shapes. */
import type { Inspection } from "../inspection/index.js";

/** An inspection as JSON holds it. */
export function plainInspection(inspection: Inspection): object {
  const plain = (value: unknown): unknown => (ArrayBuffer.isView(value) ? Array.from(value as Float64Array) : value);
  return JSON.parse(JSON.stringify(inspection, (_, value) => plain(value))) as object;
}
