/**
 * Reads the project's Markdown: code blocks, links and the shell commands it tells people to type.
 * Line numbers count from 1.
 */
import path from "node:path";

export interface Block {
  file: string;
  /** The first word after the fence: "ts", "sh", … */
  language: string;
  /** The words after the language, such as "no-run". */
  marks: string[];
  /** The line of the opening fence. */
  line: number;
  code: string;
}

interface Parts {
  blocks: Block[];
  /** The text outside code blocks, line by line; a line inside one is empty here. */
  prose: string[];
}

/** Takes a page apart. A fence may be indented, as in a list; its indentation is taken off the code. */
export function readMarkdown(file: string, text: string): Parts {
  const blocks: Block[] = [];
  const prose: string[] = [];
  let open: { block: Block; fence: string; indent: number; lines: string[] } | undefined;
  for (const [index, content] of text.split("\n").entries()) {
    const fence = /^(\s*)(`{3,}|~{3,})\s*(.*)$/.exec(content);
    if (open) {
      prose.push("");
      const closes = fence !== null && fence[2]!.startsWith(open.fence) && fence[3] === "";
      if (!closes) {
        const blank = content.slice(0, open.indent).trim() === "";
        open.lines.push(blank ? content.slice(open.indent) : content);
        continue;
      }
      open.block.code = open.lines.join("\n");
      blocks.push(open.block);
      open = undefined;
    } else if (fence) {
      prose.push("");
      const [language = "", ...marks] = fence[3]!.trim().split(/\s+/);
      const block = { file, language, marks, line: index + 1, code: "" };
      open = { block, fence: fence[2]!, indent: fence[1]!.length, lines: [] };
    } else {
      prose.push(content);
    }
  }
  if (open) throw new Error(`${file}:${open.block.line} opens a code block that never closes`);
  return { blocks, prose };
}

/** What GitHub calls a heading in a link: "What's new in 2.0?" → "whats-new-in-20". */
function slug(heading: string): string {
  const words = heading
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/[`*]/g, "")
    .trim()
    .toLowerCase();
  return words.replace(/[^\p{L}\p{N}\p{M} _-]/gu, "").replaceAll(" ", "-");
}

/** The places a link can point at inside a page. */
export function anchorsOf(text: string): Set<string> {
  const anchors = new Set<string>();
  const counts = new Map<string, number>();
  for (const content of readMarkdown("", text).prose) {
    const heading = /^#{1,6}\s+(.*?)\s*#*$/.exec(content);
    if (heading) {
      const name = slug(heading[1]!);
      const count = counts.get(name) ?? 0;
      counts.set(name, count + 1);
      anchors.add(count === 0 ? name : `${name}-${count}`);
    }
    for (const [, name] of content.matchAll(/\s(?:id|name)="([^"]+)"/g)) anchors.add(name!);
  }
  return anchors;
}

const linkForms = [
  /\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)/g,
  /^\s*\[[^\]]+\]:\s*<?([^\s>]+)>?/g,
  /\s(?:href|src)="([^"]+)"/g,
];

/** Links to files or headings that are not there. `read` gives a page's text, or undefined when there is no such file. */
export function brokenLinks(file: string, text: string, read: (file: string) => string | undefined): string[] {
  const complaints: string[] = [];
  for (const [index, content] of readMarkdown(file, text).prose.entries()) {
    const plain = content.replace(/`[^`]*`/g, "");
    for (const [, link] of linkForms.flatMap((form) => [...plain.matchAll(form)])) {
      if (/^([a-z][a-z+.-]*:|\/\/)/i.test(link!)) continue;
      const [target = "", anchor] = link!.split("#");
      const name = target === "" ? file : path.posix.join(path.posix.dirname(file), decodeURIComponent(target));
      const at = `${file}:${index + 1}`;
      const page = name === file ? text : read(name);
      if (page === undefined) {
        complaints.push(`${at} links to ${name}, which does not exist`);
      } else if (anchor && name.endsWith(".md") && !anchorsOf(page).has(decodeURIComponent(anchor))) {
        complaints.push(`${at} links to #${anchor}, which no heading of ${name} has`);
      }
    }
  }
  return complaints;
}

export interface Command {
  line: number;
  words: string[];
}

const shells = new Set(["sh", "bash", "shell", "console", "zsh"]);

function wordsOf(command: string): string[] {
  return (command.match(/"[^"]*"|'[^']*'|\S+/g) ?? []).map((word) => word.replace(/^(["'])(.*)\1$/, "$2"));
}

/** The commands in shell blocks, and those written inline as `npm …`, `npx …` or `tavali …`. */
export function readCommands(file: string, text: string): Command[] {
  const { blocks, prose } = readMarkdown(file, text);
  const written: { line: number; text: string }[] = [];
  for (const block of blocks.filter(({ language }) => shells.has(language))) {
    const lines = block.code.split("\n");
    // A console block shows output too; there only lines with a prompt are commands.
    const prompted = lines.some((content) => /^\s*\$ /.test(content));
    let begun: { line: number; text: string } | undefined;
    for (const [index, content] of lines.entries()) {
      if (!begun && prompted && !/^\s*\$ /.test(content)) continue;
      const part = content.replace(/^\s*\$ /, "").replace(/(^|\s)#.*$/, "");
      begun = { line: begun?.line ?? block.line + index + 1, text: `${begun?.text ?? ""} ${part.replace(/\\$/, "")}` };
      if (part.endsWith("\\")) continue;
      written.push(begun);
      begun = undefined;
    }
  }
  for (const [index, content] of prose.entries()) {
    for (const [, code] of content.matchAll(/`((?:npm|npx|tavali) [^`]+)`/g)) {
      written.push({ line: index + 1, text: code! });
    }
  }
  return written
    .flatMap(({ line, text: all }) => all.split(/&&|\|\||[;|]/).map((one) => ({ line, words: wordsOf(one) })))
    .filter(({ words }) => words.length > 0);
}
