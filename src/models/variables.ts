/** The numbers a model keeps. They live on the host until an engine is needed, then on its device. */
import type { Device, Engine } from "../engines/engine.js";
import { StateError } from "../errors.js";
import { type Shape, sizeOf } from "../tensor/shape.js";

type Values = Float32Array | Float64Array | Int32Array;

export class Variables {
  readonly #engine: Engine;
  readonly #shapes = new Map<string, Shape>();
  readonly #waiting = new Map<string, Float64Array>();
  #device: Device | undefined;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** Adds a variable with its first values. */
  create(name: string, shape: Shape, values: ArrayLike<number>): void {
    this.#shapes.set(name, shape);
    this.#waiting.set(name, Float64Array.from(values));
    if (this.#device) this.#move(this.#device);
  }

  has(name: string): boolean {
    return this.#shapes.has(name);
  }

  names(): string[] {
    return [...this.#shapes.keys()];
  }

  shape(name: string): Shape {
    const shape = this.#shapes.get(name);
    if (!shape)
      throw new StateError(
        `The model keeps no numbers called "${name}"; it has ${this.names().join(", ") || "none yet"}.`,
      );
    return shape;
  }

  /** A copy, in the engine's precision. */
  read(name: string): Values {
    this.shape(name);
    if (this.#device) return this.#device.readVariable(name);
    const values = this.#waiting.get(name)!;
    return this.#engine.precision === 64 ? values.slice() : Float32Array.from(values);
  }

  write(name: string, values: ArrayLike<number>): void {
    const size = sizeOf(this.shape(name));
    if (values.length !== size) throw new StateError(`"${name}" holds ${size} numbers, received ${values.length}.`);
    if (this.#device) this.#device.writeVariable(name, values);
    else this.#waiting.set(name, Float64Array.from(values));
  }

  /** The device, made when first asked for. */
  get device(): Device {
    if (!this.#device) {
      this.#device = this.#engine.createDevice();
      this.#move(this.#device);
    }
    return this.#device;
  }

  #move(device: Device): void {
    for (const [name, values] of this.#waiting) {
      device.createVariable({ name, shape: this.#shapes.get(name)!, dtype: "float" });
      device.writeVariable(name, values);
    }
    this.#waiting.clear();
  }
}
