import type { Operation } from './get-dirty-log.ts';
import type { FaultOperation } from './write-fault.ts';

/** Returns all orders of these items. */
export function permutations<T>(items: readonly T[]): T[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((first, n) =>
    permutations(items.filter((_, other) => other !== n)).map((rest) => [first, ...rest]),
  );
}

/** Returns the order with `mmu_lock` held for each run of consecutive items of it, and without the lock. */
export function withLock<T>(order: readonly T[]): (T | 'lockMmu' | 'unlockMmu')[][] {
  const spans = order.flatMap((_, from) => order.slice(from).map((_, length) => [from, from + length + 1] as const));
  return [
    [...order],
    ...spans.map(([from, to]) => [
      ...order.slice(0, from),
      'lockMmu' as const,
      ...order.slice(from, to),
      'unlockMmu' as const,
      ...order.slice(to),
    ]),
  ];
}

const isBefore = <T>(order: readonly T[], first: T, second: T): boolean =>
  !order.includes(first) || order.indexOf(first) < order.indexOf(second);

/** The operations of GET_DIRTY_LOG: two ways to protect after the words were taken, and two to do it word by word. */
const operationsOfGet: readonly (readonly Operation[])[] = [
  ['take', 'protect', 'flush', 'copy'],
  ['take', 'protectAll', 'flush', 'copy'],
  ['takeAndProtect', 'flush', 'copy'],
  ['takeAndProtectWithBreaks', 'flush', 'copy'],
];

/**
 * Every order of GET_DIRTY_LOG in which what is copied was taken before, each with `mmu_lock` held for every part of
 * it, and each with the return to user space at the end or earlier.
 */
export const ordersOfGet: readonly (readonly Operation[])[] = operationsOfGet
  .flatMap((operations) => permutations(operations))
  .filter(
    (order) =>
      isBefore(order, 'take', 'copy') &&
      isBefore(order, 'take', 'protect') &&
      order.findIndex((one) => one.startsWith('takeAnd')) < order.indexOf('copy'),
  )
  .flatMap((order) => withLock(order))
  // What breaks a hold of the lock needs one.
  .filter((order) => !order.includes('takeAndProtectWithBreaks') || isHeldFor(order, 'takeAndProtectWithBreaks'))
  .flatMap((order) => {
    const afterCopy = order.indexOf('copy') + 1;
    const early = order
      .slice(afterCopy)
      .map((_, n) => [...order.slice(0, afterCopy + n), 'return' as const, ...order.slice(afterCopy + n)]);
    return [[...order, 'return' as const], ...early];
  });

/** Returns true if `mmu_lock` is held for an operation. */
function isHeldFor(order: readonly Operation[], operation: Operation): boolean {
  const at = order.indexOf(operation);
  return order.indexOf('lockMmu') >= 0 && order.indexOf('lockMmu') < at && at < order.indexOf('unlockMmu');
}

/**
 * The rule of the order: the TLBs are flushed after the pages were protected, and user space goes on after that. The
 * pages are protected after their bits were taken, or under the same hold of `mmu_lock`. And a fault that has marked
 * its page and not installed its spte yet is over between the two: some hold of the lock is not over before the bits
 * are taken, and begins before the pages are protected.
 */
export function losesNothing(order: readonly Operation[]): boolean {
  const take = order.findIndex((one) => one.startsWith('take'));
  const protect = order.findLastIndex((one) => one.startsWith('protect') || one.startsWith('takeAnd'));
  const [lock, unlock] = [order.indexOf('lockMmu'), order.indexOf('unlockMmu')];
  const waitsForFaults = lock >= 0 && lock < protect && unlock > take;
  const isOneHold = lock < Math.min(take, protect) && unlock > Math.max(take, protect);
  return (
    order.at(-1) === 'return' && order.indexOf('flush') > protect && waitsForFaults && (take <= protect || isOneHold)
  );
}

/** The orders of a write fault: mark and install, each with `mmu_lock` or without. */
export const ordersOfFault: readonly (readonly FaultOperation[])[] = permutations(['mark', 'install'] as const).flatMap(
  (order) => withLock(order),
);
