import { describe, expect, it } from 'vitest';
import { rmapXchg } from '../../machines/designs/index.ts';
import { compile } from '../../src/compile/compile.ts';
import { PerfettoRun } from '../../src/report/perfetto-run.ts';
import { simulateRun } from '../../src/simulate/simulation-run.ts';
import { experiment, flatProfile } from '../clock/toy.ts';
import { packetsOf } from '../support/perfetto.ts';

const program = compile(rmapXchg, { vcpus: 1, pages: 1 });
const vcpu0 = program.actors.indexOf('vcpu0');

/** The packets that a trace of these events has. */
function packets(emit: (run: PerfettoRun) => void, fromNs = 0, maxEvents = 100) {
  const chunks: Uint8Array[] = [];
  const run = new PerfettoRun(program, fromNs, maxEvents, (bytes) => chunks.push(bytes));
  emit(run);
  run.finish();
  const all = packetsOf(Buffer.concat(chunks));
  const trackOf = (name: string): number | undefined => all.find(({ track }) => track?.name === name)?.track?.uuid;
  return { trackOf, slices: all.flatMap(({ event, timestamp }) => (event ? [{ ...event, at: timestamp }] : [])) };
}

describe('a Perfetto trace', () => {
  it('shows the wait of an actor for a lock, and its hold', () => {
    const { slices, trackOf } = packets((run) => {
      run.lockRequested('mmu_lock', vcpu0, 1000);
      run.lockGranted('mmu_lock', vcpu0, 3000);
      run.lockReleased('mmu_lock', vcpu0, 3500);
    });
    expect(slices.map(({ type, name, at, track }) => [type, name, at, track])).toEqual([
      [1, 'waits for mmu_lock', 1000, trackOf('locks')],
      [2, undefined, 3000, trackOf('locks')],
      [1, 'holds mmu_lock', 3000, trackOf('locks')],
      [2, undefined, 3500, trackOf('locks')],
    ]);
  });

  it('connects the sending of a message with the step that takes it', () => {
    const get = program.actors.indexOf('getDirtyLog');
    const { slices } = packets((run) => {
      run.messageSent('IPI', get, vcpu0, 500);
      run.messageTaken('IPI', get, vcpu0);
      run.step({ actor: vcpu0, event: 0, payload: 0, fromNs: 800, atNs: 800, toNs: 900 });
    });
    expect(slices[0]?.flows).toEqual(slices[1]?.flows);
    expect(slices[0]?.flows).toHaveLength(1);
  });

  it('counts the dirty pages of each round', () => {
    const round = {
      run: 0,
      atNs: 100,
      getNs: 20,
      dirtyPages: 7,
      loggedPages: 7,
      newPages: 7,
      sentPages: 0,
      throttlePercent: 0,
    };
    expect(packets((run) => run.roundEnded(round)).slices).toMatchObject([{ type: 4, value: 7, at: 120 }]);
  });

  it('omits events before its start, and ends open slices', () => {
    const { slices } = packets((run) => {
      run.lockRequested('mmu_lock', vcpu0, 100);
      run.lockGranted('mmu_lock', vcpu0, 2000);
    }, 1000);
    expect(slices.map(({ type, name }) => [type, name])).toEqual([
      [1, 'holds mmu_lock'],
      [2, undefined],
    ]);
  });

  it('reports when it is full', () => {
    let full = false;
    const { slices } = packets(
      (run) => {
        for (let n = 0; n < 5; n++) run.step({ actor: vcpu0, event: 0, payload: 0, fromNs: n, atNs: n, toNs: n + 1 });
        full = run.isFull;
      },
      0,
      3,
    );
    expect(full).toBe(true);
    expect(slices).toHaveLength(2 * 3);
  });
});

describe('the Perfetto trace of a whole run, by the rules of TrackEvent', () => {
  const chunks: Uint8Array[] = [];
  const runs: PerfettoRun[] = [];
  const one = experiment(rmapXchg, flatProfile(rmapXchg, 50, { IPI: 2000, IPI_ACK: 100 }), {
    memoryBytes: 64 * 4096,
    vcpus: 3,
    mode: { collectEveryNs: 10e6 },
    durationNs: 100e6,
  });
  const engine = simulateRun(one, 0, (of) => {
    const run = new PerfettoRun(of, 0, 1e6, (bytes) => chunks.push(bytes));
    runs.push(run);
    return run;
  });
  for (let turn = engine.next(); !turn.done; ) turn = engine.next(undefined);
  for (const run of runs) run.finish();
  const all = packetsOf(Buffer.concat(chunks));
  const events = all.flatMap(({ event, timestamp }) => (event ? [{ ...event, at: timestamp as number }] : []));
  const rows = all.flatMap(({ track }) => (track ? [track.uuid as number] : []));

  it('describes a track once, before its first event', () => {
    expect(new Set(rows).size).toBe(rows.length);
    const described = new Set<number>();
    for (const { track, event } of all) {
      if (track) described.add(track.uuid as number);
      if (event) expect(described).toContain(event.track);
    }
  });

  it('ends every slice, and has monotonic times on each track', () => {
    for (const row of rows) {
      const here = events.filter(({ track }) => track === row);
      const slices = here.filter(({ type }) => type === 1 || type === 2).map(({ type }) => type);
      expect(slices).toEqual(slices.map((_, n) => (n % 2 === 0 ? 1 : 2)));
      expect(slices.length % 2).toBe(0);
      expect(here.filter(({ at }, n) => n > 0 && at < (here[n - 1]?.at as number))).toEqual([]);
    }
  });

  it('gives each flow two ends: the sending of a message, and the step that takes it', () => {
    const flows = [...new Set(events.flatMap((event) => event.flows))];
    expect(flows.length).toBeGreaterThan(10);
    for (const flow of flows) {
      const [from, to, ...more] = events.filter((event) => event.flows.includes(flow));
      expect(more).toEqual([]);
      expect(from?.name).toMatch(/^posts IPI/);
      expect(to?.name).toMatch(from?.name === 'posts IPI' ? /ackIpi/ : /csdUnlocked/);
      expect(to?.at).toBeGreaterThan(from?.at as number);
    }
  });
});
