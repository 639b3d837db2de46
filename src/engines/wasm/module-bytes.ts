/** Writes a WebAssembly module: functions with all that they call, and the memory and the table that it imports. */
import { type FunctionType, unsigned, type ValueType, type WasmFunction } from "./function-code.js";

export interface ModuleParts {
  /** By name. */
  readonly exports: Readonly<Record<string, WasmFunction>>;
  /** Imported as tavali.memory. */
  readonly memory?: { readonly maximumPages: number; readonly shared: boolean };
  /** Whether tavali.table is imported. */
  readonly table?: boolean;
}

type Bytes = readonly number[];

/** Number 0 of every module, so that calls through the table can name it: (descriptor, t). */
const kernelType: FunctionType = { parameters: ["i32", "i32"], results: [] };

const valueTypes: Readonly<Record<ValueType, number>> = { i32: 0x7f, f32: 0x7d, v128: 0x7b };
const sections = { types: 1, imports: 2, functions: 3, exports: 7, code: 10 };
/** Kinds of imports and exports. */
const kinds = { function: 0, table: 1, memory: 2 };
const HEADER: Bytes = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
const FUNCTION_TYPE = 0x60;
const FUNCREF = 0x70;
const END = 0x0b;

export function moduleBytes({ exports, memory, table }: ModuleParts): Uint8Array<ArrayBuffer> {
  const functions = withCalled(Object.values(exports));
  const numbers = new Map(functions.map((each, number) => [each, number]));
  const types = [...new Set([kernelType, ...functions.map(({ type }) => type)].map((type) => typeBytes(type).join()))];
  const imports: Bytes[] = [];
  if (memory) {
    const limits = [memory.shared ? 3 : 1, 1, ...unsigned(memory.maximumPages)];
    imports.push([...text("tavali"), ...text("memory"), kinds.memory, ...limits]);
  }
  if (table) imports.push([...text("tavali"), ...text("table"), kinds.table, FUNCREF, 0, 0]);
  return Uint8Array.from(
    [
      HEADER,
      section(
        sections.types,
        types.map((type) => type.split(",").map(Number)),
      ),
      section(sections.imports, imports),
      section(
        sections.functions,
        functions.map(({ type }) => unsigned(types.indexOf(typeBytes(type).join()))),
      ),
      section(
        sections.exports,
        Object.entries(exports).map(([name, each]) => [...text(name), kinds.function, ...unsigned(numbers.get(each)!)]),
      ),
      section(
        sections.code,
        functions.map((each) => sized(codeBytes(each, numbers))),
      ),
    ].flat(),
  );
}

/** The functions and all that they call, each once. */
function withCalled(exported: readonly WasmFunction[]): WasmFunction[] {
  const found = new Set(exported);
  for (const { calls } of found) for (const called of calls) found.add(called);
  return [...found];
}

function section(number: number, entries: readonly Bytes[]): Bytes {
  return [number].concat(sized(list(entries)));
}

/** Preceded by their number. */
function list(entries: readonly Bytes[]): Bytes {
  return unsigned(entries.length).concat(...entries);
}

/** Preceded by its length. */
function sized(bytes: Bytes): Bytes {
  return unsigned(bytes.length).concat(bytes);
}

/** In ASCII. */
function text(name: string): Bytes {
  return sized(Array.from(name, (letter) => letter.charCodeAt(0)));
}

function typeBytes({ parameters, results }: FunctionType): Bytes {
  const each = (types: readonly ValueType[]): Bytes => list(types.map((type) => [valueTypes[type]]));
  return [FUNCTION_TYPE, ...each(parameters), ...each(results)];
}

function codeBytes({ locals, body }: WasmFunction, numbers: ReadonlyMap<WasmFunction, number>): Bytes {
  const runs: { type: ValueType; count: number }[] = [];
  for (const type of locals) {
    if (runs.at(-1)?.type === type) runs.at(-1)!.count++;
    else runs.push({ type, count: 1 });
  }
  const bytes = [...list(runs.map(({ type, count }) => [...unsigned(count), valueTypes[type]]))];
  for (const part of body) {
    if (typeof part === "number") bytes.push(part);
    else bytes.push(...unsigned(numbers.get(part)!));
  }
  bytes.push(END);
  return bytes;
}
