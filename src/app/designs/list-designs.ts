import { type Comparison, comparisonOf } from '../../../machines/comparison.ts';
import { mutants as shippedMutants } from '../../../machines/mutants.ts';
import { describeMutation } from '../../cli/report/check-report.ts';
import { Output } from '../../cli/report/console-output.ts';
import { table } from '../../cli/report/table.ts';
import type { AnyDesign, Source } from '../../model/design.ts';
import type { Property } from '../../model/property.ts';
import type { MemoryModel } from '../../model/store-buffer.ts';
import type { ParamSpecs } from '../../model/system.ts';
import { designs } from './design-registry.ts';

/** As a list of designs of some system. */
const mutants: readonly AnyDesign[] = shippedMutants;

/** What `designs --json` prints; docs/schemas/designs.schema.json describes it. */
export interface DesignsDocument {
  readonly format: 'precopy-designs';
  readonly version: 1;
  readonly designs: readonly DesignDescription[];
  readonly mutants: readonly MutantDescription[];
}

interface DesignDescription {
  readonly design: string;
  readonly title: string;
  readonly source?: Source;
  readonly comparison: Comparison;
  /** its page, in the package */
  readonly page: string;
  readonly params: readonly ParamDescription[];
  readonly properties: readonly {
    readonly id: string;
    readonly kind: Property['kind'];
    readonly description: string;
  }[];
}

interface ParamDescription {
  readonly name: string;
  readonly description: string;
  readonly min: number;
  readonly max: number;
  readonly default: number;
}

interface MutantDescription {
  readonly design: string;
  readonly mutantOf: string;
  readonly bug: string;
  readonly fixedBy?: string;
  readonly breaks: string;
  readonly params?: Readonly<Record<string, number>>;
  readonly memoryModel: MemoryModel;
}

/** Prints the shipped designs and mutants. */
export function listDesigns({ json, quiet }: { readonly json?: boolean; readonly quiet?: boolean }): void {
  const output = new Output({});
  if (json) output.document(designsDocument());
  else output.print(quiet ? [...designs, ...mutants].map(({ id }) => id).join('\n') : tables(output));
}

function tables(output: Output): string {
  const rows = designs.map(({ id, title, source }) => {
    const told = comparisonOf(id);
    return {
      cells: [id, source?.version ?? '', told.hold, told.faultsPerPage],
      text: [title, ...inWords(told), [source?.commit, told.machine, pageOf(id)].filter(Boolean).join(', ')].join('\n'),
    };
  });
  const bugs = mutants.map((mutant) => ({
    cells: [mutant.id, mutant.mutation?.breaks ?? ''],
    text: describeMutation(mutant),
  }));
  return [
    table(['design', 'version', 'mmu_lock held', 'faults'], rows, output),
    legend,
    table(['mutant', 'breaks'], bugs, output),
  ].join('\n\n');
}

const legend = `mmu_lock held: at a time. P pages of the slot, D of them dirty, W words of the bitmap,
    S shadow pages, C pages of a chunk
faults: write faults of a page that the guest goes on writing, in one round of the log`;

const inWords = ({ talk, heldFor, pays }: Comparison): string[] => [
  `talk: ${talk}`,
  `mmu_lock: ${heldFor}`,
  `pays: ${pays}`,
];

const pageOf = (id: string): string => `docs/designs/${id}.md`;

function designsDocument(): DesignsDocument {
  return {
    format: 'precopy-designs',
    version: 1,
    designs: designs.map(describe),
    mutants: mutants.flatMap(describeMutant),
  };
}

function describe({ id, title, source, system, params, properties }: AnyDesign): DesignDescription {
  const specs = Object.entries(system.spec.params as ParamSpecs);
  return {
    design: id,
    title,
    ...(source && { source }),
    comparison: comparisonOf(id),
    page: pageOf(id),
    params: specs.map(([name, { description, min, max, default: initial }]) => ({
      name,
      description,
      min,
      max,
      default: params?.[name] ?? initial,
    })),
    properties: (properties as readonly Property[]).map(({ id, kind, description }) => ({ id, kind, description })),
  };
}

function describeMutant({ id, mutantOf, mutation, memoryModel = 'sc' }: AnyDesign): MutantDescription[] {
  return mutation && mutantOf !== undefined ? [{ design: id, mutantOf, ...mutation, memoryModel }] : [];
}
