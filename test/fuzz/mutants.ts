import ts from 'typescript';

/** A source with one change. */
export interface Mutant {
  readonly text: string;
  /** line of the change, from 1 */
  readonly line: number;
  readonly change: string;
}

const operators = new Map<ts.SyntaxKind, string>([
  [ts.SyntaxKind.LessThanToken, '<='],
  [ts.SyntaxKind.LessThanEqualsToken, '<'],
  [ts.SyntaxKind.GreaterThanToken, '>='],
  [ts.SyntaxKind.GreaterThanEqualsToken, '>'],
  [ts.SyntaxKind.EqualsEqualsEqualsToken, '!=='],
  [ts.SyntaxKind.ExclamationEqualsEqualsToken, '==='],
  [ts.SyntaxKind.PlusToken, '-'],
  [ts.SyntaxKind.MinusToken, '+'],
  [ts.SyntaxKind.AmpersandAmpersandToken, '||'],
  [ts.SyntaxKind.BarBarToken, '&&'],
  [ts.SyntaxKind.AmpersandToken, '|'],
  [ts.SyntaxKind.BarToken, '&'],
  [ts.SyntaxKind.CaretToken, '|'],
  [ts.SyntaxKind.LessThanLessThanToken, '>>>'],
  [ts.SyntaxKind.GreaterThanGreaterThanGreaterThanToken, '<<'],
]);

/**
 * Returns the mutants of a source: another operator, a number that is one more, a negated condition, a statement
 * that is left out.
 */
export function mutantsOf(file: string, source: string): Mutant[] {
  const tree = ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true);
  const mutants: Mutant[] = [];
  const replace = (node: ts.Node, by: string): void => {
    const [start, end] = [node.getStart(tree), node.getEnd()];
    const before = source.slice(start, end).split('\n')[0];
    mutants.push({
      text: source.slice(0, start) + by + source.slice(end),
      line: tree.getLineAndCharacterOfPosition(start).line + 1,
      change: `${before} -> ${by || 'nothing'}`,
    });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isTypeNode(node) || ts.isInterfaceDeclaration(node) || ts.isImportDeclaration(node)) return;
    if (ts.isBinaryExpression(node)) {
      const other = operators.get(node.operatorToken.kind);
      if (other !== undefined) replace(node.operatorToken, other);
    }
    if (ts.isNumericLiteral(node)) replace(node, String(Number(node.text.replaceAll('_', '')) + 1));
    if (isAssertion(node, tree)) return;
    if (ts.isIfStatement(node)) replace(node.expression, `!(${node.expression.getText(tree)})`);
    if (ts.isExpressionStatement(node) && !node.getText(tree).startsWith('super(')) replace(node, ';');
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return mutants;
}

/** Returns whether a statement only asserts: no test notices that it is gone. */
const isAssertion = (node: ts.Node, tree: ts.SourceFile): boolean =>
  ts.isStatement(node) && /^(if \(assertionsEnabled\)|(this\.|\w+\.)*assert[A-Z])/.test(node.getText(tree));
