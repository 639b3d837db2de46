/** Errors → one clear line for people and an exit code for machines: 1 for failures, 2 for wrong usage, 130 for Ctrl-C. */
import { CommanderError } from "commander";
import { ConfigError, TavaliError, UsageError } from "../errors.js";

/** Thrown when the user interrupted and nothing is left to say. */
export class Interrupted extends Error {}

/** The result of checking what was typed. @throws UsageError for a ConfigError */
export async function usage<Result>(check: () => Result | Promise<Result>): Promise<Result> {
  try {
    return await check();
  } catch (error) {
    throw error instanceof ConfigError ? new UsageError(error.message, { cause: error }) : error;
  }
}

/** The line to print, or undefined when it was printed already or there is nothing to say. */
export function explainError(error: unknown, env = process.env): string | undefined {
  if (error instanceof CommanderError) return undefined;
  if (env.TAVALI_DEBUG === "1" && error instanceof Error) return error.stack;
  if (error instanceof Interrupted) return "tavali: interrupted.";
  const text = oneLine(error instanceof Error ? error.message : String(error));
  if (error instanceof TavaliError) return `tavali: ${text}`;
  return `tavali: an error that should not happen: ${text}. Set TAVALI_DEBUG=1 to see where, and please report it.`;
}

export function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof UsageError) return 2;
  return error instanceof Interrupted ? 130 : 1;
}

/** Line breaks and what surrounds them become one space. */
export function oneLine(text: string): string {
  return text.trim().replace(/(?<!\s)\s*\n\s*/g, " ");
}
