import { comparison, type Line, type TextView } from "../../display/lines.js";
import { thousands, visible } from "../../display/text-layout.js";
import { marked } from "../../display/text-styles.js";
import { ConfigError } from "../../errors.js";
import type { FieldValues } from "../fields.js";
import { plainInspection } from "../inspection-json.js";
import type { Answer, Asking, InspectionAnswer } from "../recipe.js";
import { completeText } from "./complete-text.js";
import { type GeneratedText, generateText } from "./generate-text.js";
import { inspectLanguageModel } from "./inspect-language.js";
import type { completeFields, generateFields, scoreFields } from "./language-fields.js";
import { asLanguageModel, type LanguageModel } from "./language-metadata.js";
import { scoreText, type TextScore } from "./score-text.js";
import { inspectionLines, scoreLines } from "./score-view.js";

export { asLanguageModel as open };

/** Requests that models answer. */
export const use = {
  generate: {
    async answer(lm: LanguageModel, request: FieldValues<typeof generateFields>, asking: Asking): Promise<Answer> {
      refuseIdle(request, asking);
      const { onPart, signal } = asking;
      const given = Object.entries(request).filter(([, value]) => value !== undefined);
      await onPart?.(request.prompt ?? "", true);
      const made = await generateText(lm, {
        ...Object.fromEntries(given),
        ...(onPart && { onText: (part: string) => onPart(part) }),
        ...(signal && { signal }),
      });
      return { facts: made, lines: (view) => generatedLines(made, lm.codec.kind, view) };
    },
  },
  complete: {
    async answer(lm: LanguageModel, { text, count }: FieldValues<typeof completeFields>): Promise<Answer> {
      const completions = await completeText(lm, text, count);
      const rows = completions.map(({ word, probability }) => ({ name: word, value: probability }));
      const none = ["  The model knows no word that begins so."];
      return {
        facts: { text, completions },
        lines: ({ width }) => (rows.length === 0 ? none : comparison(width, rows, 0)),
      };
    },
  },
  score: {
    async answer(lm: LanguageModel, { texts }: FieldValues<typeof scoreFields>): Promise<Answer> {
      const scores: TextScore[] = [];
      for (const text of texts) scores.push(await scoreText(lm, text));
      return {
        facts: { scores },
        lines: ({ width }) =>
          scores.flatMap((one, i) => [...(i > 0 ? [""] : []), ...scoreLines(one, lm.codec.kind, width)]),
      };
    },
  },
};

/** Values for drawing where nothing is drawn. @throws ConfigError naming them */
function refuseIdle(request: FieldValues<typeof generateFields>, { nameOf }: Asking): void {
  const { temperature, beam = 1 } = request;
  if (temperature !== 0 && beam === 1) return;
  const idle = (["topK", "topP", "seed"] as const).filter((name) => request[name] !== undefined).map(nameOf);
  if (idle.length === 0) return;
  const reason =
    beam > 1
      ? `${nameOf("beam")} ${beam} looks for the most probable text`
      : `${nameOf("temperature")} 0 takes the likeliest`;
  throw new ConfigError(
    `generate: ${reason}, and nothing is drawn that ${idle.join(", ")} could change; leave out one or the other.`,
  );
}

function generatedLines(
  { prompt, text, unknown }: GeneratedText,
  kind: string,
  { streamed = false }: TextView,
): Line[] {
  const note = `  ${thousands(unknown)} of the prompt's ${kind} are not known to the model.`;
  return [
    ...(streamed ? [] : [{ text: `${marked("bold", prompt)}${text}\n` }]),
    ...(unknown > 0 ? [marked("dim", note)] : []),
  ];
}

/** The loss of every token, states and gradients. */
export async function inspect(lm: LanguageModel, text: string): Promise<InspectionAnswer> {
  const found = await inspectLanguageModel(lm, text);
  const { inspection, ...rest } = found;
  const tokens = found.tokens.map(visible);
  const { loss, stepLosses } = inspection;
  return {
    facts: { ...rest, tokens, ...plainInspection(inspection) },
    lines: (view) => inspectionLines(found, view),
    numbers: { loss, stepLosses },
    inspection,
    part: { title: text, labels: tokens },
  };
}
