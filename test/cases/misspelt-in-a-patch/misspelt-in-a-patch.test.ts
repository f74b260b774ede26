import { bit, defineDesign, defineSystem, shared } from 'precopy';
import { getDirtyLogByRmapXchg } from 'precopy/kvm';
import { expect, test } from 'vitest';
import { verdictOf } from '../verdict.ts';

test('a patch of a state that does not exist is refused, with the nearest name', () => {
  const patch = () =>
    getDirtyLogByRmapXchg.extend({
      states: { laodWord: { always: { guard: 'scannedAllWords', target: 'copyToUser' } } },
    });
  expect(patch).toThrow(/laodWord.*loadWord/s);
});

/** Two threads without any lock; the tag that the property looks at is misspelt in the machine. */
const noLock = () => {
  const system = defineSystem({
    name: 'none',
    memory: () => ({ m: shared({ unused: bit() }) }),
    actors: { thread: () => 2 },
    tags: ['inside'],
  });
  const thread = system
    .actor({ events: { STEP: {} } })
    .setup({ actions: { enter: () => undefined } })
    .createMachine({
      id: 'thread',
      initial: 'outside',
      states: {
        outside: { on: { STEP: { actions: 'enter', target: 'inside' } } },
        inside: { tags: ['insdie' as never], on: { STEP: 'outside' } },
      },
    });
  return defineDesign({
    id: 'no-lock',
    title: 'no lock at all',
    system,
    machines: { thread },
    properties: [
      system.properties.never(
        { id: 'mutual-exclusion', description: 'not both inside' },
        ({ is }) => is.inside.count() === 2,
      ),
    ],
  });
};

test('a tag that the system does not declare is refused', () => {
  expect(verdictOf(noLock)).toBe('refused');
});
