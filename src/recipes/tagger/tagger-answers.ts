import { marked } from "../../display/text-styles.js";
import { ConfigError } from "../../errors.js";
import type { FieldValues } from "../fields.js";
import type { Answer } from "../recipe.js";
import { markedLines, spanLines } from "./entity-view.js";
import { tagText } from "./tag-text.js";
import type { tagFields } from "./tagger-fields.js";
import { asTagger, type Tagger } from "./tagger-metadata.js";

export { asTagger as open };

/** Requests that models answer. */
export const use = {
  tag: {
    async answer(tagger: Tagger, { texts = [] }: FieldValues<typeof tagFields>): Promise<Answer> {
      if (texts.length === 0) throw new ConfigError("tag: there are no texts; give one in quotes, or --file.");
      const tagged = await tagText(tagger, texts);
      const types = new Set(tagger.codec.vocabulary.tags.filter((tag) => tag !== "O").map((tag) => tag.slice(2)));
      const labels = [...types].sort();
      return {
        facts: { texts: tagged },
        lines: ({ width }) => {
          const view = { width, style: marked };
          return tagged.flatMap((one) => [...markedLines(one, labels, view), ...spanLines(one, labels, view)]);
        },
      };
    },
  },
};
