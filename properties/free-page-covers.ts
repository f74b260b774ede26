import { kvmWithFreePageHints } from '../machines/free-page-hints/system.ts';

/** Covers of a design in which the guest names free pages. */
export const freePageCovers = [
  kvmWithFreePageHints.properties.reachable(
    { id: 'hint-is-taken', description: 'a hint cleared the bit of a page' },
    (_, { actions }) => actions.includes('clearHintedBit'),
  ),
  kvmWithFreePageHints.properties.reachable(
    {
      id: 'named-page-written',
      description: 'a hint cleared the bit of a page that had been written since the guest named it',
    },
    ({ ram, qemu }, { actions }) => actions.includes('clearHintedBit') && !qemu.bmap.contains(ram.stale),
  ),
  kvmWithFreePageHints.properties.reachable(
    { id: 'old-hint-ignored', description: 'a hint from before the last sync was not taken' },
    ({ actors }, { actor, actions }) => actor === actors.balloon && actions[0] === 'resetGfn',
  ),
  kvmWithFreePageHints.properties.reachable(
    { id: 'sync-waits-for-hint', description: 'QEMU waited for the hint in progress before it took the log' },
    ({ is, actors }, { actions }) => actions.includes('clearHintedBit') && is.stopsHints.of(actors.migration),
  ),
];
