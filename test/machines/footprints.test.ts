import { beforeAll, describe, expect, it } from 'vitest';
import { lazyProtect, rmapXchg } from '../../machines/designs/index.ts';
import { mutants } from '../../machines/mutants/index.ts';
import { vcpuLazy } from '../../machines/vcpu/lazy-protect.ts';
import type { AnyDesign, Mutation } from '../../src/model/design.ts';
import { explore } from '../support/explore.ts';
import { designsOrMutants, isNightly } from '../support/nightly.ts';
import { eventsThatSeeGhosts, type Footprint, type Footprints, footprintsOf, nameOf } from './footprints.ts';
import { neverTakenBy } from './never-taken.ts';

/** The unit suite takes two designs, with which the others share most machines: this is the slowest test. */
const families = ['rmap-xchg', 'manual-clear-tdp'];
const byDay = ({ id }: AnyDesign): boolean => isNightly || families.includes(id);

describe('the machines of', () => {
  for (const shipped of designsOrMutants.filter(byDay)) {
    const design: AnyDesign = { ...shipped, memoryModel: 'sc' };
    describe(design.id, () => {
      let all: readonly Footprint[];
      let never: readonly string[];
      beforeAll(() => {
        const footprints = footprintsOf(design);
        all = [...footprints.byTransition.values()];
        ({ never } = footprints);
      });

      it('have a reason for each coarser step, and need it', () => {
        const coarse = all.filter(({ info }) => info.coarse !== undefined);
        expect(coarse.filter(({ info }) => (info.coarse as string).trim().length < 20)).toEqual([]);
        expect(coarse.filter(({ shared }) => shared.length < 2).map(({ info }) => nameOf(info))).toEqual([]);
      });

      it('do not depend on ghost memory', () => {
        expect(eventsThatSeeGhosts(design)).toEqual([]);
      });

      it('take every transition, except those listed in never-taken.ts', () => {
        expect([...never].sort()).toEqual(neverTakenBy(design));
      });
    });
  }
});

describe('a mutant', () => {
  const racing = mutants.filter(({ mutation }) => mutation?.races);

  it.each(racing.flatMap((mutant) => Object.keys(mutant.mutation?.races ?? {}).map((cell) => [mutant.id, cell])))(
    '%s races for %s, for which it gives a reason',
    (id, cell) => {
      const mutant = mutants.find((one) => one.id === id) as AnyDesign;
      const { [cell]: _, ...races } = mutant.mutation?.races ?? {};
      const { violation } = explore({ ...mutant, mutation: { ...(mutant.mutation as Mutation), races } });
      expect(violation?.fault).toMatch(`${cell} is owned memory`);
    },
  );

  it('has a reason of more than a few words', () => {
    const reasons = racing.flatMap(({ mutation }) => Object.values(mutation?.races ?? {}));
    expect(reasons.filter((reason) => reason.trim().length < 20)).toEqual([]);
  });
});

it('a race on owned memory is found if its lock is not taken', () => {
  const vcpu = vcpuLazy.extend({
    states: {
      host: {
        states: {
          lockMmu: { entry: [], always: 'readMemslots' },
          setSpte: {
            on: {
              STEP: { actions: ['setSpteWritable', 'notePossibleWritable', 'resetGfn'], target: 'enterGuest' },
            },
          },
        },
      },
    },
  });
  const unlocked = { ...lazyProtect, machines: { ...lazyProtect.machines, vcpu }, properties: [] };
  const { violation } = explore(unlocked, { vcpus: 2, pages: 1, emulatingVcpus: 0, loggingOn: 1 });
  expect(violation?.fault).toMatch(/mmu\.possibleWritable is owned memory, .* vcpu0 in .* and vcpu1 in/);
});

describe('the footprint of a step', () => {
  let footprints: Footprints;
  beforeAll(() => {
    footprints = footprintsOf(rmapXchg);
  });
  const sharedBy = (name: string): readonly string[] | undefined => footprints.byTransition.get(name)?.shared;

  it('contains the accesses of guards and actions', () => {
    expect(sharedBy('vcpu: inGuest WRITE 2')).toEqual(['kvm.spteWritable.has', 'kvm.inGuestMode.clear']);
  });

  it('contains the accesses of the actors to which the step sends messages', () => {
    expect(sharedBy('migration: iterating SEND 0')).toEqual(['ram.stale.clear']);
  });

  it('counts an atomic operation as one access', () => {
    expect(sharedBy('get-dirty-log: xchgWord STEP 0')).toEqual(['kvm.dirtyBitmap[0].xchgWord']);
  });

  it('is empty if only registers and owned memory change', () => {
    expect(sharedBy('get-dirty-log: copyToUser STEP 0')).toEqual([]);
  });
});
