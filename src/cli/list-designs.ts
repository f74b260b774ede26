import type { AnyDesign, Source } from '../model/design.ts';
import type { Property } from '../model/property.ts';
import type { MemoryModel } from '../model/store-buffer.ts';
import type { ParamSpecs } from '../model/system.ts';
import { designs, mutants } from './catalogue.ts';
import { Output } from './output.ts';
import { bugOf } from './report.ts';
import { table } from './table.ts';

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
  readonly params: readonly ParamDescription[];
  readonly properties: readonly { readonly id: string; readonly kind: Property['kind']; readonly says: string }[];
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
  readonly putsBack: string;
  readonly fixedBy?: string;
  readonly breaks: string;
  readonly memoryModel: MemoryModel;
}

/** Prints the shipped designs and mutants. */
export function listDesigns({ json, quiet }: { readonly json?: boolean; readonly quiet?: boolean }): void {
  const output = new Output({});
  if (json) output.document(designsDocument());
  else output.say(quiet ? [...designs, ...mutants].map(({ id }) => id).join('\n') : tables(output));
}

function tables(output: Output): string {
  const rows = designs.map(({ id, title, source }) => ({
    cells: [id, source?.version ?? '', source?.commit ?? ''],
    text: title,
  }));
  const bugs = mutants.map((mutant) => ({ cells: [mutant.id, mutant.mutation?.breaks ?? ''], text: bugOf(mutant) }));
  return [table(['design', 'version', 'commit'], rows, output), table(['mutant', 'breaks'], bugs, output)].join('\n\n');
}

function designsDocument(): DesignsDocument {
  return {
    format: 'precopy-designs',
    version: 1,
    designs: designs.map(describe),
    mutants: mutants.flatMap(describeMutant),
  };
}

function describe({ id, title, source, system, sizes, properties }: AnyDesign): DesignDescription {
  const specs = Object.entries(system.spec.params as ParamSpecs);
  return {
    design: id,
    title,
    ...(source && { source }),
    params: specs.map(([name, { description, min, max, default: initial }]) => ({
      name,
      description,
      min,
      max,
      default: sizes?.[name] ?? initial,
    })),
    properties: (properties as readonly Property[]).map(({ id, kind, says }) => ({ id, kind, says })),
  };
}

function describeMutant({ id, mutantOf, mutation, memoryModel = 'sc' }: AnyDesign): MutantDescription[] {
  return mutation && mutantOf !== undefined ? [{ design: id, mutantOf, ...mutation, memoryModel }] : [];
}
