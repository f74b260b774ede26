import { batch, createEffect, createMemo, createSignal, on } from 'solid-js';
import type {
  CellValue,
  DesignInfo,
  EngineError,
  FromEngine,
  ModelInfo,
  ModelRequest,
  Moment,
  RequestName,
  Requests,
  RunStep,
  SearchProgress,
} from '../../explore/messages.ts';
import type { Situation } from '../../explore/situation.ts';
import { EngineClient, EngineFailure } from './engine-client.ts';
import { begin, change, type History, redo, undo } from './state/history.ts';
import { depthOf, runTo, shownPath, takeAll } from './state/tree.ts';

/** A message to the person, until it is closed. */
export interface Notice {
  readonly text: string;
  readonly remedy?: string | undefined;
  readonly excerpt?: string | undefined;
}

/** A search that is under way. */
export interface Busy {
  readonly what: string;
  readonly progress: SearchProgress | undefined;
  stop(): void;
}

/** Milliseconds after which a person is told that the engine is slow. */
const slowAfterMs = 300;

export type Explorer = ReturnType<typeof createExplorer>;

const emptyOf = (info: ModelInfo, { params = {} }: ModelRequest): Situation => ({
  format: 'precopy-situation',
  version: 1,
  design: info.design.id,
  params: { ...params },
  memoryModel: info.memoryModel,
  hash: info.hash,
  steps: [],
  branches: [{ name: 'run 1', tip: 0 }],
  branch: 0,
  cursor: 0,
  pinned: [],
  hidden: [],
});

