import ts from 'typescript';
import {
  codeLine,
  docstringOf,
  machineFiles,
  nodesIn,
  propertiesOf,
  propertyOf,
  resultOf,
  sourceOf,
} from './machine-sources.ts';

/** A cell, as its source declares it. */
export interface CellDeclaration {
  readonly name: string;
  /** `bitmap(pages)`; a list declares several cells */
  readonly code: string;
  readonly docstring: string;
}

/** A memory region, as its source declares it. */
export interface RegionDeclaration {
  /** `machines/system.ts` */
  readonly file: string;
  readonly name: string;
  /** `shared`, `owned` or `ghost` */
  readonly access: string;
  readonly docstring: string;
  readonly cells: readonly CellDeclaration[];
}

/** A role, as its source declares it. */
export interface RoleDeclaration {
  readonly file: string;
  readonly name: string;
  /** number of actors, as code of the params */
  readonly count: string;
  readonly isOptional: boolean;
  /** another role, whose machine it has */
  readonly machineOf: string | undefined;
}

/** The first arguments of `defineSystem` and of `kvm.extend`, in this order. */
const systems = machineFiles
  .flatMap((file) =>
    [...nodesIn(sourceOf(file))].filter(ts.isCallExpression).flatMap(({ expression, arguments: [spec] }) => {
      const name = ts.isPropertyAccessExpression(expression) ? expression.name.text : expression.getText();
      if (!['defineSystem', 'extend'].includes(name) || !spec || !ts.isObjectLiteralExpression(spec)) return [];
      return propertyOf(spec, 'memory') ? [{ file, spec, isBase: name === 'defineSystem' }] : [];
    }),
  )
  .sort((a, b) => Number(b.isBase) - Number(a.isBase));

/** Returns the memory regions of the shipped systems. */
export const regionDeclarations = (): RegionDeclaration[] =>
  systems.flatMap(({ file, spec }) =>
    propertiesOf(propertyOf(spec, 'memory')).map((region) => {
      const call = region.initializer as ts.CallExpression;
      return {
        file,
        name: region.name.getText(),
        access: call.expression.getText(),
        docstring: docstringOf(region),
        cells: propertiesOf(call.arguments[0]).map(cellDeclaration),
      };
    }),
  );

/** Returns a cell of a region, or a register. */
export const cellDeclaration = (property: ts.PropertyAssignment): CellDeclaration => ({
  name: property.name.getText(),
  code: codeLine(property.initializer),
  docstring: docstringOf(property),
});

/** Returns the roles of the shipped systems. */
export const roleDeclarations = (): RoleDeclaration[] =>
  systems.flatMap(({ file, spec }) =>
    propertiesOf(propertyOf(spec, 'actors')).map((role) => {
      const { initializer } = role;
      const some = ts.isObjectLiteralExpression(initializer) ? propertyOf(initializer, 'some') : undefined;
      const other = ts.isObjectLiteralExpression(initializer) ? propertyOf(initializer, 'machineOf') : undefined;
      return {
        file,
        name: role.name.getText(),
        count: ts.isStringLiteral(initializer) ? '1' : resultOf(some ?? initializer),
        isOptional: some !== undefined && other === undefined,
        machineOf: other && ts.isStringLiteral(other) ? other.text : undefined,
      };
    }),
  );

/** Returns the docstrings of the messages of the shipped systems, by type. */
export const messageDocstrings = (): ReadonlyMap<string, string> =>
  new Map(
    machineFiles
      .flatMap((file) => [...nodesIn(sourceOf(file))])
      .filter(ts.isPropertyAssignment)
      .filter(({ initializer }) => /^(rendezvous|posted|asCall|asStore)\(/.test(initializer.getText()))
      .map((message) => [message.name.getText(), docstringOf(message)]),
  );
