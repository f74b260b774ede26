import { type Comparison, comparisonOf } from '../../machines/designs/comparison.ts';
import { designs } from '../app/designs/design-registry.ts';
import { createDesignsDocument, mutantDesigns, pageOf } from '../app/designs/designs-document.ts';
import { describeMutation } from './report/check-report.ts';
import { Output } from './report/console-output.ts';
import { table } from './report/table.ts';
import { wrap } from './report/wrap.ts';

/** Prints the built-in designs and mutants. */
export function listDesigns({ json, quiet }: { readonly json?: boolean; readonly quiet?: boolean }): void {
  const output = new Output({});
  if (json) output.document(createDesignsDocument());
  else output.print(quiet ? [...designs, ...mutantDesigns].map(({ id }) => id).join('\n') : tables(output));
}

function tables(output: Output): string {
  const rows = designs.map(({ id, title, source }) => {
    const comparison = comparisonOf(id);
    const where = [source?.commit, comparison.machine, pageOf(id)].filter(Boolean).join(', ');
    return {
      cells: [id, source?.version ?? '', comparison.hold, comparison.faultsPerPage],
      text: [title, ...describeComparison(comparison), where].join('\n'),
    };
  });
  const bugs = mutantDesigns.map((mutant) => ({
    cells: [mutant.id, mutant.mutation?.breaks ?? ''],
    text: describeMutation(mutant),
  }));
  return [
    table(['design', 'version', 'mmu_lock held', 'faults'], rows, output),
    wrap(legend, output.width, { hanging: 4 }),
    table(['mutant', 'breaks'], bugs, output),
  ].join('\n\n');
}

const legend = `mmu_lock held: at a time. P pages of the slot, D dirty pages, W words of the bitmap, S shadow pages, C pages of a chunk
faults: write faults of a page that the guest keeps writing, per round of the log`;

const describeComparison = ({ talk, heldFor, pays }: Comparison): string[] => [
  `talk: ${talk}`,
  `mmu_lock: ${heldFor}`,
  `pays: ${pays}`,
];
