import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { normalizePersian, type PersianOptions } from "./index.js";

const half = "\u200c";

describe("normalizePersian", () => {
  it.each<[what: string, from: string, to: string]>([
    ["Arabic yeh and kaf", "كتابي كه علي مى خواست", `کتابی که علی می${half}خواست`],
    ["forms of heh", "خانۀ ما، هٔ، ة، ھمہ", "خانه ما، ه، ه، همه"],
    ["hamza's seats", "متأسفانه مؤثر إسلام ٱ", "متاسفانه موثر اسلام ا"],
    ["letters that stay", "آب، مسئله، جزء، پژواک گچ", "آب، مسئله، جزء، پژواک گچ"],
    ["a yeh with hamza, however it is written", "مسی\u0654له مسي\u0654له مسى\u0654له", "مسئله مسئله مسئله"],
    ["vowel signs and tatweel", "واقعاً مُحَمَّد ســـلام قرآن", "واقعا محمد سلام قرآن"],
    ["an alef with madda of two codes", "ا\u0653ب", "آب"],
    ["forms for display", "ﺳﻼﻡ ﷼", "سلام ریال"],
    ["direction marks and joiners", "سيستم\u200e \u200eعالي ه\u200d \ufeffx", "سیستم عالی ه x"],
    [
      "half-spaces in a row, at edges and beside marks",
      `می${half}${half}رود${half} ${half}و${half}، CD${half}ها`,
      `می${half}رود و، CD${half}ها`,
    ],
    [
      "half-spaces behind letters that never join",
      `دا${half}ر بندر${half}ها کار${half}خانه شی${half}ء کتاب${half}ها می${half}رود`,
      `دار بندرها کارخانه شیء کتاب${half}ها می${half}رود`,
    ],
    ["such a half-space before an ending", "ا¬ي های", `ای${half}های`],
    ["endings behind such letters", "بندر ها، آزاد ترین، دانشجو های", "بندرها، آزادترین، دانشجوهای"],
    ["half-spaces of old keyboards", "می\u00acشود، a \u00ac b", `می${half}شود، a \u00ac b`],
    ["spaces", "یک\u00a0\u2009 دو\r\nسه", "یک دو\nسه"],
    ["quotation marks", "“الف” ‘ب’ «پ» don’t", "\"الف\" 'ب' «پ» don't"],
    ["digits", "٣٤ ۵۶ 78", "۳۴ ۵۶ 78"],
    ["a verb's prefix", "او می رود و نمی آید", `او می${half}رود و نمی${half}آید`],
    ["endings", "کتاب ها، گوشي هاي بزرگ ترین SMS ها", `کتاب${half}ها، گوشی${half}های بزرگ${half}ترین SMS${half}ها`],
    ["endings with a pronoun", "دوست هایشان و عکس هایی", `دوست${half}هایشان و عکس${half}هایی`],
    [
      "what only looks like a prefix or an ending",
      "و ها هارد قدیمی رفت می\nرود می ۵",
      "و ها هارد قدیمی رفت می\nرود می ۵",
    ],
    ["emoji and other scripts", "👩‍👩‍👧 e\u0301 हिन्दी 中文", "👩‍👩‍👧 é हिन्दी 中文"],
  ])("unifies %s", (_, from, to) => {
    expect(normalizePersian(from)).toBe(to);
  });

  it("leaves digits and affixes where its options say so", () => {
    expect(normalizePersian("٣٫٥ ۱٬۲۰۰ 7", { digits: "latin" })).toBe("3.5 1,200 7");
    expect(normalizePersian("٣ ۳ 3", { digits: "keep" })).toBe("٣ ۳ 3");
    expect(normalizePersian("مي رود كتاب ها", { affixes: false })).toBe("می رود کتاب ها");
  });

  const sample = [
    ..."يىكەۀةأإؤئءآاویهمنر٣۳3٫٬“’«\u0654\u0653\u064e\u0640\u200c\u200d\u200e\u00ac\u00a0 \n\r.e\u0301ﻻﹶ",
  ];
  const text = fc
    .array(
      fc.oneof(fc.constantFrom(...sample, "می ", " ها", " های", " ترین", "کتاب", "  "), fc.string({ unit: "binary" })),
    )
    .map((parts) => parts.join(""));
  const options = fc.record<PersianOptions>({
    digits: fc.constantFrom("persian", "latin", "keep"),
    affixes: fc.boolean(),
  });

  it("changes nothing when it is done twice", () => {
    fc.assert(
      fc.property(text, options, (some, chosen) => {
        const once = normalizePersian(some, chosen);
        expect(normalizePersian(once, chosen)).toBe(once);
      }),
      { numRuns: 5000, examples: [["ا¬ي های", {}]] },
    );
  });

  it("takes time that grows as the text does", () => {
    const start = performance.now();
    const joiners = `سلام ${"\u200d".repeat(100_000)}x`;
    expect(normalizePersian(joiners)).toBe(joiners);
    expect(performance.now() - start).toBeLessThan(5_000);
  });

  it("looks at each line by itself", () => {
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(normalizePersian(`${a}\n${b}`)).toBe(`${normalizePersian(`${a}\n`)}${normalizePersian(b)}`);
      }),
      { numRuns: 1000 },
    );
  });
});
