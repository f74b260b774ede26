import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadCampaign } from '../../../src/app/campaign/campaign-file.ts';
import { folderWith } from '../../cli/precopy.ts';

const load = (text: string, name = 'nightly.yaml') => loadCampaign(join(folderWith({ [name]: text }), name));
const refused = (code: string, message: RegExp, remedy: RegExp = /./) =>
  expect.objectContaining({ code, message: expect.stringMatching(message), remedy: expect.stringMatching(remedy) });

describe('a campaign file', () => {
  it('has quantities with units, and lists of one value without brackets', async () => {
    const { name, check } = await load('check: [{ designs: rmap-xchg, seeds: 2k, maxMemory: 1GiB, time: 1h }]');
    expect({ name, check }).toEqual({
      name: 'nightly',
      check: [{ designs: ['rmap-xchg'], seeds: 2000, maxMemory: 2 ** 30, time: 3600 }],
    });
  });

  it('may be JSON, which is YAML', async () => {
    expect(await load('{"name": "a", "simulate": [{"rate": "max"}]}')).toEqual({
      name: 'a',
      simulate: [{ rate: 'max' }],
    });
  });

  it('may be a TypeScript module', async () => {
    const { name, check } = await load('export default { check: [{ runs: "1" + "k" }] };', 'mine.ts');
    expect({ name, check }).toEqual({ name: 'mine', check: [{ runs: 1000 }] });
  });
});

describe('a mistake in a campaign file is refused with its place', () => {
  it.each([
    ['check:\n  - desings: [a]', 'UNKNOWN_NAME', /nightly\.yaml:2: there is no 'desings' \(did you mean 'designs'/],
    ['checks: []', 'UNKNOWN_NAME', /nightly\.yaml:1: there is no 'checks' \(did you mean 'check'/],
    ['check:\n  - runs: 10k\n    time: soon', 'BAD_PARAMETER', /nightly\.yaml:3: check\.0\.time is "soon"/],
    ['check:\n  - params: { vcpus: two }', 'BAD_PARAMETER', /nightly\.yaml:2: check\.0\.params\.vcpus is "two"/],
    ['check:\n  - seeds: { first: 1, count: 2, to: 3 }', 'UNKNOWN_NAME', /nightly\.yaml:2: there is no 'to'/],
    ['check: [', 'BAD_FILE', /nightly\.yaml:1: /],
    ['name: x', 'BAD_PARAMETER', /has nothing to do/],
    ['', 'BAD_PARAMETER', /nightly\.yaml:1: the campaign/],
    ['name: a/b\ncheck: [{}]', 'BAD_PARAMETER', /nightly\.yaml:1: name is "a\/b"/],
  ])('%j', async (text, code, message) => {
    await expect(load(text)).rejects.toEqual(refused(code, message));
  });

  it('an alias that expands to more than memory holds', async () => {
    const lines = ['a: &a [x, x, x, x, x, x, x, x, x, x]'];
    for (const [one, other] of ['ba', 'cb', 'dc', 'ed', 'fe']) {
      lines.push(`${one}: &${one} [${Array.from({ length: 10 }, () => `*${other}`).join(', ')}]`);
    }
    await expect(load(lines.join('\n'))).rejects.toEqual(refused('BAD_FILE', /alias/i));
  });

  it('a module that throws', async () => {
    await expect(load('throw new Error("no");', 'bad.ts')).rejects.toEqual(
      refused('BAD_FILE', /does not load: Error: no/),
    );
  });
});