/** Creates what the page shows, and what a person can do with it. */
export function createExplorer(startWorker: () => Worker) {
  const [notice, setNotice] = createSignal<Notice>();
  const [busy, setBusy] = createSignal<Busy>();
  const [designs, setDesigns] = createSignal<readonly DesignInfo[]>([]);
  const [info, setInfo] = createSignal<ModelInfo>();
  const [history, setHistory] = createSignal<History<Situation>>();
  const [steps, setSteps] = createSignal<readonly RunStep[]>([]);
  const [moment, setMoment] = createSignal<Moment>();
  /** stops the engine while it is slow to tell of the state at the cursor: what is shown is then an old state */
  const [slow, setSlow] = createSignal<{ stop(): void }>();
  const [filter, setFilter] = createSignal('');
  const [marked, setMarked] = createSignal<ReadonlySet<string>>(new Set());
  const client = new EngineClient(
    (receive, lose) => {
      const worker = startWorker();
      worker.onmessage = ({ data }: MessageEvent<FromEngine>) => receive(data);
      worker.onerror = ({ message }) => lose(message || 'it did not start');
      worker.onmessageerror = () => lose('a message could not be read');
      return worker;
    },
    (why) =>
      setNotice({ text: `the engine has died: ${why}`, remedy: 'what you did is kept: the next step starts it again' }),
  );

  const situation = (): Situation | undefined => history()?.present;
  const model = createMemo((): ModelRequest | undefined => {
    const shown = situation();
    return shown && { design: shown.design, params: shown.params, memoryModel: shown.memoryModel };
  });
  const fail = (error: unknown): void => {
    const { message, remedy, excerpt }: Partial<EngineError> =
      error instanceof EngineFailure ? error.error : { message: String(error) };
    setNotice({ text: message ?? 'something went wrong', remedy, excerpt });
  };

  /** Changes the situation, so that it can be undone. */
  const update = (next: (before: Situation) => Situation): void => {
    const now = history();
    if (now) setHistory(change(now, next(now.present)));
  };

  let runRequest = 0;
  /** the request that the state that is shown answered */
  let answeredRequest = 0;
  /** what waits for the state at the cursor, in order */
  let waiting: (() => void)[] = [];
  /** Does something with the state at the cursor: at once, or when the engine has answered for it. */
  const whenCurrent = (act: () => void): void => {
    if (answeredRequest === runRequest) act();
    else waiting.push(act);
  };
  // The run that is shown, and the state at the cursor, follow the situation.
  createEffect(
    on([situation, info], ([shown, opened]) => {
      const request = model();
      if (!shown || !opened || !request) return;
      const id = ++runRequest;
      const path = shownPath(shown);
      const run = runTo(shown, path.at(-1) ?? 0);
      const known = commonLength(steps(), run);
      const here = runTo(shown, shown.cursor);
      const part = client.request('run', { model: request, run, from: known });
      const state = client.request('moment', { model: request, run: here });
      const timer = setTimeout(() => {
        if (id !== runRequest || answeredRequest === id) return;
        setSlow({
          stop: () => {
            part.stop();
            state.stop();
          },
        });
      }, slowAfterMs);
      // A run that cannot be taken to its end is shown as far as it goes.
      void Promise.allSettled([part.answer, state.answer]).then(([answer, now]) => {
        clearTimeout(timer);
        if (id !== runRequest) return;
        setSlow(undefined);
        if (answer.status === 'fulfilled') setSteps([...steps().slice(0, known), ...answer.value.steps]);
        answeredRequest = id;
        if (now.status === 'fulfilled') {
          setMoment(now.value);
          while (waiting.length > 0 && answeredRequest === runRequest) waiting.shift()?.();
        } else {
          waiting = [];
          fail(now.reason);
          const { ended, steps: taken } =
            answer.status === 'fulfilled' ? answer.value : { ended: undefined, steps: [] };
          if (ended) goBackTo(path[known + taken.length], ended.cause);
        }
      });
    }),
  );

  /** Shows the last state of a run that another version of the model took further. It is no change of the person. */
  const goBackTo = (node: number | undefined, why: string): void => {
    const now = history();
    if (!now || node === undefined || node === now.present.cursor) return;
    setHistory({ ...now, present: { ...now.present, cursor: node } });
    setNotice({
      text: `this run cannot be taken to its end: ${why}`,
      remedy: 'its last state that still exists is shown; the model has changed since, or the link was',
    });
  };

  const showModel = (opened: ModelInfo, next: History<Situation>): void =>
    batch(() => {
      setSteps([]);
      setMoment(undefined);
      setMarked(new Set<string>());
      setInfo(opened);
      setHistory(next);
    });
  /** Goes to what was before, or was undone: of the model that is open, or of another one. */
  const restore = async (next: History<Situation>): Promise<void> => {
    const { design, params, memoryModel, hash } = next.present;
    const now = info();
    if (now?.design.id === design && now.hash === hash && now.memoryModel === memoryModel) {
      setHistory(next);
      return;
    }
    try {
      showModel(await client.request('open', { design, params, memoryModel }).answer, next);
    } catch (error) {
      fail(error);
    }
  };

  const open = async (request: ModelRequest, from?: Situation): Promise<void> => {
    try {
      const opened = await client.request('open', request).answer;
      if (from && from.hash !== opened.hash) {
        setNotice({
          text: `this situation is of another version of ${from.design}: its steps may not exist any more`,
          remedy: `its model is ${from.hash}, and that of today is ${opened.hash}`,
        });
      }
      const next = from ? { ...from, hash: opened.hash } : emptyOf(opened, request);
      const now = history();
      showModel(opened, now ? change(now, next) : begin(next));
    } catch (error) {
      fail(error);
    }
  };

  /** Asks the engine for something that may take long. */
  const ask = async <N extends RequestName>(
    what: string,
    name: N,
    given: Requests[N]['given'],
  ): Promise<Requests[N]['returns'] | undefined> => {
    busy()?.stop();
    const asked = info();
    const isLatest = (): boolean => busy()?.stop === pending.stop;
    const pending = client.request(name, given, (progress) => {
      if (isLatest()) setBusy({ what, progress, stop: pending.stop });
    });
    setBusy({ what, progress: undefined, stop: pending.stop });
    try {
      const answer = await pending.answer;
      // What was asked of another model, or before another search, says nothing any more.
      return isLatest() && info() === asked ? answer : undefined;
    } catch (error) {
      if (isLatest()) fail(error);
      return undefined;
    } finally {
      if (isLatest()) setBusy(undefined);
    }
  };

  /** By cell: its value at the cursor, and the number of the step that wrote it last. */
  const cells = createMemo((): readonly { value: CellValue; writtenBy: number }[] => {
    const opened = info();
    const shown = situation();
    if (!opened || !shown) return [];
    const now = opened.initialCells.map((value) => ({ value, writtenBy: 0 }));
    for (const [n, { changed }] of steps().slice(0, depthOf(shown)).entries()) {
      for (const [cell, value] of changed) now[cell] = { value, writtenBy: n + 1 };
    }
    return now;
  });

  /** By actor: the state that it is in at the cursor. */
  const states = createMemo((): readonly string[] => {
    const opened = info();
    const shown = situation();
    if (!opened || !shown) return [];
    const now = [...opened.initialStates];
    for (const { step } of steps().slice(0, depthOf(shown)))
      for (const { actor, after } of step.moves) now[actor] = after;
    return now;
  });

  return {
    client,
    notice,
    setNotice,
    busy,
    designs,
    info,
    situation,
    model,
    steps,
    moment,
    cells,
    states,
    filter,
    setFilter,
    marked,
    setMarked,
    update,
    slow,
    whenCurrent,
    open,
    ask,
    fail,
    depth: (): number => {
      const shown = situation();
      return shown ? depthOf(shown) : 0;
    },
    /** the run to the state that is shown */
    here: (): readonly number[] => {
      const shown = situation();
      return shown ? runTo(shown, shown.cursor) : [];
    },
    canUndo: (): boolean => (history()?.past.length ?? 0) > 0,
    canRedo: (): boolean => (history()?.future.length ?? 0) > 0,
    undo: (): void => {
      const now = history();
      if (now) void restore(undo(now));
    },
    redo: (): void => {
      const now = history();
      if (now) void restore(redo(now));
    },
    loadDesigns: async (): Promise<void> => {
      try {
        setDesigns(await client.request('designs', {}).answer);
      } catch (error) {
        fail(error);
      }
    },
    /** Opens the model of a schedule, with its run. */
    openSchedule: async (text: string): Promise<void> => {
      try {
        const { model: request, run, cycle = [] } = await client.request('schedule', { text }).answer;
        const opened = await client.request('open', request).answer;
        await open(request, { ...takeAll(emptyOf(opened, request), [...run, ...cycle]), cursor: 0 });
      } catch (error) {
        fail(error);
      }
    },
  };
}

function commonLength(steps: readonly RunStep[], run: readonly number[]): number {
  let n = 0;
  while (n < run.length && steps[n]?.choice === run[n]) n++;
  return n;
}
