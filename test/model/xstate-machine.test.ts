import { bit, defineDesign, defineSystem, PrecopyError, shared } from 'precopy';
import { describe, expect, it } from 'vitest';
import { createMachine } from 'xstate';
import { client } from '../../examples/carried-over/xstate-before.ts';
import { loadDesigns } from '../../src/app/designs/load-designs.ts';
import { compile } from '../../src/compile/compile.ts';
import { folderWith } from '../cli/precopy.ts';

const system = defineSystem({
  name: 'lamp',
  memory: () => ({ lamp: shared({ isOn: bit() }) }),
  actors: { user: 'one' },
});

function remedyFor(make: () => unknown): string {
  try {
    make();
  } catch (error) {
    if (error instanceof PrecopyError) return `${error.message}. ${error.remedy}`;
    throw error;
  }
  throw new Error('it is taken');
}

const designOf = (machine: unknown) =>
  defineDesign({ id: 'lamp', title: 'a lamp', system, machines: { user: machine as never }, properties: [] });

/** Refuses a machine of precopy with a configuration of xstate. */
const refusalOf = (config: object): string =>
  remedyFor(() =>
    compile(
      designOf(
        system
          .actor({ events: { PRESS: {} } })
          .setup({ actions: {} })
          .createMachine(config as never),
      ),
    ),
  );

describe('the page for applications of xstate is named to people who', () => {
  it('give a design a machine of xstate itself', () => {
    expect(remedyFor(() => designOf(client))).toBe(
      "design 'lamp': the machine of 'user' is one of xstate itself. make it with `createMachine` of `system.actor`; docs/from-xstate.md says how to carry it over",
    );
  });

  it('export a machine of xstate', async () => {
    const folder = folderWith({
      'package.json': '{ "type": "module" }',
      'app.js': 'export default { root: {}, implementations: {} };',
    });
    await expect(loadDesigns(`${folder}/app.js`)).rejects.toMatchObject({
      message: expect.stringContaining('exports a machine of xstate, which is no design'),
      remedy: expect.stringContaining('docs/from-xstate.md'),
    });
    expect(createMachine({})).toMatchObject({ root: expect.anything(), implementations: expect.anything() });
  });

  it.each([
    ['a context', { context: { n: 0 }, states: { off: {} } }, 'has a context of its own'],
    ['invoke', { states: { off: { invoke: { src: 'job' } } } }, 'declare a role with a machine of its own'],
    ['after', { states: { off: { after: { 100: 'off' } } } }, 'make the timeout a spontaneous event'],
    ['a parallel root', { type: 'parallel', states: { off: {}, on: {} } }, 'give each region an actor of its own'],
  ])('use %s', (_, config, text) => {
    const refusal = refusalOf({ id: 'm', ...('type' in config ? {} : { initial: 'off' }), ...config });
    expect(refusal).toContain(text);
    expect(refusal).toContain('docs/from-xstate.md');
  });
});
