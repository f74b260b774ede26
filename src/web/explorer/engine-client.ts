import type {
  EngineError,
  FromEngine,
  RequestName,
  Requests,
  SearchProgress,
  ToEngine,
} from '../../explore/messages.ts';

/** What a request was answered with: a value, an error of the model or the input, or that the engine died. */
export class EngineFailure extends Error {
  constructor(readonly error: EngineError) {
    super(error.message);
  }
}

/** What is asked of a Web Worker. */
interface EngineWorker {
  postMessage(message: ToEngine): void;
  terminate(): void;
}

interface Waiting {
  readonly resolve: (value: never) => void;
  readonly reject: (error: EngineFailure) => void;
  readonly onProgress: ((progress: SearchProgress) => void) | undefined;
}

/** A request that is under way. */
export interface Pending<N extends RequestName> {
  readonly answer: Promise<Requests[N]['returns']>;
  /** ends a search: its answer then says that it was stopped; an engine that does not heed it is ended */
  stop(): void;
}

/** How long an engine that is asked to stop may take, in ms: code of a model that does not end never lets that in. */
const patience = 3_000;

/** Talks to the engine in its Web Worker. If that dies, the next request starts another one. */
export class EngineClient {
  private worker: EngineWorker | undefined;
  private readonly waiting = new Map<number, Waiting>();
  private lastId = 0;

  /**
   * @param start starts a worker that gives its messages to `receive`, and calls `lose` if it dies
   * @param died called when it has died
   */
  constructor(
    private readonly start: (receive: (message: FromEngine) => void, lose: (why: string) => void) => EngineWorker,
    private readonly died: (why: string) => void,
  ) {}

  request<N extends RequestName>(
    name: N,
    given: Requests[N]['given'],
    onProgress?: (progress: SearchProgress) => void,
  ): Pending<N> {
    const id = ++this.lastId;
    const answer = new Promise<Requests[N]['returns']>((resolve, reject) => {
      this.waiting.set(id, { resolve, reject, onProgress });
      this.post({ kind: 'request', id, name, given });
    });
    const { worker } = this;
    const stop = (): void => {
      if (!this.waiting.has(id)) return;
      this.post({ kind: 'stop', id });
      setTimeout(() => {
        if (this.waiting.has(id) && this.worker === worker) this.lose('it did not stop when it was asked to');
      }, patience);
    };
    return { answer, stop };
  }

  private post(message: ToEngine): void {
    this.worker ??= this.start(
      (answer) => this.receive(answer),
      (why) => this.lose(why),
    );
    this.worker.postMessage(message);
  }

  private receive(message: FromEngine): void {
    if (message.kind === 'ready') return;
    const waiting = this.waiting.get(message.id);
    if (message.kind === 'progress') waiting?.onProgress?.(message.progress);
    else {
      this.waiting.delete(message.id);
      if (message.kind === 'answer') waiting?.resolve(message.value as never);
      else waiting?.reject(new EngineFailure(message.error));
    }
  }

  private lose(why: string): void {
    this.worker?.terminate();
    this.worker = undefined;
    const error = {
      code: 'ENGINE_DIED',
      message: `the engine has died: ${why}`,
      remedy: 'what you did is kept: go on',
    };
    for (const { reject } of this.waiting.values()) reject(new EngineFailure(error));
    this.waiting.clear();
    this.died(why);
  }
}
