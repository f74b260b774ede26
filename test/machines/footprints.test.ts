import { beforeAll, describe, expect, it } from 'vitest';
import { lazyProtect, rmapXchg } from '../../machines/designs/index.ts';
import { vcpuLazy } from '../../machines/vcpu/lazy-protect.ts';
import type { AnyDesign } from '../../src/model/design.ts';
import { designsOrMutants, isNightly, nightly } from '../support/nightly.ts';
import { toy } from '../support/toys.ts';
import { eventsThatSeeGhosts, type Footprint, type Footprints, footprintsOf, nameOf } from './footprints.ts';
import { neverTakenBy, racedFor } from './never-taken.ts';

/** By day four designs, whose machines the others take over but for one or two: this is the slowest of all tests. */
const families = ['srcu-switch', 'rmap-xchg', 'manual-clear-tdp', 'lazy-protect'];
const byDay = ({ id }: AnyDesign): boolean => isNightly || families.includes(id);

describe('one access to shared memory a step: the machines of', () => {
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

      it('reach owned memory one actor at a time', () => {
        expect([...contended].sort()).toEqual(racedFor[design.id] ?? []);
      });

      it('touch shared memory at most once in a step that does not say why it is coarser', () => {
        const tooMany = all.filter(({ info, shared }) => info.coarse === undefined && shared.length > 1);
        expect(tooMany.map(({ info, shared }) => [nameOf(info), shared])).toEqual([]);
      });

      it('have a reason for each step that is coarser, and need it', () => {
        const coarse = all.filter(({ info }) => info.coarse !== undefined);
        expect(coarse.filter(({ info }) => (info.coarse as string).trim().length < 20)).toEqual([]);
        expect(coarse.filter(({ shared }) => shared.length < 2).map(({ info }) => nameOf(info))).toEqual([]);
      });

      it('do the same whatever the memory holds that exists for properties only', () => {
        expect(eventsThatSeeGhosts(design)).toEqual([]);
      });

      it('take every transition there is, but for those that the design has no use for', () => {
        expect([...never].sort()).toEqual(neverTakenBy(design));
      });
    });
  }
});

for (const design of nightly([lazyProtect])) {
  it('owned memory is found to be raced for where its lock is not taken', () => {
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

  it('has what guards read, and what actions do', () => {
    expect(sharedBy('vcpu: inGuest WRITE 2')).toEqual(['kvm.spteWritable.has', 'kvm.inGuestMode.clear']);
  });

  it('has what actors do to which the step sends messages', () => {
    expect(sharedBy('migration: iterating SEND 0')).toEqual(['ram.stale.clear']);
  });

  it('has an atomic operation as one access', () => {
    expect(sharedBy('get-dirty-log: xchgWord STEP 0')).toEqual(['kvm.dirtyBitmap[0].xchgWord']);
  });

  it('has the guard and the action as two accesses, where one reads what the other writes', () => {
    const design = toy({ states: { s: { on: { E: { guard: 'aIsZero', actions: 'setA' } } } } });
    const { byTransition } = footprintsOf(design, [{}]);
    expect([...byTransition.values()].map(({ shared }) => shared)).toEqual([['toy.a.get', 'toy.a.set']]);
  });

  it('has nothing where only registers and owned memory change', () => {
    expect(sharedBy('get-dirty-log: copyToUser STEP 0')).toEqual([]);
  });
});
