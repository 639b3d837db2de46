/** Stacked cells: several cells in one step. */
import type { Node } from "../equations/index.js";
import type { AnyCell, CellDropout } from "./cell.js";

type Named<Value> = Readonly<Record<string, Value>>;

/**
 * One cell of several: within each step every cell reads the output of the one below it, and the last one's is the output. Weights and
 * states are numbered from the bottom: kernel1, h1, kernel2, h2, ….
 *
 * @param cells from the bottom up
 * @param units of each cell
 * @param options of each cell that differ from its defaults
 */
export function stackedCells(
  cells: readonly AnyCell[],
  units: readonly number[],
  options: readonly object[] = [],
): AnyCell {
  const optionsOf = (i: number): object => ({ ...cells[i]!.options, ...options[i] });
  const sizesOf = (i: number, features: number) => ({
    ...optionsOf(i),
    features: i === 0 ? features : units[i - 1]!,
    units: units[i]!,
  });
  /** The records of all cells, with numbered names. */
  const ofAll = <Value>(make: (cell: AnyCell, i: number) => Named<Value>): Named<Value> =>
    Object.assign({}, ...cells.map((cell, i) => rename(make(cell, i), (name) => `${name}${i + 1}`)));

  return {
    name: cells.map(({ name }) => name).join("_"),
    options: {},
    parameters: ({ features }: { features: number }) => ofAll((cell, i) => cell.parameters(sizesOf(i, features))),
    state: ({ features }: { features: number }) => ofAll((cell, i) => cell.state(sizesOf(i, features))),
    step({ x, ...states }: { x: Node } & Named<Node>, weights: Named<Node>, { dropInput, dropState }: CellDropout) {
      let output = x;
      const after = ofAll((cell, i) => {
        const own = (all: Named<Node>, names: object) =>
          Object.fromEntries(Object.keys(names).map((name) => [name, all[`${name}${i + 1}`]]));
        const sizes = sizesOf(i, x.shape[1]!);
        const { output: above, ...next } = cell.step(
          { x: output, ...own(states, cell.state(sizes)) },
          own(weights, cell.parameters(sizes)),
          {
            ...optionsOf(i),
            dropInput: (value: Node, place = "") => dropInput(value, `${place}${i + 1}`),
            dropState: (value: Node, place = "") => dropState(value, `${place}${i + 1}`),
          },
        ) as { output: Node } & Named<Node>;
        output = above;
        return next;
      });
      return { output, ...after };
    },
  };
}

function rename<Value>(record: Named<Value>, to: (name: string) => string): Named<Value> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [to(name), value]));
}
