import { type AnyDesign, compile, PrecopyError, runEngine } from 'precopy';
import { expect, it } from 'vitest';
import { rmapXchg } from '../../../machines/designs/index.ts';
import type { SymmetrySpec } from '../../../src/model/symmetry-spec.ts';
import { System } from '../../../src/model/system.ts';
import { proveForAnyNumber } from '../../../src/search/views/any-number.ts';
import { isNightly } from '../../support/nightly.ts';

const params = { pages: 1, loggingOn: 1, emulatingVcpus: 0 };

/** Returns what a run that may be refused gives: undefined if it is. */
function unlessRefused<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch (error) {
    if (error instanceof PrecopyError) return undefined;
    throw error;
  }
}

const declared = rmapXchg.system.spec.symmetry as SymmetrySpec;
const { cells } = compile(rmapXchg, params).instance;
const isListed = (name: string): boolean =>
  declared.perProcess.includes(name) || declared.processSets.includes(name) || name in declared.processIds;
const undeclared = [...new Set(cells.map(({ plain }) => plain.name.replace(/\[\d+\]$/, '')))].filter(
  (name) => !isListed(name),
);

const lies: readonly (readonly [string, SymmetrySpec])[] = [
  ...(['perProcess', 'processSets', 'payloads'] as const).flatMap((list) =>
    declared[list].map((dropped): [string, SymmetrySpec] => [
      `without ${dropped} in ${list}`,
      { ...declared, [list]: declared[list].filter((name) => name !== dropped) },
    ]),
  ),
  ...Object.keys(declared.processIds).map((dropped): [string, SymmetrySpec] => [
    `without ${dropped} in processIds`,
    { ...declared, processIds: Object.fromEntries(Object.entries(declared.processIds).filter(([n]) => n !== dropped)) },
  ]),
  ...(['perProcess', 'processSets'] as const).flatMap((list) =>
    undeclared.map((added): [string, SymmetrySpec] => [
      `with ${added} in ${list}`,
      { ...declared, [list]: [...declared[list], added] },
    ]),
  ),
  ...undeclared.map((added): [string, SymmetrySpec] => [
    `with ${added} in processIds`,
    { ...declared, processIds: { ...declared.processIds, [added]: () => true } },
  ]),
];

const proved = (design: AnyDesign): string[] =>
  runEngine(proveForAnyNumber(compile(design, params), { maxStates: 1000 }))
    .properties.filter(({ verdict }) => verdict === 'holds')
    .map(({ id }) => id);

const declaredAs = (symmetry: SymmetrySpec): AnyDesign => {
  const { spec, layers } = rmapXchg.system;
  return { ...rmapXchg, system: new System({ ...spec, symmetry } as never, layers) } as AnyDesign;
};

const honest = isNightly ? proved(declaredAs(declared)) : [];

// Every ninth one: some take twenty seconds.
it.skipIf(!isNightly).each(lies.filter((_, n) => n % 9 === 0))('proves no more of rmap-xchg %s', (_, symmetry) => {
  const found = unlessRefused(() => proved(declaredAs(symmetry))) ?? [];
  expect(honest).toHaveLength(8);
  expect(honest).toEqual(expect.arrayContaining(found));
});
