import { describe, expect, it } from 'vitest';
import { perfetto } from '../../src/trace/perfetto.ts';
import { PerfettoWriter } from '../../src/trace/perfetto-writer.ts';
import { type Packet, packetsOf } from '../support/perfetto.ts';
import { race, stillborn } from './fixture.ts';

const [begin, end, instant] = [1, 2, 3];
const ofTrack = (packets: readonly Packet[], track: number): Packet[] =>
  packets.filter(({ event }) => event?.track === track);

describe('a trace in the format of Perfetto', () => {
  const packets = packetsOf(perfetto(race));
  const rows = packets.flatMap(({ track }) => (track ? [track] : []));

  it('has a row for each actor, with its states under it', () => {
    for (const actor of race.actors) {
      const row = rows.find(({ name }) => name === actor);
      expect(rows.find(({ parent }) => parent === row?.uuid)?.name).toBe('state');
    }
  });

  it('opens and closes slices in turn, in the order of time, on every row', () => {
    for (const { uuid } of rows) {
      const events = ofTrack(packets, uuid as number).filter(({ event }) => event?.type !== instant);
      expect(events.map(({ event }) => event?.type)).toEqual(events.map((_, n) => (n % 2 === 0 ? begin : end)));
      const times = events.map(({ timestamp = 0 }) => timestamp);
      expect(times).toEqual([...times].sort((a, b) => a - b));
    }
  });

  it('joins the sender and the receiver of a message by a flow', () => {
    const lock = rows.find(({ name }) => name === 'lock')?.uuid as number;
    const cpu0 = rows.find(({ name }) => name === 'cpu0')?.uuid as number;
    const flowsOf = (row: number): number[] => ofTrack(packets, row).flatMap(({ event }) => event?.flows ?? []);
    expect(flowsOf(lock).filter((flow) => flowsOf(cpu0).includes(flow))).toHaveLength(2);
  });

  it('marks the violation', () => {
    const last = packets.at(-1);
    expect(last?.event).toMatchObject({ type: instant, name: `${race.violation?.property} is violated at step 3` });
    expect(last?.timestamp).toBe(race.steps.length * 1000);
  });

  it('shows a break in the initial state', () => {
    expect(packetsOf(perfetto(stillborn)).at(-1)).toMatchObject({ timestamp: 0, event: { type: instant } });
  });
});

describe('the writer of packets', () => {
  it('keeps nanoseconds beyond 32 bits, and counters', () => {
    const chunks: Uint8Array[] = [];
    const writer = new PerfettoWriter((bytes) => chunks.push(bytes));
    const dirty = writer.counter('dirty pages');
    writer.count(dirty, 3_600_000_000_001, 2_621_440);
    writer.finish();
    expect(packetsOf(Buffer.concat(chunks)).at(-1)).toMatchObject({
      timestamp: 3_600_000_000_001,
      event: { track: dirty, value: 2_621_440 },
    });
  });

  it('gives away its bytes in pieces, so that a long run needs no memory for them', () => {
    const sizes: number[] = [];
    const writer = new PerfettoWriter((bytes) => sizes.push(bytes.length));
    const row = writer.track('row');
    for (let n = 0; n < 10_000; n++) writer.instant(row, 'a step', n);
    writer.finish();
    expect(sizes.length).toBeGreaterThan(2);
    expect(Math.max(...sizes)).toBeLessThan(100_000);
  });
});
