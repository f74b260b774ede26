import type { Exploration } from '../../search/exploration.ts';

/** Formats how many covers were hit: `3 of 4 covers hit`. */
export function coversText({ covers }: Exploration): string {
  const hits = covers.filter(({ hit }) => hit).length;
  return `${hits} of ${covers.length} covers hit`;
}
