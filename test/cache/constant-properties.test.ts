import { expect, it } from 'vitest';
import { constantProperties } from '../../src/cache/constant-properties.ts';
import { compile } from '../../src/compile/compile.ts';
import { bit, defineDesign, defineSystem, shared } from '../../src/index.ts';
import { decide } from '../../src/testing/decide.ts';
import { summarize } from '../../src/testing/finding.ts';

// biome-ignore lint/suspicious/noExplicitAny: the mistakes are those of a file without types
type Untyped = any;

const system = defineSystem({
  name: 'office',
  memory: () => ({ desk: shared({ lamp: bit() }) }),
  actors: { worker: 'one' },
  tags: ['busy', 'ill'],
});
const worker = system
  .actor({ events: { STEP: {} } })
  .setup({ actions: { switchOn: ({ context: { desk } }) => desk.lamp.set(true) } })
  .createMachine({
    id: 'worker',
    initial: 'idle',
    states: { idle: { on: { STEP: { actions: 'switchOn', target: 'busy' } } }, busy: { tags: ['busy'] } },
  });
const { never, noDeadlock, reachable } = system.properties;
const header = (id: string) => ({ id, description: id });

const saying = [
  never(header('dark'), ({ desk }) => desk.lamp.get() && desk.lamp.get() !== true),
  noDeadlock(header('goes-on'), ({ is }) => is.busy.count() === 1),
  reachable(header('works'), (_, { actions }) => actions.includes('switchOn')),
];
const silent = [
  never(header('not-called'), ({ desk }: Untyped) => desk.lamp.get === true),
  never(header('a-cell'), ({ desk }: Untyped) => !desk.lamp),
  never(header('a-tag-of-no-state'), ({ is }) => is.ill.count() > 0),
  noDeadlock(header('may-always-end'), () => true),
  reachable(header('anything'), () => true),
];
const designWith = (properties: typeof saying) =>
  defineDesign({ id: 'office', title: 'office', system, machines: { worker }, properties });

it('tells which properties read nothing of the state', () => {
  const program = compile(designWith([...saying, ...silent]));
  expect(constantProperties(program)).toEqual(silent.map(({ id }) => id));
});

it('does not count a property that is violated in every state', () => {
  expect(constantProperties(compile(designWith([never(header('p'), () => true), noDeadlock(header('q'))])))).toEqual(
    [],
  );
});

it('fails a test that names such a property, and no other', () => {
  const outcomeOf = (property: (typeof saying)[number]) => {
    const design = designWith([property]);
    return summarize(design, decide(design, {}, {})).outcome;
  };
  expect(saying.map(outcomeOf)).toEqual(['holds', 'holds', 'holds']);
  expect(silent.map(outcomeOf)).toEqual(silent.map(() => 'undecided'));
});
