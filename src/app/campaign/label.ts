import { type AnyDesign, resolveParams } from '../../model/design.ts';
import { engines } from '../check/engines.ts';
import type { CheckTask, SimulateTask } from './plan-schema.ts';

/** Describes what a task of a check does, with what differs from the defaults: `rmap-xchg safety, vcpus=1, pct`. */
export function checkLabel(design: AnyDesign, task: Omit<CheckTask, 'hash' | 'label' | 'estimate' | 'file'>): string {
  const { checks, params, memoryModel, properties, search } = task;
  const { strategy, ...options } = search;
  return [
    `${design.id} ${properties?.join(' ') ?? checks}`,
    changesOf(params, resolveParams(design, {})),
    memoryModel === 'sc' ? '' : memoryModel,
    [strategy, changesOf(options, engines[strategy].defaults)].filter(Boolean).join(' '),
  ]
    .filter(Boolean)
    .join(', ');
}

/** Describes what a task of a simulation does: `rmap-xchg simulated, memory=4GiB`. */
export function simulateLabel({ design, swept }: Pick<SimulateTask, 'design' | 'swept'>): string {
  return [`${design} simulated`, ...Object.entries(swept).map(([name, value]) => `${name}=${value}`)].join(', ');
}

function changesOf(values: object, defaults: object): string {
  const known = defaults as Readonly<Record<string, unknown>>;
  return Object.entries(values)
    .filter(([name, value]) => value !== known[name])
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');
}
