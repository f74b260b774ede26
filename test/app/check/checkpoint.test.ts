import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs, { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { rmapXchg } from '../../../machines/designs/index.ts';
import { Checkpoint } from '../../../src/app/check/checkpoint.ts';
import { driveEngine } from '../../../src/app/check/engine-driver.ts';
import { programOf } from '../../../src/app/workers/worker-program.ts';
import type { AnyDesign } from '../../../src/model/design.ts';
import { breadthFirstSearch, type Limits, type SearchServices } from '../../../src/search/bfs/breadth-first-search.ts';
import { preemptionBoundedSearch } from '../../../src/search/bfs/preemption-bound.ts';
import type { Engine, Exploration } from '../../../src/search/exploration.ts';
import { runEngine } from '../../../src/search/run-engine.ts';
import { symmetryReducedSearch } from '../../../src/search/symmetry/symmetry-search.ts';
import { explore } from '../../support/explore.ts';
import { MemoryChunkStore } from '../../support/store.ts';
import wideDesign, { wideSearch } from '../../support/wide.ts';

const small = { vcpus: 1, pages: 2 };
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'precopy-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const file = (): string => join(folder, 'rmap-xchg.checkpoint');
const warnings: string[] = [];
function checkpointOf({
  design = rmapXchg,
  params = small,
  sources = '',
  options = '',
}: {
  readonly design?: AnyDesign;
  readonly params?: Readonly<Record<string, number>>;
  readonly sources?: string;
  readonly options?: string;
} = {}): Checkpoint {
  return new Checkpoint(folder, { program: programOf(design, params), sources, options }, (text) =>
    warnings.push(text),
  );
}

/** Searches a design whose frontier is mostly spilled. */
function searchWide(maxStates?: number): Exploration {
  const checkpoints = checkpointOf({ design: wideDesign, params: {} });
  const store = new MemoryChunkStore();
  const found = runEngine(
    breadthFirstSearch(
      programOf(wideDesign, {}),
      { ...wideSearch.limits, ...(maxStates && { maxStates }) },
      { checkpoints, store },
    ),
  );
  expect(store.writes).toBeGreaterThan(0);
  return found;
}

async function searchUpTo(maxStates: number): Promise<Exploration> {
  const { exploration } = await driveEngine(
    breadthFirstSearch(programOf(rmapXchg, small), { maxStates }, { checkpoints: checkpointOf() }),
    { stop: () => undefined },
  );
  return exploration;
}

describe('a checkpoint', () => {
  it('resumes a search that was stopped, to the same result', async () => {
    expect(await searchUpTo(10_000)).toMatchObject({ verdict: 'inconclusive' });
    const second = await searchUpTo(30_000);
    expect(second).toMatchObject({ verdict: 'inconclusive' });
    expect(second.states).toBeGreaterThanOrEqual(30_000);
    expect(await searchUpTo(1e9)).toEqual(explore(rmapXchg, small));
  });

  it('resumes a search whose frontier does not fit into memory', () => {
    expect(searchWide(80_000)).toMatchObject({ verdict: 'inconclusive', stoppedBy: 'max-states' });
    expect(searchWide()).toEqual(runEngine(breadthFirstSearch(programOf(wideDesign, {}), wideSearch.limits)));
  });

  const symmetric = { vcpus: 2, pages: 1, emulatingVcpus: 0 };
  const searches = {
    'partial order': (limits, outside) =>
      breadthFirstSearch(programOf(rmapXchg, symmetric), { ...limits, partialOrder: true }, outside),
    'symmetry and partial order': (limits, outside) =>
      symmetryReducedSearch(programOf(rmapXchg, symmetric), { ...limits, partialOrder: true }, outside),
    'few preemptions': (limits, outside) => preemptionBoundedSearch(programOf(rmapXchg, symmetric), 1, limits, outside),
    coverage: (limits, outside) =>
      breadthFirstSearch(programOf(rmapXchg, symmetric), { ...limits, coverage: true }, outside),
  } satisfies Record<string, (limits: Limits, outside?: SearchServices) => Engine>;
  it.for(Object.entries(searches))('resumes a search with %s', ([, engine]) => {
    const first = runEngine(engine({ maxStates: 1000 }, { checkpoints: checkpointOf({ params: symmetric }) }));
    expect(first).toMatchObject({ verdict: 'inconclusive', stoppedBy: 'max-states' });
    expect(runEngine(engine({}, { checkpoints: checkpointOf({ params: symmetric }) }))).toEqual(
      runEngine(engine({}, {})),
    );
  });

  it('is refused when params, code or options have changed', async () => {
    await searchUpTo(1000);
    const refused = (message: string) =>
      expect.objectContaining({ code: 'BAD_FILE', message: expect.stringContaining(message) });
    expect(() => checkpointOf({ params: { vcpus: 1, pages: 1 } })).toThrow(refused('is of another model'));
    expect(() => checkpointOf({ sources: 'changed' })).toThrow(refused('is of another model'));
    expect(() => checkpointOf({ options: 'with --coverage' })).toThrow(refused('is of a search without options'));
    expect(checkpointOf().latest?.states).toBeGreaterThanOrEqual(1000);
  });

  it('stays when the next one cannot be written', async () => {
    await searchUpTo(1000);
    const last = readFileSync(file());
    mkdirSync(`${file()}.next`);
    warnings.length = 0;
    await searchUpTo(2000);
    expect(readFileSync(file()).equals(last)).toBe(true);
    expect(warnings).toEqual([
      expect.stringMatching(/^no checkpoint could be written: .*EISDIR.*the last one is kept/),
    ]);
  });

  it('stays when the disk is full', async () => {
    await searchUpTo(1000);
    const last = readFileSync(file());
    warnings.length = 0;
    const { writeSync } = fs;
    fs.writeSync = () => {
      throw new Error('ENOSPC: no space left on device, write');
    };
    syncBuiltinESMExports();
    try {
      await searchUpTo(2000);
    } finally {
      fs.writeSync = writeSync;
      syncBuiltinESMExports();
    }
    expect(readFileSync(file()).equals(last)).toBe(true);
    expect(readdirSync(folder).filter((name) => name.includes('next'))).toEqual([]);
    expect(warnings).toEqual([
      expect.stringMatching(/^no checkpoint could be written: ENOSPC: no space left on device.*the last one is kept/),
    ]);
  });

  const damages: Record<string, (bytes: Buffer) => Uint8Array | string> = {
    'is something else': () => 'something else, and long enough',
    'is empty': () => '',
    'is shorter than its header': (bytes) => bytes.subarray(0, 100),
    'is truncated': (bytes) => bytes.subarray(0, bytes.length - 1),
    'has bytes more': (bytes) => Buffer.concat([bytes, Buffer.alloc(64)]),
    'has another bit in its header': (bytes) => flipped(bytes, bytes.indexOf('"depth":') + 8),
    'has another bit in the middle': (bytes) => flipped(bytes, bytes.length >> 1),
    'has another bit at its end': (bytes) => flipped(bytes, bytes.length - 1),
    'is of an earlier version': (bytes) =>
      Buffer.from(bytes.toString('latin1').replace('precopy-checkpoint 3', 'precopy-checkpoint 2'), 'latin1'),
    'announces a huge header': (bytes) => Buffer.concat([Buffer.alloc(8, 0xff), bytes]),
  };
  const flipped = (bytes: Buffer, at: number): Buffer => {
    const copy = Buffer.from(bytes);
    copy[at] = (copy[at] as number) ^ 1;
    return copy;
  };
  it.each(Object.entries(damages))('is refused when the file %s', async (_, damage) => {
    await searchUpTo(1000);
    writeFileSync(file(), damage(readFileSync(file())));
    const before = readFileSync(file());
    expect(() => checkpointOf()).toThrow(
      expect.objectContaining({ code: 'BAD_FILE', message: expect.stringMatching(/ is (not a checkpoint|damaged)/) }),
    );
    expect(readFileSync(file()).equals(before)).toBe(true);
  });

  it('is refused where a link or something else is in its place', () => {
    writeFileSync(join(folder, 'elsewhere'), '');
    symlinkSync(join(folder, 'elsewhere'), file());
    expect(() => checkpointOf()).toThrow(expect.objectContaining({ code: 'BAD_FILE' }));
    rmSync(file());
    mkdirSync(file());
    expect(() => checkpointOf()).toThrow(/is not a regular file/);
    expect(readdirSync(folder).sort()).toEqual(['elsewhere', 'rmap-xchg.checkpoint']);
  });

  it('belongs to one process at a time, until that ends', async () => {
    const other = spawn('sleep', ['60']);
    const start = readFileSync(`/proc/${other.pid}/stat`, 'utf8').split(' ')[21];
    writeFileSync(`${file()}.lock`, `${other.pid} ${start} ${hostname()}`);
    expect(() => checkpointOf()).toThrow(
      expect.objectContaining({ code: 'BAD_FILE', message: expect.stringContaining(`used by process ${other.pid}`) }),
    );
    other.kill('SIGKILL');
    await once(other, 'close');
    const own = checkpointOf();
    expect(readFileSync(`${file()}.lock`, 'utf8')).toMatch(new RegExp(`^${process.pid} `));
    own.release();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is taken over from a process whose id another one has now', () => {
    writeFileSync(`${file()}.lock`, `${process.ppid} 1 ${hostname()}`);
    checkpointOf().release();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('gives the same result however often, and wherever, the search is stopped', async () => {
    const whole = explore(rmapXchg, small);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: whole.states }), { maxLength: 4 }), async (stops) => {
        rmSync(file(), { force: true });
        for (const maxStates of stops.sort((a, b) => a - b)) await searchUpTo(maxStates);
        expect(await searchUpTo(1e9)).toEqual(whole);
      }),
      { numRuns: 3 },
    );
  });
});
