import type { CheckEntry } from '../../app/campaign/merge-schema.ts';

/** Returns what limits the verdict of a task: limits that ended searches, and covers that were not hit. */
export function caveatsOf({ verdict, shards, stoppedBy, covers }: CheckEntry): string[] {
  const missed = verdict === 'violated' ? [] : covers.filter(({ hit }) => !hit).map(({ id }) => id);
  const reasons = Object.entries(stoppedBy).map(([reason, count]) => `${reason} ${count}`);
  return [
    ...(reasons.length > 0 ? [`stopped by ${reasons.join(', ')}`] : []),
    ...(missed.length > 0 && shards.done > 0 ? [`NOT HIT: ${missed.join(', ')}`] : []),
  ];
}
