import { kvm } from '../machines/system.ts';

/**
 * The bitmap is what it would be if each mark and each snapshot were one atomic step: no bit disappears but into the snapshot that took
 * it, and none comes back without a mark.
 */
export const atomicBitmap = kvm.properties.always(
  { id: 'atomic-bitmap', says: 'a bit appears only by a mark, and disappears only into the snapshot that reports it' },
  ({ kvm: { dirtyBitmap }, ghost: { marked } }) =>
    dirtyBitmap(0).contains(marked(0)) &&
    marked(0).contains(dirtyBitmap(0)) &&
    dirtyBitmap(1).contains(marked(1)) &&
    marked(1).contains(dirtyBitmap(1)),
);
