import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { FromEngine } from '../../src/explore/messages.ts';
import { EngineClient } from '../../src/web/explorer/engine-client.ts';

/** A worker that only listens: code of a model that does not end lets no message in. */
class DeafWorker {
  isEnded = false;
  constructor(readonly answer: (message: FromEngine) => void) {}
  postMessage(): void {}
  terminate(): void {
    this.isEnded = true;
  }
}

const started: DeafWorker[] = [];
const died = vi.fn();

function client(): EngineClient {
  return new EngineClient((receive) => {
    const worker = new DeafWorker(receive);
    started.push(worker);
    return worker;
  }, died);
}

beforeEach(() => {
  vi.useFakeTimers();
  started.length = 0;
  died.mockClear();
});
afterEach(() => vi.useRealTimers());

it('ends an engine that does not stop, and starts another for the next request', async () => {
  const one = client();
  const pending = one.request('designs', {});
  const failure = expect(pending.answer).rejects.toThrow('did not stop');
  pending.stop();
  await vi.advanceTimersByTimeAsync(10_000);
  await failure;
  expect([started[0]?.isEnded, died.mock.calls.length]).toEqual([true, 1]);
  one.request('designs', {});
  expect(started).toHaveLength(2);
});

it('keeps an engine that answers a stop', async () => {
  const pending = client().request('designs', {});
  pending.stop();
  started[0]?.answer({ kind: 'answer', id: 1, value: [] });
  await expect(pending.answer).resolves.toEqual([]);
  await vi.advanceTimersByTimeAsync(10_000);
  expect([started[0]?.isEnded, died.mock.calls.length]).toEqual([false, 0]);
});
