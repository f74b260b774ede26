import { expect, it } from 'vitest';
import { enginesFor } from '../../bench/engines.ts';
import type { SearchRun } from '../../bench/measurement.ts';
import { compareStateSpaces } from '../../bench/state-space-equality.ts';
import { missingTools } from '../../bench/tools.ts';

const scenario = { name: 'tiny', vcpus: 2, pages: 1, emulating: 0, runs: 1 };
const run = { states: 10, transitions: 20, searchSeconds: 1, totalSeconds: 2 };

function comparedWith(name: string, theirs: SearchRun) {
  const measurements = enginesFor(scenario).map((engine) => ({
    scenario,
    engine,
    run: engine.name === name ? theirs : run,
  }));
  return compareStateSpaces(measurements, [scenario]).flatMap(({ peer, equal }) => (equal ? [] : [peer]));
}

it.each(['SPIN -DNOREDUCE', 'TLC', 'TLC, 2 workers'])(
  '%s does other work if it has other states or other transitions',
  (peer) => {
    expect(comparedWith(peer, run)).toEqual([]);
    expect(comparedWith(peer, { ...run, states: 11 })).toEqual([peer]);
    expect(comparedWith(peer, { ...run, transitions: 21 })).toEqual([peer]);
  },
);

it('beyond eight digits a peer may have rounded its transitions', () => {
  const many = { ...run, transitions: 123_861_378 };
  const comparedWithMany = (transitions: number) => {
    const engines = enginesFor(scenario).filter(({ name }) => ['precopy', 'SPIN -DNOREDUCE'].includes(name));
    const measurements = engines.map((engine) => ({
      scenario,
      engine,
      run: engine.tool === 'SPIN' ? { ...many, transitions } : many,
    }));
    return compareStateSpaces(measurements, [scenario]).map(({ equal }) => equal);
  };
  expect(comparedWithMany(123_861_380)).toEqual([true]);
  expect(comparedWithMany(123_861_390)).toEqual([false]);
});

it('where a peer counts no transitions, states are compared', () => {
  const { transitions, ...counted } = run;
  expect(comparedWith('tla-checker', counted)).toEqual([]);
  expect(comparedWith('tla-checker', { ...counted, states: 9 })).toEqual(['tla-checker']);
});

it('an engine with a reduction is not compared', () => {
  expect(comparedWith('TLC symmetry', { ...run, states: 5 })).toEqual([]);
});

it('TLC takes Java and a jar', () => {
  const tools = { spin: '6.5', gcc: '12', java: 'openjdk 17', tla2tools: '/a/tla2tools.jar' };
  expect(missingTools('TLC', tools)).toEqual([]);
  expect(missingTools('TLC', { ...tools, java: undefined, tla2tools: undefined })).toEqual(['tla2tools', 'java']);
  expect(missingTools('SPIN', { ...tools, java: undefined })).toEqual([]);
});
