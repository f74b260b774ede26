import { expect, test } from 'vitest';
import { folderWith, precopy } from './precopy.ts';

const design = (id: string, action: string): string => `{
  const a = system.actor({ events: { ADD: {} } }).setup({ actions: { add: ${action} } }).createMachine({
    id: 'adder', initial: 'p', states: { p: { on: { ADD: { actions: 'add', target: 'q' } } }, q: {} } });
  designs.push(defineDesign({ id: '${id}', title: '${id}', system, machines: { a }, properties: [mayStop] }));
}
`;

const header = `import { counter, defineDesign, defineSystem, shared } from 'precopy';
const system = defineSystem({ name: 's', memory: () => ({ m: shared({ x: counter(3) }) }), actors: { a: () => 2 } });
const mayStop = system.properties.noDeadlock({ id: 'end', description: 'it may stop' }, () => true);
export const designs = [];
`;

const cwd = folderWith({
  'clock.js': header + design('clock', '({ context: { m } }) => m.x.set(Date.now() % 2)'),
  'prints.js':
    header + design('prints', "({ context: { m } }) => { console.log('x is %d', 1); console.error('x'); m.x.set(1); }"),
});

test('an action that tells the time ends a check with exit code 2, in worker threads as well', async () => {
  const { exitCode, stderr } = await precopy(['check', 'clock.js', '--workers', '2', '--quiet'], { cwd });
  expect(exitCode).toBe(2);
  expect(stderr).toContain("machine 'adder': the action 'add' calls Date.now");
});

test('an action may print', async () => {
  const { exitCode, stdout, stderr } = await precopy(['check', 'prints.js', '--quiet'], { cwd });
  expect(exitCode).toBe(0);
  expect(stdout).toContain('x is 1');
  expect(stderr).toContain('x');
});
