import ts from 'typescript';
import { docstringOf, sourceOf } from './machine-sources.ts';

/** An action or a guard, as its source has it. */
export interface SourceEntry {
  readonly kind: 'action' | 'guard';
  readonly name: string;
  /** its docstring; its code, if it has none */
  readonly does: string;
}

/** A constant that `implement` or `setup` gives a group of actions and guards. */
export interface Subject {
  /** `machines/ioctl/sptes.ts` */
  readonly file: string;
  /** name of the constant, or of the function that makes machines */
  readonly name: string;
  readonly docstring: string;
  /** name of the constant that declares the actor; undefined if the actor is declared in place, for `setup` */
  readonly actor: string | undefined;
  readonly entries: readonly SourceEntry[];
}

/** Returns the groups of actions and guards of a file, in its order. */
export function subjectsIn(file: string): Subject[] {
  const source = sourceOf(file);
  const subjects: Subject[] = [];
  const visit = (node: ts.Node, statement: ts.VariableStatement | undefined): void => {
    const around = ts.isVariableStatement(node) && node.parent === source ? node : statement;
    const call = around && groupCall(node);
    if (around && call) subjects.push(subjectOf(file, around, call));
    else ts.forEachChild(node, (child) => visit(child, around));
  };
  visit(source, undefined);
  return subjects;
}

interface GroupCall {
  readonly actor: string | undefined;
  readonly groups: ts.ObjectLiteralExpression;
}

/** Returns the call of `implement` or `setup` that a node is, if any. */
function groupCall(node: ts.Node): GroupCall | undefined {
  if (!ts.isCallExpression(node)) {
    return undefined;
  }
  const { expression, arguments: args } = node;
  // the statechart of `setup(...).createMachine(...)` has no groups
  if (ts.isPropertyAccessExpression(expression) && expression.name.text === 'createMachine') {
    return groupCall(expression.expression);
  }
  const [groups] = args;
  if (!ts.isPropertyAccessExpression(expression) || !groups || !ts.isObjectLiteralExpression(groups)) return undefined;
  if (!['implement', 'setup'].includes(expression.name.text)) return undefined;
  const actor = ts.isIdentifier(expression.expression) ? expression.expression.text : undefined;
  return { actor, groups };
}

function subjectOf(file: string, statement: ts.VariableStatement, { actor, groups }: GroupCall): Subject {
  const [declaration] = statement.declarationList.declarations;
  const entriesOf = (kind: SourceEntry['kind']): SourceEntry[] => {
    const group = groups.properties.find((property) => property.name?.getText() === `${kind}s`);
    if (!group || !ts.isPropertyAssignment(group) || !ts.isObjectLiteralExpression(group.initializer)) return [];
    return group.initializer.properties.map((property) => ({
      kind,
      name: property.name?.getText() ?? '',
      does: docstringOf(property) || codeOf(property),
    }));
  };
  return {
    file,
    name: declaration?.name.getText() ?? '',
    docstring: docstringOf(statement),
    actor,
    entries: [...entriesOf('action'), ...entriesOf('guard')],
  };
}

/** Returns the code of an action or guard without its arguments, as one line. */
function codeOf(property: ts.ObjectLiteralElementLike): string {
  if (!ts.isPropertyAssignment(property) || !ts.isArrowFunction(property.initializer)) return '';
  const { body } = property.initializer;
  const text = ts.isBlock(body) ? body.statements.map((statement) => statement.getText()).join(' ') : body.getText();
  return `\`${text.replaceAll(/\s+/g, ' ').replace(/;$/, '')}\``;
}
