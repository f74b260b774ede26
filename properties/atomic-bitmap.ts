import { kvm } from '../machines/system.ts';

/**
 * The bitmap is what it would be if each mark and each snapshot were one atomic step: no bit disappears but into the snapshot that took
 * it, and none comes back without a mark.
 */
export const atomicBitmap = kvm.properties.always(
  {
    id: 'atomic-bitmap',
    description: 'a bit appears only by a mark, and disappears only into the snapshot that reports it',
  },
  ({ kvm: { dirtyBitmap }, ghost: { marked } }) => dirtyBitmap(0).equals(marked(0)) && dirtyBitmap(1).equals(marked(1)),
);
