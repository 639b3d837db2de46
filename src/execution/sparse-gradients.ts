/**
 * Sparse gradients of tables of which a batch names few rows, such as an embedding's: kept as ids and rows, since nearly all numbers of the table
 * would be zeros. Rows of one id are added up under the first that names it; a row that was not named has a gradient of zeros, and is
 * left alone where that changes nothing. The numbers are those of a gradient of the whole table, except for the order of additions.
 */
import { viewedNode } from "../compiler/viewed.js";
import {
  concat,
  firstPositions,
  flush,
  type GatherAttributes,
  gather,
  isOp,
  type LeafAttributes,
  leafOp,
  maximum,
  type Node,
  notEqual,
  ones,
  reshape,
  scatterAdd,
  scatterAddOp,
  slice,
  variable,
  where,
} from "../equations/index.js";
import type { Optimizer, UpdateContext, UpdateResult } from "../optimizers/index.js";
import { type Shape, sizeOf } from "../tensor/shape.js";
import { type GradientForm, maxSparseIds } from "./gradient-form.js";
import type { Parameter } from "./network-weights.js";
import { shardName } from "./shard-names.js";
import type { Variables } from "./variables.js";

/** rows[i, :] is added to the gradient's row ids[i]; ids may repeat. */
export interface RowGradient {
  /** [count], int */
  readonly ids: Node;
  /** [count, width] */
  readonly rows: Node;
}

/** The gradient of a parameter in one shard, and the form in which all shards of the batch keep it. */
export interface ShardGradient {
  readonly parameter: Parameter;
  readonly whole: Node;
  readonly rows: RowGradient | undefined;
  readonly form: GradientForm;
}

/** The rows that make up a gradient; undefined for another gradient, or one that may concern the whole weight. */
export function rowGradientOf({ regularizer, constraint }: Parameter, gradient: Node): RowGradient | undefined {
  if (regularizer || constraint || !isOp<GatherAttributes>(gradient, scatterAddOp)) return undefined;
  const [ids, source, base] = gradient.inputs as [Node, Node, Node?];
  if (base || gradient.attributes.perRow !== 0 || !isData(viewedNode(ids))) return undefined;
  const count = sizeOf(ids.shape);
  return { ids: reshape(ids, [count]), rows: reshape(source, [count, gradient.shape[1]!]) };
}

/** True for ids of the data: their number is the same for each example, so that all shards know the forms of the others. */
function isData(node: Node): boolean {
  return isOp<LeafAttributes>(node, leafOp) && node.attributes.role === "input";
}

/** The variables in which a shard leaves the rows of a gradient. @param count number of rows */
export function rowsOfShard(shard: number, { id, shape }: Parameter, count: number): RowGradient {
  const [rows, width] = shape as [number, number];
  const capacity = maxSparseIds(rows);
  const [ids, values] = [
    variable(shardName(shard, `${id}/ids`), [capacity], "int"),
    variable(shardName(shard, `${id}/rows`), [capacity, width]),
  ];
  return { ids: slice(ids, 0, 0, count), rows: slice(values, 0, 0, count) };
}

/** The rows of a gradient added up, each under the index of the first id that names it. */
export interface RowTotals {
  /** [count + 1, width]; the last row is zeros, and so is that of every id that was named before. */
  readonly totals: Node;
  /** For each row of the table the index of its total: [rows], int. */
  readonly places: Node;
}

/** Adds up the rows of the shards, in their order. @param rows of the table */
export function totalRows(parts: readonly RowGradient[], rows: number): RowTotals {
  const ids = concat(parts.map((part) => part.ids));
  const count = ids.shape[0]!;
  const places = firstPositions(ids, rows);
  const first = reshape(gather(reshape(places, [rows, 1]), ids), [count]);
  let start = 0;
  const totals = parts.reduce<Node | undefined>((sum, part) => {
    const [size, width] = part.rows.shape as [number, number];
    start += size;
    return scatterAdd(slice(first, 0, start - size, size), part.rows, [count + 1, width], 0, sum);
  }, undefined);
  return { totals: totals!, places };
}

/** Update of a weight. Averages of a word that is never seen again are flushed: they would halve without end. */
export function updated(optimizer: Optimizer, context: UpdateContext): UpdateResult {
  const { weight, slots } = optimizer.update(context);
  return { weight, slots: eachSlot(slots, flush) };
}

/**
 * The same by the totals of rows; the rows of a table that cannot change are left alone.
 *
 * @param context its gradient is the totals
 * @param places of the rows of the weight
 * @param seen see `seenAfter`
 */
export function updatedByRows(
  optimizer: Optimizer,
  { gradient: totals, ...context }: UpdateContext,
  places: Node,
  seen: Node | undefined,
): UpdateResult {
  const { weight, slots } = context;
  const result = updated(optimizer, { ...context, gradient: gather(totals, places) });
  const changing = optimizer.zeroGradientIsNoOp === "always" ? namedRows(places, totals) : seen;
  if (!changing) return result;
  return {
    weight: where(changing, result.weight, weight),
    slots: eachSlot(result.slots, (slot, name) => where(changing, slot, slots[name]!)),
  };
}

/** The rows that have a total: [rows, 1], 0 or 1. */
function namedRows(places: Node, totals: Node): Node {
  return reshape(notEqual(places, totals.shape[0]! - 1), [places.shape[0]!, 1]);
}

function eachSlot(slots: UpdateContext["slots"], make: (slot: Node, name: string) => Node): Record<string, Node> {
  return Object.fromEntries(Object.entries(slots).map(([name, slot]) => [name, make(slot, name)]));
}

const SEEN = "seen rows/";

/**
 * The rows of a table that were named so far: [rows, 1], 0 or 1; undefined if the gradient is not a table's, or the optimizer does not need it.
 */
export function seenRows(optimizer: Optimizer, { id, shape }: Parameter, form: GradientForm): Node | undefined {
  if (form.kind === "dense" || optimizer.zeroGradientIsNoOp !== "whileSlotsAreZero") return undefined;
  return variable(`${SEEN}${optimizer.name}/${id}`, [shape[0]!, 1]);
}

/** `seenRows` after a step: those with totals too, or possibly all where there are none. */
export function seenAfter(seen: Node, places: Node | undefined, totals: Node): Node {
  return places ? maximum(seen, namedRows(places, totals)) : ones(seen.shape);
}

/** True for a variable of `seenRows`. */
export function isSeen(name: string): boolean {
  return name.startsWith(SEEN);
}

/** Values of such a variable that fit the slots: rows in which a slot is not 0 count as named. */
export function seenInSlots(name: string, [rows = 0]: Shape, variables: Variables): Float64Array {
  const prefix = `${name.slice(SEEN.length)}/`;
  const seen = new Float64Array(rows);
  for (const slot of variables.names()) {
    if (!slot.startsWith(prefix) || slot.includes("/", prefix.length)) continue;
    const values = variables.read(slot);
    const width = values.length / rows;
    for (let i = 0; i < values.length; i++) if (values[i] !== 0) seen[Math.floor(i / width)] = 1;
  }
  return seen;
}
