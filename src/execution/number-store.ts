/**
 * Number store of models that share weights. The numbers are on the host until an engine is needed, then in the memory of one device. Here a variable
 * has a unique name; a model's names for its variables are in `Variables`.
 */
import type { DType } from "../compiler/program.js";
import type { Device, Engine } from "../engines/engine.js";
import { StateError } from "../errors.js";
import { type Shape, sizeOf } from "../tensor/shape.js";
import { countedName } from "./counted-name.js";
import { workOf } from "./device-work.js";

type Values = Float32Array | Float64Array | Int32Array;

/** The first values of a variable: numbers, or a function that writes them where they will stay. */
export type FirstValues = ArrayLike<number> | ((into: Float32Array | Float64Array) => void);

/** Bytes on the host beyond which a device is made at once, so that numbers are not copied. */
const LARGE = 2 ** 26;

/** Description of a new variable. */
export interface NewVariable {
  /** Its name, unless another variable of the store has it. */
  readonly name: string;
  readonly shape: Shape;
  readonly dtype?: DType;
}

/** Place of a variable. It changes when its store moves into another. */
interface VariableRecord {
  store: NumberStore;
  name: string;
  readonly shape: Shape;
  readonly dtype: DType;
  /** Its values while there is no device. */
  waiting: Values | undefined;
}

/** Gives memory back when a variable is no longer held. */
const unheld = /* @__PURE__ */ new FinalizationRegistry<VariableRecord>((record) => record.store.drop(record));

/** One variable of a store. It lives as long as this object is held: by a model, a layer, a program. */
export class StoredVariable {
  readonly #record: VariableRecord;

  constructor(record: VariableRecord) {
    this.#record = record;
    unheld.register(this, record);
  }

  get store(): NumberStore {
    return this.#record.store;
  }

  /** Its name in the store, and on the device. */
  get name(): string {
    return this.#record.name;
  }

  get shape(): Shape {
    return this.#record.shape;
  }

  /** A copy, in the engine's precision. */
  read(): Values {
    return this.#record.store.read(this.#record);
  }

  write(values: ArrayLike<number>): void {
    this.#record.store.write(this.#record, values);
  }
}

export class NumberStore {
  readonly engine: Engine;
  readonly #records = new Map<string, VariableRecord>();
  #device: Device | undefined;
  /** Number of calls that prepare data, before they are in the queue of the device. */
  #holds = 0;

  constructor(engine: Engine) {
    this.engine = engine;
  }

  /** Adds a variable. @param values its first values; default zeros */
  create({ name, shape, dtype = "float" }: NewVariable, values?: FirstValues): StoredVariable {
    const record: VariableRecord = { store: this, name: this.#uniqueName(name), shape, dtype, waiting: undefined };
    this.#put(record, values);
    return new StoredVariable(record);
  }

  #uniqueName(name: string): string {
    return countedName(name, this.#records);
  }

  #put(record: VariableRecord, values: FirstValues | undefined): void {
    if (!this.#device && this.#bytesWith(record) > LARGE) this.device;
    this.#records.set(record.name, record);
    if (this.#device) {
      this.#device.createVariable(record);
      if (typeof values === "function") this.#device.fillVariable(record.name, values);
      else if (values) this.#device.writeVariable(record.name, values);
      return;
    }
    record.waiting = this.#array(record);
    if (typeof values === "function") values(record.waiting as Float32Array | Float64Array);
    else if (values) record.waiting.set(values);
  }

  #bytesWith({ shape }: VariableRecord): number {
    return (this.engine.precision / 8) * (this.size + sizeOf(shape));
  }

  #array({ shape, dtype }: VariableRecord): Values {
    const size = sizeOf(shape);
    if (dtype === "int") return new Int32Array(size);
    return this.engine.precision === 64 ? new Float64Array(size) : new Float32Array(size);
  }

  read({ name, waiting }: VariableRecord): Values {
    return waiting ? waiting.slice() : this.#device!.readVariable(name);
  }

  write(record: VariableRecord, values: ArrayLike<number>): void {
    if (record.waiting) record.waiting.set(values);
    else this.#device!.writeVariable(record.name, values);
  }

  /** Forgets a variable. */
  drop({ name }: Pick<VariableRecord, "name">): void {
    if (this.#records.delete(name)) this.#device?.removeVariable(name);
  }

  /** The device, made when first asked for. */
  get device(): Device {
    if (!this.#device) {
      this.#device = this.engine.createDevice();
      for (const record of this.#records.values()) {
        this.#device.createVariable(record);
        this.#device.writeVariable(record.name, record.waiting!);
        record.waiting = undefined;
      }
    }
    return this.#device;
  }

  /** True if its numbers are on a device. */
  get hasDevice(): boolean {
    return this.#device !== undefined;
  }

  /** True while calls of its models run or wait: then the numbers must not move. */
  get isBusy(): boolean {
    return this.#device !== undefined && !workOf(this.#device).calls.idle;
  }

  /** True while calls of its models run, wait or prepare data: then nobody else may change the numbers. */
  get isInUse(): boolean {
    return this.#holds > 0 || this.isBusy;
  }

  /** Counts a call of its models that prepares data; −1 when that has ended. */
  hold(change: 1 | -1): void {
    this.#holds += change;
  }

  /** Takes over the calls that another store counts, whose models have come to this one. */
  takeHolds(other: NumberStore): void {
    if (other === this) return;
    this.#holds += other.#holds;
    other.#holds = 0;
  }

  /** The number of values that it holds. */
  get size(): number {
    return [...this.#records.values()].reduce((size, { shape }) => size + sizeOf(shape), 0);
  }

  /** Takes over all variables of another store, which is empty afterwards. */
  #absorb(other: NumberStore): void {
    for (const record of other.#records.values()) {
      const values = other.read(record);
      record.store = this;
      record.name = this.#uniqueName(record.name);
      this.#put(record, values);
    }
    other.#records.clear();
    this.takeHolds(other);
  }

  /**
   * One store for the variables of several: that with a device and the most numbers; the others' variables move there. A store whose models compute stays.
   *
   * @throws StateError when their engines differ, or several of them compute
   */
  static joined(stores: readonly NumberStore[]): NumberStore {
    const [first, ...rest] = [...new Set(stores)].sort(
      (a, b) => Number(b.isBusy) - Number(a.isBusy) || Number(b.hasDevice) - Number(a.hasDevice) || b.size - a.size,
    ) as [NumberStore, ...NumberStore[]];
    const stranger = rest.find(({ engine }) => engine !== first.engine);
    if (stranger) throw differentEngines(first.engine, stranger.engine);
    if (rest.some(({ isBusy }) => isBusy)) {
      throw new StateError(
        "Models that share layers compute on one device, so the numbers of one of them must move, but all of them are computing. Await their calls " +
          "(fit, evaluate, predict) before you make a model that has layers of both.",
      );
    }
    for (const other of rest) first.#absorb(other);
    return first;
  }
}

/** The error for weights that would be on two engines. */
export function differentEngines(one: Engine, other: Engine): StateError {
  const names = one.name === other.name ? `two different "${one.name}" engines` : `"${one.name}" and "${other.name}"`;
  return new StateError(
    `Models that share layers must compute with the same engine, but these have ${names}. Give every model the same engine object, or make ` +
      "separate layers for each model and copy the weights: other.setWeights(model.getWeights()).",
  );
}
