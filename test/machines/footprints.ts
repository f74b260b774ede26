import { designs } from '../../machines/designs/index.ts';
import { kvm } from '../../machines/system.ts';
import { compile } from '../../src/compile/compile.ts';
import type { TransitionInfo } from '../../src/compile/transition-tables.ts';
import type { Access } from '../../src/model/access-recording.ts';
import type { Bitmap } from '../../src/model/bitmap.ts';
import type { AnyDesign } from '../../src/model/design.ts';
import { eventName, type SystemEvent } from '../../src/model/events.ts';
import { forEveryStep } from '../support/every-step.ts';

/** The footprint of a transition: the most accesses of a step that begins with it. */
export interface Footprint {
  readonly info: TransitionInfo;
  /** the accesses to shared memory of the step with the most of them */
  shared: readonly string[];
}

export interface Footprints {
  readonly byTransition: ReadonlyMap<string, Footprint>;
  /** transitions that no step takes, neither at its beginning nor after it */
  readonly never: readonly string[];
}

export const nameOf = ({ machine, source, event, index }: TransitionInfo): string =>
  `${machine}: ${source} ${event || 'always'} ${index}`;

const chunksOfTwoWords = { vcpus: 1, pages: 2, bitsPerWord: 1, emulatingVcpus: 0, wordsPerClear: 2, loggingOn: 1 };
const oneVcpu = { vcpus: 1, pages: 1, emulatingVcpus: 1, loggingOn: 1 };
const smallParams = [
  { ...oneVcpu, loggingOn: 0 },
  { ...oneVcpu, preemption: 1 },
  { vcpus: 2, pages: 1, emulatingVcpus: 0, tlbEvicts: 1, loggingOn: 1 },
];
/** Parameters with host writers or devices, which may find no log yet. */
const withWriters = [
  { vcpus: 1, pages: 1, emulatingVcpus: 0, hostWriters: 1, loggingOn: 0 },
  { vcpus: 1, pages: 1, emulatingVcpus: 0, devices: 1, loggingOn: 1 },
];
/** Parameters that reach the rest of a design: a second word or page to break at, a walk. */
const moreParams: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  'rmap-hybrid': { vcpus: 1, pages: 1, shadowPages: 1, loggingOn: 1 },
  'lock-break': { vcpus: 1, pages: 2, bitsPerWord: 1, emulatingVcpus: 0, loggingOn: 1 },
  pml: { vcpus: 1, pages: 2, emulatingVcpus: 0, loggingOn: 1 },
  'manual-clear': chunksOfTwoWords,
  'manual-clear-initially-set': chunksOfTwoWords,
  'manual-clear-tdp': chunksOfTwoWords,
  'manual-clear-eager-split': chunksOfTwoWords,
  'shared-clear': chunksOfTwoWords,
};

/** Returns true if a system has roles that `kvm` does not have. */
const hasMoreActors = ({ spec }: AnyDesign['system']): boolean =>
  Object.keys(spec.actors).length > Object.keys(kvm.spec.actors).length;

/** Designs with more actors and so many states that emulated writes are left to the other designs. */
export const hasCompany = new Set(
  designs.filter(({ params, system }) => hasMoreActors(system) || params?.['shadowMmu'] === 1).map(({ id }) => id),
);

const paramsOf = (design: AnyDesign): Readonly<Record<string, number>>[] => {
  const base = design.mutantOf ?? design.id;
  const more = moreParams[base];
  if (design.mutantOf === 'lazy-protect')
    return [0, 1].map((loggingOn) => ({ ...oneVcpu, tlbEvicts: 1, preemption: loggingOn, loggingOn }));
  // One vCPU takes every step of it, and two have a hundred times as many states.
  if (base === 'rmap-xchg-handshake') {
    const alone = [0, 1].map((loggingOn) => ({ ...oneVcpu, tlbEvicts: 1, preemption: loggingOn, loggingOn }));
    return design.mutantOf ? alone : [...alone, ...withWriters];
  }
  if (base === 'slot-removal-pml') {
    const alone = [
      { ...oneVcpu, preemption: 1 },
      { vcpus: 2, pages: 1, emulatingVcpus: 0, tlbEvicts: 1 },
    ];
    return design.mutantOf ? alone : [...alone, ...withWriters.map((params) => ({ ...params, loggingOn: 1 }))];
  }
  if (hasCompany.has(base))
    return [
      { ...oneVcpu, emulatingVcpus: 0, loggingOn: 0 },
      { ...oneVcpu, emulatingVcpus: 0, tlbEvicts: 1, preemption: 1 },
    ];
  const all = more ? [...smallParams, more] : smallParams;
  return design.mutantOf ? all : [...all, ...withWriters];
};

/** Takes every step in every state, and records its accesses to memory. */
export function footprintsOf(
  design: AnyDesign,
  allParams: readonly Readonly<Record<string, number>>[] = paramsOf(design),
): Footprints {
  const byTransition = new Map<string, Footprint>();
  const counts = new Map<string, number>();
  for (const params of allParams) {
    let accesses: Access[] = [];
    const program = compile(design, params, { record: (access) => accesses.push(access) });
    forEveryStep(
      program,
      () => {
        accesses = [];
      },
      () => {
        const info = program.transitions[program.lastTransition()] as TransitionInfo;
        const shared = accesses.filter(({ region }) => region === 'shared');
        const footprint = byTransition.get(nameOf(info)) ?? { info, shared: [] };
        byTransition.set(nameOf(info), footprint);
        if (shared.length > footprint.shared.length) {
          footprint.shared = shared.map(({ cell, operation }) => `${cell}.${operation}`);
        }
      },
    );
    for (const [n, info] of program.transitions.entries()) {
      counts.set(nameOf(info), (counts.get(nameOf(info)) ?? 0) + (program.counts[n] as number));
    }
  }
  const never = [...counts].flatMap(([name, count]) => (count === 0 ? [name] : []));
  return { byTransition, never };
}

/** Returns the events whose outcome depends on ghost memory: none, or ghosts would influence the model. */
export function eventsThatSeeGhosts(design: AnyDesign): string[] {
  const emulation = hasCompany.has(design.mutantOf ?? design.id) ? { emulatingVcpus: 0 } : {};
  const program = compile(design, { vcpus: 1, pages: 1, ...emulation });
  const { state, instance, events } = program;
  const ghosts = instance.cells.flatMap(({ region, plain }) => (region === 'ghost' ? [plain as Bitmap] : []));
  const guilty = new Set<string>();
  forEveryStep(program, (event, payload) => {
    const base = Int32Array.from(state);
    const outcomes = [true, false].map((value) => {
      for (const ghost of ghosts) ghost.fill(value);
      const outcome = program.step(event, payload);
      for (const ghost of ghosts) ghost.fill(false);
      const result = `${outcome} ${state.join()}`;
      state.set(base);
      return result;
    });
    if (outcomes[0] !== outcomes[1]) guilty.add(eventName(instance, events[event] as SystemEvent, payload));
  });
  return [...guilty];
}
