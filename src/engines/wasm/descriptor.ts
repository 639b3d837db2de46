/**
 * Descriptors: blocks of 32-bit words that tell a kernel where its operands lie and how large they are. A layout, made once with the kernel
 * from its fields in order, is the only place that knows their positions: lowering writes words with it, kernels read them with it.
 */

import type { Operand } from "../../compiler/program.js";
import { type Assembler, type I32, subroutine, type WasmFunction } from "./assembler.js";
import { type Address, type PointerWords, type RowWords, rowWords, type Word } from "./call.js";
import type { StackVar } from "./function-code.js";
import { i32 } from "./instructions.js";

/**
 * Kind of a field: a number; an address; a pointer, which is two words; or rows, a pointer and the distance of rows (call.ts). Fields with a
 * question mark may be undefined: their words are 0, and the kernel does not read them.
 */
export type FieldKind = "word" | "address" | "pointer" | "pointer?" | "rows" | "rows?";

/** Fields by name, in the order of their words. */
export type Fields = Readonly<Record<string, FieldKind>>;

interface Values {
  readonly word: number;
  readonly address: Address;
  readonly pointer: Operand | PointerWords;
  readonly "pointer?": Operand | undefined;
  readonly rows: Operand | RowWords;
  readonly "rows?": Operand | undefined;
}

/** A value for every field. */
export type ValuesOf<Layout extends Fields> = { readonly [Name in keyof Layout]: Values[Layout[Name]] };
/** Names of the fields of these kinds. */
type NamesOf<Layout extends Fields, Kind extends FieldKind> = {
  [Name in keyof Layout]: Layout[Name] extends Kind ? Name : never;
}[keyof Layout];
type NoFields = Readonly<Record<never, never>>;
/** Numbers where no field holds an address. */
type WordOf<Layout extends Fields> = [Layout[keyof Layout]] extends ["word"] ? number : Word;

/** @param item the fields of each item of a list that follows the other fields */
/* @__NO_SIDE_EFFECTS__ */ export function descriptor<const Own extends Fields, const Item extends Fields = NoFields>(
  fields: Own,
  item?: Item,
): DescriptorLayout<Own, Item> {
  return new DescriptorLayout(fields, item && new DescriptorLayout(item));
}

export class DescriptorLayout<Own extends Fields, Item extends Fields = NoFields> {
  /** Number of words, without those of items. */
  readonly size: number;
  /** The position of each field's first word. */
  readonly at: { readonly [Name in keyof Own]: number };

  constructor(
    private readonly fields: Own,
    private readonly item?: DescriptorLayout<Item>,
  ) {
    let size = 0;
    const at: Record<string, number> = {};
    for (const [name, kind] of Object.entries(fields)) {
      at[name] = size;
      size += wordsOf(kind);
    }
    this.size = size;
    this.at = at as { readonly [Name in keyof Own]: number };
  }

  /** The same fields and these after them. */
  extended<const More extends Fields>(more: More): DescriptorLayout<Own & More, Item> {
    return new DescriptorLayout({ ...this.fields, ...more }, this.item);
  }

  /** The words of a descriptor. */
  words(values: ValuesOf<Own>, items: readonly ValuesOf<Item>[] = []): WordOf<Own>[] {
    const words = Object.entries(this.fields).flatMap(([name, kind]): readonly Word[] => {
      const value = values[name] as Word | readonly Word[] | Operand | undefined;
      if (value === undefined) return new Array<number>(wordsOf(kind)).fill(0);
      if (typeof value === "object" && "strides" in value) return rowWords(value).slice(0, wordsOf(kind));
      return [value].flat();
    });
    return [...words, ...items.flatMap((each) => this.item!.words(each))] as WordOf<Own>[];
  }

  /** Reads a descriptor at `address`, in a kernel. @param t the iteration of the enclosing loop, by which pointers are moved */
  reader(asm: Assembler, address: I32, t: I32 | number = 0): DescriptorReader<Own, Item> {
    return this.readerFrom(0, asm, address, t);
  }

  /** @param first the position of the first word */
  private readerFrom(first: number, asm: Assembler, address: I32, t: I32 | number): DescriptorReader<Own, Item> {
    const load = (name: keyof Own, further = 0) => i32.load({ offset: 4 * (first + this.at[name] + further) }, address);
    return {
      load: (name) => load(name),
      word: (name) => asm.integer(load(name)),
      pointer: (name) => {
        const moved = i32.mul(load(name, 1), t);
        return asm.integer(i32.add(moved, load(name)));
      },
      distance: (name) => asm.integer(load(name, 2)),
      item: (index) => this.item!.readerFrom(first + this.size + index * this.item!.size, asm, address, t),
    };
  }
}

/** Appends to a kernel what loads a field, each time that it is called. */
export interface DescriptorReader<Own extends Fields, Item extends Fields = NoFields> {
  /** A word on the stack. */
  load(name: NamesOf<Own, "word" | "address">): StackVar<"i32">;
  /** A word in a fresh local. */
  word(name: NamesOf<Own, "word" | "address">): I32;
  /** An address moved to the iteration t, in a fresh local. */
  pointer(name: NamesOf<Own, "pointer" | "pointer?" | "rows" | "rows?">): I32;
  /** The bytes from row to row, in a fresh local. */
  distance(name: NamesOf<Own, "rows" | "rows?">): I32;
  /** The item of that number. */
  item(index: number): DescriptorReader<Item>;
}

function wordsOf(kind: FieldKind): number {
  return kind.startsWith("rows") ? 3 : kind.startsWith("pointer") ? 2 : 1;
}

/** A kernel: run by the runner of a program with its descriptor's address and the loop's t. */
export function kernel<Own extends Fields, Item extends Fields>(
  relaxed: boolean,
  layout: DescriptorLayout<Own, Item>,
  build: (asm: Assembler, descriptor: DescriptorReader<Own, Item>, t: I32) => void,
): WasmFunction {
  return subroutine(relaxed, 2, (asm, [address, t]) => build(asm, layout.reader(asm, address!, t!), t!));
}
