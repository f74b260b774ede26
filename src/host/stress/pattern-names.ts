/** How the guest writes under stress: mixed takes one of the others anew after each check. */
export const patternNames = ['mixed', 'sequential', 'uniform', 'hot'] as const;
export type PatternName = (typeof patternNames)[number];
