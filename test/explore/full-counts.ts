import type { Count } from './counts.ts';

/** Searches that are too long for the unit suite: `npm run check:full` finds these numbers again. */
export const fullCounts: readonly Count[] = [];
