import ts from 'typescript';
import {
  constantsIn,
  docstringOf,
  machineFiles,
  nodesIn,
  propertiesOf,
  propertyOf,
  resultOf,
} from './machine-sources.ts';
import { type CellDeclaration, cellDeclaration } from './system-declarations.ts';

/** An event that an actor takes by itself, as its source declares it. */
interface EventDeclaration {
  readonly name: string;
  /** name of its payload, if it has one */
  readonly field: string | undefined;
  /** number of its payloads, as code of the params */
  readonly size: string;
  readonly isOptional: boolean;
  readonly docstring: string;
}

/** An actor, as `system.actor` or `system.extendActor` declares it. */
export interface ActorDeclaration {
  readonly file: string;
  /** name of the constant: an actor, a machine, or a function that makes machines */
  readonly name: string;
  readonly docstring: string;
  /** name of the actor that it extends */
  readonly extended: string | undefined;
  readonly events: readonly EventDeclaration[];
  readonly registers: readonly CellDeclaration[];
}

/** Returns the actors of the shipped machines, by file. An actor that extends another with nothing is left out. */
export const actorDeclarations = (): ActorDeclaration[] =>
  machineFiles.flatMap((file) =>
    [...constantsIn(file)].flatMap(([name, statement]) =>
      [...nodesIn(statement)].filter(ts.isCallExpression).flatMap(({ expression, arguments: args }) => {
        const method = ts.isPropertyAccessExpression(expression) ? expression.name.text : '';
        const spec = args.at(-1);
        if (!['actor', 'extendActor'].includes(method) || !spec || !ts.isObjectLiteralExpression(spec)) return [];
        const extended = method === 'extendActor' ? args[0]?.getText() : undefined;
        return [{ file, name, docstring: docstringOf(statement), extended, ...partsOf(spec) }];
      }),
    ),
  );

const partsOf = (spec: ts.ObjectLiteralExpression): Pick<ActorDeclaration, 'events' | 'registers'> => ({
  events: propertiesOf(propertyOf(spec, 'events')).map((event) => {
    const { initializer } = event;
    const part = (name: string) =>
      ts.isObjectLiteralExpression(initializer) ? propertyOf(initializer, name) : undefined;
    const field = part('field');
    const size = part('size');
    return {
      name: event.name.getText(),
      field: field && ts.isStringLiteral(field) ? field.text : undefined,
      size: size ? resultOf(size) : '',
      isOptional: part('optional')?.kind === ts.SyntaxKind.TrueKeyword,
      docstring: docstringOf(event),
    };
  }),
  registers: propertiesOf(propertyOf(spec, 'registers')).map(cellDeclaration),
});
