/**
 * Device of one model: programs use the model's names of variables, which may have other names where several models keep their
 * numbers on one device. Variables that only programs know, such as gradients that threads leave for one another, belong to the model too.
 */
import type { Program } from "../compiler/program.js";
import { checkNewVariable } from "../engines/check-arguments.js";
import type { Device, Engine, Executable, LoadOptions, ProgramRun, VariableSpec } from "../engines/engine.js";
import type { NumberStore, StoredVariable } from "./number-store.js";

export class ModelDevice implements Device {
  readonly store: NumberStore;
  readonly #kept: ReadonlyMap<string, StoredVariable>;
  readonly #scratch: Map<string, StoredVariable>;
  /** Variables that a program reads and writes live as long as the program. */
  readonly #held = new WeakMap<Executable, { readonly program: Program; readonly used: readonly StoredVariable[] }>();
  /** The number of loaded programs that use each variable which only programs know. */
  readonly #users = new Map<string, number>();

  /**
   * @param kept the model's numbers by its names for them; more may come
   * @param scratch variables that only programs know; those that programs ask for are added
   */
  constructor(store: NumberStore, kept: ReadonlyMap<string, StoredVariable>, scratch: Map<string, StoredVariable>) {
    this.store = store;
    this.#kept = kept;
    this.#scratch = scratch;
  }

  get engine(): Engine {
    return this.store.engine;
  }

  createVariable(spec: VariableSpec): void {
    checkNewVariable(spec.name, this.hasVariable(spec.name));
    this.#scratch.set(spec.name, this.store.create(spec));
  }

  hasVariable(name: string): boolean {
    return this.#find(name) !== undefined;
  }

  readVariable(name: string): Float32Array | Float64Array | Int32Array {
    return this.store.device.readVariable(this.#nameOf(name));
  }

  fillVariable(name: string, write: (values: Float32Array | Float64Array) => void): void {
    this.store.device.fillVariable(this.#nameOf(name), write);
  }

  writeVariable(name: string, values: ArrayLike<number>): void {
    this.store.device.writeVariable(this.#nameOf(name), values);
  }

  removeVariable(name: string): void {
    this.#scratch.delete(name);
  }

  async load(program: Program, options?: LoadOptions): Promise<Executable> {
    const used = program.variables.flatMap(({ name }) => this.#find(name) ?? []);
    // Counted before anything waits: variables that are about to be used stay.
    this.#count(program, 1);
    try {
      const executable = await this.store.device.load(this.#renamed(program), options);
      this.#held.set(executable, { program, used });
      return executable;
    } catch (error) {
      this.#count(program, -1);
      throw error;
    }
  }

  unload(executable: Executable): void {
    this.store.device.unload(executable);
    this.#count(this.#held.get(executable)!.program, -1);
    this.#held.delete(executable);
  }

  /** Variables that only programs know are removed with the last of these. */
  #count({ variables }: Program, change: 1 | -1): void {
    for (const { name } of variables) {
      if (!this.#scratch.has(name)) continue;
      const users = (this.#users.get(name) ?? 0) + change;
      this.#users.set(name, users);
      if (users > 0) continue;
      this.#users.delete(name);
      this.removeVariable(name);
    }
  }

  threads(): Promise<number> {
    return this.store.device.threads();
  }

  startThreads(count: number): Promise<void> {
    return this.store.device.startThreads(count);
  }

  runTogether(runs: readonly ProgramRun[]): void {
    this.store.device.runTogether(runs);
  }

  #find(name: string): StoredVariable | undefined {
    return this.#kept.get(name) ?? this.#scratch.get(name);
  }

  /** Name of a variable on the device; for an unknown one the device throws. */
  #nameOf(name: string): string {
    return this.#find(name)?.name ?? name;
  }

  #renamed(program: Program): Program {
    if (program.variables.every(({ name }) => this.#nameOf(name) === name)) return program;
    const variables = program.variables.map((port) => ({ ...port, name: this.#nameOf(port.name) }));
    const buffers = program.buffers.map((buffer) =>
      buffer.role === "variable" ? { ...buffer, name: this.#nameOf(buffer.name!) } : buffer,
    );
    return { ...program, variables, buffers };
  }
}
