/** Mutants of a file by its syntax tree: the small slips that a tired hand makes. */
import ts from "typescript";
import { lineOf, type SourceFile, walk } from "../house/source.js";

export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly by: string;
  /** Which kind of slip, and what was written. */
  readonly kind: string;
  readonly line: number;
}

const operators: Readonly<Record<string, string>> = {
  "+": "-",
  "-": "+",
  "*": "/",
  "/": "*",
  "%": "*",
  "<": "<=",
  "<=": "<",
  ">": ">=",
  ">=": ">",
  "===": "!==",
  "!==": "===",
  "&&": "||",
  "||": "&&",
  "+=": "-=",
  "-=": "+=",
  "<<": ">>",
  ">>>": ">>",
};
const names: Readonly<Record<string, string>> = {
  min: "max",
  max: "min",
  floor: "ceil",
  ceil: "floor",
  some: "every",
  every: "some",
};

/** All mutants of a file, in the order of its text. Types, imports, and texts of messages have none. */
export function editsOf({ tree }: SourceFile): Edit[] {
  const edits: Edit[] = [];
  const add = (node: ts.Node, kind: string, by: string): void => {
    edits.push({ start: node.getStart(tree), end: node.getEnd(), by, kind, line: lineOf(tree, node) });
  };
  walk(tree, (node) => {
    if (isOutside(node)) return;
    if (ts.isBinaryExpression(node)) {
      const sign = node.operatorToken.getText(tree);
      // Text is joined with +, too; taking away would be NaN, which says nothing.
      if (operators[sign] && !isText(node)) add(node.operatorToken, `${sign} → ${operators[sign]}`, operators[sign]);
      if (sign === "??") add(node, "?? left out", node.left.getText(tree));
    }
    if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken) {
      add(node, "! left out", `(${node.operand.getText(tree)})`);
    }
    if (ts.isNumericLiteral(node) && !ts.isLiteralTypeNode(node.parent)) {
      const value = Number(node.text.replaceAll("_", ""));
      add(node, `${node.text} → ${value + 1}`, String(value + 1));
      if (value === 1) add(node, "1 → 0", "0");
    }
    if (
      (node.kind === ts.SyntaxKind.TrueKeyword || node.kind === ts.SyntaxKind.FalseKeyword) &&
      !ts.isLiteralTypeNode(node.parent)
    ) {
      const other = node.kind === ts.SyntaxKind.TrueKeyword ? "false" : "true";
      add(node, `→ ${other}`, other);
    }
    if (ts.isAwaitExpression(node)) add(node, "await left out", `(${node.expression.getText(tree)})`);
    if (ts.isConditionalExpression(node)) {
      const [yes, no] = [node.whenTrue.getText(tree), node.whenFalse.getText(tree)];
      add(node, "branches swapped", `${node.condition.getText(tree)} ? ${no} : ${yes}`);
    }
    if (ts.isIfStatement(node)) {
      if (leaves(node.thenStatement) && !node.elseStatement) add(node, "guard left out", ";");
      else add(node.expression, "condition negated", `!(${node.expression.getText(tree)})`);
    }
    if (ts.isExpressionStatement(node) && ts.isCallExpression(node.expression) && !isSuper(node.expression)) {
      add(node, `${node.expression.expression.getText(tree).split("\n")[0]}(…) left out`, ";");
    }
    if (ts.isPropertyAccessExpression(node) && ts.isCallExpression(node.parent) && names[node.name.text]) {
      add(node.name, `${node.name.text} → ${names[node.name.text]}`, names[node.name.text]!);
    }
  });
  return edits;
}

/** Statements that end the function or the turn of a loop: a guard's. */
function leaves(statement: ts.Statement): boolean {
  const last = ts.isBlock(statement) ? statement.statements.at(-1) : statement;
  return (
    last !== undefined && (ts.isReturnStatement(last) || ts.isThrowStatement(last) || ts.isContinueStatement(last))
  );
}

const isSuper = (call: ts.CallExpression): boolean => call.expression.kind === ts.SyntaxKind.SuperKeyword;

function isText(node: ts.BinaryExpression): boolean {
  const parts = [node.left, node.right];
  return parts.some(
    (part) =>
      ts.isStringLiteralLike(part) || ts.isTemplateExpression(part) || (ts.isBinaryExpression(part) && isText(part)),
  );
}

/** Whether a node stands in a type, an import, or the message of an error, which mutants leave alone. */
function isOutside(node: ts.Node): boolean {
  for (let at: ts.Node | undefined = node; at && !ts.isSourceFile(at); at = at.parent) {
    if (
      ts.isTypeNode(at) ||
      ts.isInterfaceDeclaration(at) ||
      ts.isTypeAliasDeclaration(at) ||
      ts.isImportDeclaration(at)
    )
      return true;
    if (ts.isNewExpression(at) && /Error$/.test(at.expression.getText())) return true;
    if (ts.isTemplateExpression(at) && node !== at) return true;
  }
  return false;
}
