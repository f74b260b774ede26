import type { Setting, Strategy } from './strategy.ts';

/** A random walk: of what can be taken, each choice is as likely as any other. */
export const uniform = ({ random }: Setting): Strategy => ({
  begin: () => {},
  priority: () => random.fraction(),
  taken: () => {},
});
