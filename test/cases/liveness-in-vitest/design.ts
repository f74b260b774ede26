import { compile, defineDesign, defineSystem } from 'precopy';
import { checkLiveness } from '../../support/explore.ts';

const system = defineSystem({ name: 's', memory: () => ({}), actors: { a: 'one' }, tags: ['end'] });
const a = system
  .actor({ events: { WAIT: {}, END: {} } })
  .setup({ actions: {} })
  .createMachine({
    id: 'a',
    initial: 'waiting',
    states: { waiting: { on: { WAIT: 'waiting', END: 'end' } }, end: { tags: ['end'] } },
  });

export const ends = system.properties.leadsTo(
  { id: 'ends', description: 'it ends' },
  () => true,
  ({ is }) => is.end.count() > 0,
);

/** It may wait for ever, so a leads-to property of it is violated. */
export const waits = defineDesign({
  id: 'waits',
  title: 'waits for ever',
  system,
  machines: { a },
  properties: [ends],
});

export const verdictOfLiveness = (): string => checkLiveness(compile(waits)).verdict;
