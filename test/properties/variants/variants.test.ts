import { beforeAll, describe, expect, it } from 'vitest';
import { manualClear, manualClearTdp, rmapXchg } from '../../../machines/designs/index.ts';
import type { AnyDesign } from '../../../src/model/design.ts';
import type { Property } from '../../../src/model/property.ts';
import { explore } from '../../support/explore.ts';
import { isNightly, nightly } from '../../support/nightly.ts';
import { clearDirtyLogInOrder, clearOperations } from './clear-dirty-log.ts';
import { getDirtyLogInOrder, type Operation } from './get-dirty-log.ts';
import { losesNothing, ordersOfFault, ordersOfGet, permutations, withLock } from './orders.ts';
import { setMemoryRegionInOrder, startOperations } from './start-of-log.ts';
import { vcpuInOrder } from './write-fault.ts';

type Params = Readonly<Record<string, number>>;

const logIsOn = { loggingOn: 1 };
/** A vCPU that emulates writes; two words; two vCPUs. */
const small: Params = { vcpus: 1, pages: 1 };
const larger: readonly Params[] = [
  { vcpus: 1, pages: 2, bitsPerWord: 1, emulatingVcpus: 0 },
  { vcpus: 2, pages: 1, emulatingVcpus: 0 },
];
const sizes = isNightly ? [small, ...larger] : [small];

const withOnly = (design: AnyDesign, isKept: (property: Property) => boolean): AnyDesign => ({
  ...design,
  properties: design.properties.filter(isKept),
});

/** Returns true if the destination always has what the guest wrote last: what a migration is for. */
const keepsFinalImage = (design: AnyDesign, params: Params): boolean =>
  explore(
    withOnly(design, ({ id }) => id === 'final-image'),
    params,
  ).verdict === 'holds';

/** Returns the first property that a design violates. */
const accusationOf = (design: AnyDesign, params: Params): string | undefined =>
  explore(design, params).violation?.property;

/**
 * Judges variants by the final image: how many lose nothing; which of them are accused all the same; and which lose
 * writes, or cannot go on, and are told so by no rule of the order of their steps.
 */
function judge(variants: readonly AnyDesign[], params: Params) {
  const result = { right: 0, accused: [] as string[], unexplained: [] as string[] };
  for (const design of variants) {
    const accusation = accusationOf(design, params);
    const isRight = accusation === undefined || (accusation !== 'final-image' && keepsFinalImage(design, params));
    if (isRight) result.right++;
    if (isRight && accusation !== undefined) result.accused.push(`${design.id}: ${accusation}`);
    if (accusation === 'well-formed' || accusation === 'no-deadlock') result.unexplained.push(design.id);
  }
  return result;
}

const withGet = (order: readonly Operation[], base: AnyDesign = rmapXchg): AnyDesign => ({
  ...base,
  id: order.join('-'),
  machines: { ...base.machines, getDirtyLog: getDirtyLogInOrder(order) },
});

describe.each(sizes)('at %o', (size) => {
  const params = { ...size, ...logIsOn };

  describe('GET_DIRTY_LOG', () => {
    // By day every eleventh order.
    const orders = ordersOfGet.filter((_, n) => isNightly || n % 11 === 0);
    let accusations: Map<readonly Operation[], string | undefined>;
    beforeAll(() => {
      accusations = new Map(orders.map((order) => [order, accusationOf(withGet(order), params)]));
    });

    it('is not accused in an order that keeps the rule', () => {
      const right = orders.filter(losesNothing);
      expect(right.length).toBeGreaterThan(0);
      expect(right.filter((order) => accusations.get(order) !== undefined)).toEqual([]);
    });

    it('is accused of its order in every other one', () => {
      const byOrder = ['logged-or-protected', 'protected-on-return'];
      const wrong = orders.filter((order) => !losesNothing(order));
      expect(wrong.filter((order) => !byOrder.includes(accusations.get(order) as string))).toEqual([]);
    });

    it('keeps the final image in the orders that keep the rule, and in no other', () => {
      // A call that has returned early may be made again while it is not done, which is no run of the model.
      const orderly = orders.filter((order) => order.at(-1) === 'return');
      const surprising = orderly.filter((order) => keepsFinalImage(withGet(order), params) !== losesNothing(order));
      expect(surprising).toEqual([]);
    });
  });

  it('a write fault may install before it marks: no order that loses nothing is accused', () => {
    const gets: readonly (readonly Operation[])[] = [
      ['lockMmu', 'takeAndProtect', 'flush', 'unlockMmu', 'copy', 'return'],
      ['lockMmu', 'take', 'unlockMmu', 'protect', 'flush', 'copy', 'return'],
      ['take', 'lockMmu', 'protectAll', 'unlockMmu', 'copy', 'flush', 'return'],
      ['lockMmu', 'protectAll', 'take', 'unlockMmu', 'flush', 'copy', 'return'],
    ];
    const variants = gets.slice(0, isNightly ? 4 : 1).flatMap((get) =>
      ordersOfFault.map((fault): AnyDesign => {
        const { machines, id } = withGet(get);
        return { ...rmapXchg, id: `${id}--${fault.join('-')}`, machines: { ...machines, vcpu: vcpuInOrder(fault) } };
      }),
    );
    expect(judge(variants, params)).toEqual({ right: isNightly ? 20 : 5, accused: [], unexplained: [] });
  });

  it.each(
    nightly([
      { design: rmapXchg, right: 4 },
      { design: manualClearTdp, right: 1 },
    ]),
  )('no start of the log that loses nothing is accused: $design.id', ({ design, right }) => {
    const variants = permutations(startOperations).map(
      (order): AnyDesign => ({
        ...design,
        id: order.join('-'),
        machines: { ...design.machines, setMemoryRegion: setMemoryRegionInOrder(order) },
      }),
    );
    expect(judge(variants, { ...size, loggingOn: 0 })).toEqual({ right, accused: [], unexplained: [] });
  });

  it.each(nightly([8]))('no CLEAR_DIRTY_LOG that loses nothing is accused, and %i lose nothing', (right) => {
    const variants = permutations(clearOperations)
      .flatMap((order) => withLock(order))
      .map(
        (order): AnyDesign => ({
          ...manualClear,
          id: order.join('-'),
          machines: { ...manualClear.machines, getDirtyLog: clearDirtyLogInOrder(order) },
        }),
      );
    expect(judge(variants, { ...params, bitsPerWord: 1 })).toEqual({ right, accused: [], unexplained: [] });
  });
});
