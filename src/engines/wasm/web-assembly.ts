/** The parts of the WebAssembly API that the engine uses, typed here because the core depends on neither DOM nor Node types. */
export interface Memory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}
export interface Table {
  readonly length: number;
  get(index: number): unknown;
  set(index: number, value: unknown): void;
  grow(entries: number): number;
}
export interface CompiledModule {
  readonly compiled?: never;
}
export interface Instance {
  readonly exports: Readonly<Record<string, unknown>>;
}

interface Api {
  readonly Memory: new (limits: { initial: number; maximum: number; shared: boolean }) => Memory;
  readonly Table: new (limits: { initial: number; element: "anyfunc" }) => Table;
  compile(bytes: Uint8Array): Promise<CompiledModule>;
  validate(bytes: Uint8Array): boolean;
  instantiate(module: CompiledModule, imports: Record<string, Record<string, unknown>>): Promise<Instance>;
}

export const webAssembly = (globalThis as unknown as { WebAssembly: Api }).WebAssembly;
