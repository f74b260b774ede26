import { comparisonOf } from '../../machines/designs/comparison.ts';
import { designs } from '../../machines/designs/index.ts';
import { mutants } from '../../machines/mutants/index.ts';
import type { AnyDesign } from '../../src/model/design.ts';
import type { Machine } from '../../src/model/machine.ts';
import { statechartSvg } from '../../src/report/statechart-svg.ts';
import { stepsOf } from '../../test/machines/mutant-steps.ts';
import { counts } from '../../test/search/counts.ts';
import { fullCounts } from '../../test/search/full-counts.ts';
import { designPage } from './design-page.ts';

/** Returns every file of docs/designs: a page for each design, a picture for each machine, and the index. */
export async function allPages(): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  const all = designs as readonly AnyDesign[];
  const fileOf = fileNames(all);
  for (const design of all) {
    const pictures: Record<string, string> = {};
    for (const [role, machine] of Object.entries(design.machines as Record<string, Machine>)) {
      const file = fileOf.get(machine) as string;
      files[file] ??= await statechartSvg(machine.statechart);
      pictures[role] = file;
    }
    files[`${design.id}.md`] = designPage({
      design,
      comparison: comparisonOf(design.id),
      pictures,
      counts: [...counts, ...fullCounts].filter((count) => count.design === design.id),
      mutants: (mutants as readonly AnyDesign[]).filter(({ mutantOf }) => mutantOf === design.id),
      stepsOf,
    });
  }
  files['README.md'] = contents(all);
  return files;
}

/** Returns the picture's file of each machine: its id, and the first design that has it if machines share the id. */
function fileNames(all: readonly AnyDesign[]): ReadonlyMap<Machine, string> {
  const first = new Map<Machine, string>();
  for (const { id, machines } of all) {
    for (const machine of Object.values(machines as Record<string, Machine>)) {
      if (!first.has(machine)) first.set(machine, id);
    }
  }
  const alone = ({ id }: Machine): boolean => [...first.keys()].filter((other) => other.id === id).length === 1;
  return new Map(
    [...first].map(([machine, design]) => [
      machine,
      `machines/${alone(machine) ? machine.id : `${machine.id}-${design}`}.svg`,
    ]),
  );
}

function contents(all: readonly AnyDesign[]): string {
  return [
    '# Designs',
    '',
    'One page for each design, made by `npm run pages` from the machines, the pinned counts and `machines/designs/comparison.ts`.',
    '',
    '| design | version | the talk | `mmu_lock` is held |',
    '|---|---|---|---|',
    ...all.map((design) => {
      const { talk, hold, heldFor } = comparisonOf(design.id);
      return `| [${design.id}](${design.id}.md) | ${design.source?.version} | ${talk} | ${hold}: ${heldFor} |`;
    }),
    '',
  ].join('\n');
}
