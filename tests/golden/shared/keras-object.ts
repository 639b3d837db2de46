/** What Keras's files and titles say of its objects, in our words: `{ class_name, config }` and "SGD(0.1, momentum=0.9)". */

/** A config of ours. */
export interface Config {
  readonly type: string;
  readonly [option: string]: unknown;
}

/** An object as Keras writes it. */
export interface KerasObject {
  readonly class_name: string;
  readonly config: Readonly<Record<string, unknown>>;
}

/** `return_sequences` → `returnSequences`, `beta_1` → `beta1`. */
export const camelCase = (name: string) => name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

/** What says nothing about the numbers, what is given beside it (first values of weights), and options that our objects do not have. */
const left =
  /^(name|dtype|trainable|seed|.*initializer|renorm.*|quantization.*|lora.*|.*data_format|sparse|input_length|axis)$/;

/** @param value anything in a config: objects become configs of ours, nulls and falses go */
function ours(value: unknown): unknown {
  return isKerasObject(value) ? configOf(value) : value;
}

/** Whether a value in a config is an object of Keras. */
export const isKerasObject = (value: unknown): value is KerasObject =>
  typeof value === "object" && value !== null && "class_name" in value;

/** The config of ours that describes the same object. An option that is null or false counts as not given. */
export function configOf({ class_name, config }: KerasObject): Config {
  const stated = Object.entries(config).filter(
    ([name, value]) => !left.test(name) && value !== null && (value !== false || onByDefault.test(name)),
  );
  return { type: class_name, ...Object.fromEntries(stated.map(([name, value]) => [camelCase(name), ours(value)])) };
}

/** Options whose false says something. */
const onByDefault = /^(use_bias|unit_forget_bias|reset_after|center|scale)$/;

/** "Huber", "SGD(0.1,momentum=0.9)" or "CTC(reduction=none) seq" as a config. @param order names of the arguments without one */
export function configOfCall(text: string, order: readonly string[] = []): Config {
  const [, name, list = ""] = /(\w+)(?:\((.*)\))?/.exec(text)!;
  const parts = list.match(/(?:\[[^\]]*\]|[^,])+/g) ?? [];
  const options = parts.map((part, i): [string, unknown] => {
    const [key, value] = part.trim().split("=") as [string, string?];
    if (value !== undefined) return [camelCase(key), literal(value)];
    return /^[a-z_]+$/.test(key) ? [camelCase(key), true] : [order[i]!, literal(key)];
  });
  // "(N,1)" behind a name says the shape of the targets and names no option.
  return { type: name!, ...Object.fromEntries(options.filter(([key]) => key !== undefined)) };
}

/** As Python writes them. */
function literal(text: string): unknown {
  if (text === "True" || text === "False") return text === "True";
  return /^[[\d.+-]/.test(text) ? JSON.parse(text.replace(/\.(?=$|,|\])/g, ".0")) : text;
}
