import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Returns the files of the shipped machines, without those of mutants. */
export const machineFiles: readonly string[] = (readdirSync(`${root}machines`, { recursive: true }) as string[])
  .filter((name) => name.endsWith('.ts') && !name.startsWith('mutants') && !/^(designs|index)\b/.test(name))
  .map((name) => `machines/${name}`)
  .sort();

/** The exports of a module, by name. */
export type Module = Readonly<Record<string, unknown>>;

/** Imports a file of the shipped machines. */
export const moduleOf = async (file: string): Promise<Module> =>
  (await import(new URL(`../../${file}`, import.meta.url).href)) as Module;

const parsed = new Map<string, ts.SourceFile>();

/** Returns the syntax tree of a file. */
export function sourceOf(file: string): ts.SourceFile {
  const source =
    parsed.get(file) ?? ts.createSourceFile(file, readFileSync(root + file, 'utf8'), ts.ScriptTarget.Latest, true);
  parsed.set(file, source);
  return source;
}

/** Returns the nodes inside of a node, from the outside in. */
export function* nodesIn(node: ts.Node): Generator<ts.Node> {
  yield node;
  const children: ts.Node[] = [];
  ts.forEachChild(node, (child) => void children.push(child));
  for (const child of children) yield* nodesIn(child);
}

/** Returns the constants at the top level of a file, by name. */
export const constantsIn = (file: string): ReadonlyMap<string, ts.VariableStatement> =>
  new Map(
    sourceOf(file)
      .statements.filter(ts.isVariableStatement)
      .flatMap((statement) =>
        statement.declarationList.declarations.map(({ name }): [string, ts.VariableStatement] => [
          name.getText(),
          statement,
        ]),
      ),
  );

/** Returns the docstring of a node as one line. */
export function docstringOf(node: ts.Node): string {
  const [comment] = ts.getJSDocCommentsAndTags(node);
  const text = comment && ts.isJSDoc(comment) ? ts.getTextOfJSDocComment(comment.comment) : '';
  return (text ?? '').replaceAll(/\s+/g, ' ').trim();
}

/** Returns the code of an expression as one line. */
export const codeLine = (node: ts.Node): string =>
  node
    .getText()
    .replaceAll(/\/\*[\s\S]*?\*\//g, ' ')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/(?<=[([]) | (?=[)\]])/g, '')
    .replaceAll(/,(?= ?[)\]}])/g, '');

/** Returns what a function of the params returns, as code; the name of a function that is declared elsewhere. */
export const resultOf = (node: ts.Node): string => codeLine(ts.isArrowFunction(node) ? node.body : node);

/** Returns the value of a property of an object literal, if it has that property. */
export function propertyOf(object: ts.ObjectLiteralExpression, name: string): ts.Expression | undefined {
  const property = object.properties.find((one) => one.name?.getText() === name);
  return property && ts.isPropertyAssignment(property) ? property.initializer : undefined;
}

/** Returns the properties of an object literal, or of the one that an arrow function returns. */
export function propertiesOf(node: ts.Node | undefined): ts.PropertyAssignment[] {
  if (node === undefined) return [];
  if (ts.isArrowFunction(node)) return propertiesOf(node.body);
  if (ts.isParenthesizedExpression(node)) return propertiesOf(node.expression);
  return ts.isObjectLiteralExpression(node) ? node.properties.filter(ts.isPropertyAssignment) : [];
}
