import { beforeAll, describe, expect, it } from 'vitest';
import { lazyProtect, rmapXchg } from '../../machines/designs/index.ts';
import { vcpuLazy } from '../../machines/vcpu/lazy-protect.ts';
import type { AnyDesign } from '../../src/model/design.ts';
import { designsOrMutants, isNightly, nightly } from '../support/nightly.ts';
import { toy } from '../support/toys.ts';
import { eventsThatSeeGhosts, type Footprint, type Footprints, footprintsOf, nameOf } from './footprints.ts';
import { neverTakenBy, racedFor } from './never-taken.ts';

/** The unit suite takes four designs, with which the others share most machines: this is the slowest test. */
const families = ['srcu-switch', 'rmap-xchg', 'manual-clear-tdp', 'lazy-protect'];
const byDay = ({ id }: AnyDesign): boolean => isNightly || families.includes(id);

describe('one access to shared memory per step: the machines of', () => {
  for (const shipped of designsOrMutants.filter(byDay)) {
    const design: AnyDesign = { ...shipped, memoryModel: 'sc' };
    describe(design.id, () => {
      let all: readonly Footprint[];
      let never: readonly string[];
      let contended: readonly string[];
      beforeAll(() => {
        const footprints = footprintsOf(design);
        all = [...footprints.byTransition.values()];
        ({ never, contended } = footprints);
      });

      it('access owned memory one actor at a time', () => {
        expect([...contended].sort()).toEqual(racedFor[design.id] ?? []);
      });

      it('access shared memory at most once in a step without a reason to be coarser', () => {
        const tooMany = all.filter(({ info, shared }) => info.coarse === undefined && shared.length > 1);
        expect(tooMany.map(({ info, shared }) => [nameOf(info), shared])).toEqual([]);
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

for (const design of nightly([lazyProtect])) {
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
    const unlocked = { ...design, machines: { ...design.machines, vcpu } };
    const { contended } = footprintsOf(unlocked, [{ vcpus: 2, pages: 1, emulatingVcpus: 0, loggingOn: 1 }]);
    expect(contended).toContain('mmu.possibleWritable: vcpu0 and vcpu1');
  });
}

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

  it('counts guard and action as two accesses, if one reads what the other writes', () => {
    const design = toy({ states: { s: { on: { E: { guard: 'aIsZero', actions: 'setA' } } } } });
    const { byTransition } = footprintsOf(design, [{}]);
    expect([...byTransition.values()].map(({ shared }) => shared)).toEqual([['toy.a.get', 'toy.a.set']]);
  });

  it('is empty if only registers and owned memory change', () => {
    expect(sharedBy('get-dirty-log: copyToUser STEP 0')).toEqual([]);
  });
});
