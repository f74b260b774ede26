import { describe, expect, it } from 'vitest';
import { rmapXchg } from '../../machines/designs/index.ts';
import { ExplorerEngine } from '../../src/explore/engine.ts';
import type { FromEngine, RequestName, SearchAnswer } from '../../src/explore/messages.ts';

const model = { design: 'rmap-xchg', params: { vcpus: 1, pages: 1, loggingOn: 1 } };

/** Returns an engine, and what it has posted. */
function engine(pause: () => Promise<void> = async () => undefined) {
  const posted: FromEngine[] = [];
  return { posted, engine: new ExplorerEngine([rmapXchg], (message) => posted.push(message), pause) };
}

describe('the engine of the explorer', () => {
  it('answers what it does not know with an error as data', async () => {
    const { posted, engine: one } = engine();
    for (const name of ['constructor', 'toString', 'nothing']) {
      await one.receive({ kind: 'request', id: 1, name: name as RequestName, given: {} });
    }
    const wrong = { ...model, design: 'rmap-xchq' };
    await one.receive({ kind: 'request', id: 2, name: 'open', given: wrong });
    expect(posted.map((message) => message.kind === 'error' && message.error.code)).toEqual([
      'BAD_PARAMETER',
      'BAD_PARAMETER',
      'BAD_PARAMETER',
      'UNKNOWN_NAME',
    ]);
  });

  it('stops a search that is told to, and says that it is undecided', async () => {
    let toStop: (() => void) | undefined;
    const { posted, engine: one } = engine(async () => toStop?.());
    toStop = () => void one.receive({ kind: 'stop', id: 7 });
    const given = { model, run: [], goal: { kind: 'violation' } };
    await one.receive({ kind: 'request', id: 7, name: 'search', given });
    const last = posted.at(-1);
    expect(last).toMatchObject({ kind: 'answer', id: 7 });
    const { outcome, states } = (last?.kind === 'answer' ? last.value : {}) as SearchAnswer;
    expect([outcome, states]).toEqual(['undecided', 1]);
  });
});
