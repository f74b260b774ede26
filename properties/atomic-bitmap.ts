import { kvm } from '../machines/system.ts';

/**
 * The bitmap holds what it would if each mark and each snapshot were one atomic step: a bit disappears only into the
 * snapshot that took it, and never reappears without a mark.
 */
export const atomicBitmap = kvm.properties.always(
  {
    id: 'atomic-bitmap',
    description: 'a bit appears only by a mark, and disappears only into the snapshot that reports it',
  },
  ({ kvm: { dirtyBitmap }, ghost: { marked } }) => dirtyBitmap(0).equals(marked(0)) && dirtyBitmap(1).equals(marked(1)),
);
