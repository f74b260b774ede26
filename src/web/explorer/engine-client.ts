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

interface Waiting {
  readonly resolve: (value: never) => void;
  readonly reject: (error: EngineFailure) => void;
  readonly onProgress: ((progress: SearchProgress) => void) | undefined;
}

/** A request that is under way. */
export interface Pending<N extends RequestName> {
  readonly answer: Promise<Requests[N]['returns']>;
  /** ends a search: its answer then says that it was stopped */
  stop(): void;
}

/** Talks to the engine in its Web Worker. If that dies, the next request starts another one. */
export class EngineClient {
  private worker: Worker | undefined;
  private readonly waiting = new Map<number, Waiting>();
  private lastId = 0;

  /**
   * @param start starts a worker
   * @param died called when it has died
   */
  constructor(
    private readonly start: () => Worker,
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
    return { answer, stop: () => this.post({ kind: 'stop', id }) };
  }

  private post(message: ToEngine): void {
    this.worker ??= this.started();
    this.worker.postMessage(message);
  }

  private started(): Worker {
    const worker = this.start();
    worker.onmessage = ({ data }: MessageEvent<FromEngine>) => this.receive(data);
    worker.onerror = ({ message }) => this.lose(message || 'it did not start');
    worker.onmessageerror = () => this.lose('a message could not be read');
    return worker;
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
