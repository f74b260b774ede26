import type { AnyDesign } from '../model/design.ts';
import { PrecopyError } from '../model/errors.ts';
import { didYouMean } from '../model/nearest-name.ts';
import { parseSchedule } from '../model/schedule-text.ts';
import type { StopReason } from '../search/exploration.ts';
import { renderer } from '../trace/renderers.ts';
import type {
  EngineError,
  FromEngine,
  ModelRequest,
  RequestName,
  Requests,
  SearchAnswer,
  SearchProgress,
  ToEngine,
} from './messages.ts';
import { designInfo } from './model-info.ts';
import { OpenModel } from './open-model.ts';
import type { StateSearch } from './searches.ts';

type Given<N extends RequestName> = Requests[N]['given'];
type Returns<N extends RequestName> = Requests[N]['returns'];

/** What a request that takes long is given. */
interface Turn {
  /** lets messages in, and returns a reason to stop if one has come */
  readonly pause: (progress: SearchProgress) => Promise<StopReason | undefined>;
}

type Handlers = { readonly [N in RequestName]: (given: Given<N>, turn: Turn) => Returns<N> | Promise<Returns<N>> };

/** Models that are open at a time: two that are compared, and those that a person goes back to. */
const maxOpen = 4;

/**
 * Answers the requests of a page. It has no clock and no threads: whoever owns it passes messages in both directions
 * (`new Engine(designs, postMessage)`, a Web Worker or a test).
 */
export class ExplorerEngine {
  private readonly models = new Map<string, OpenModel>();
  private readonly stopped = new Set<number>();

  /**
   * @param designs that can be opened, mutants included
   * @param post sends a message to the page
   * @param pause lets messages in that have arrived meanwhile
   */
  constructor(
    private readonly designs: readonly AnyDesign[],
    private readonly post: (message: FromEngine) => void,
    private readonly pause: () => Promise<void>,
  ) {}

  /** Receives a message of the page. Its answer is posted. */
  async receive(message: ToEngine): Promise<void> {
    const { id } = message;
    if (message.kind === 'stop') {
      this.stopped.add(id);
      return;
    }
    const turn: Turn = {
      pause: async (progress) => {
        this.post({ kind: 'progress', id, progress });
        await this.pause();
        return this.stopped.has(id) ? 'interrupt' : undefined;
      },
    };
    try {
      if (!Object.hasOwn(this.handlers, message.name)) {
        const remedy = 'load the page anew: page and engine are of two versions';
        throw new PrecopyError('BAD_PARAMETER', `unknown request ${message.name}`, remedy);
      }
      const handler = this.handlers[message.name] as (given: unknown, turn: Turn) => unknown;
      this.post({ kind: 'answer', id, value: await handler(message.given, turn) });
    } catch (error) {
      this.post({ kind: 'error', id, error: errorAsData(error) });
    } finally {
      this.stopped.delete(id);
    }
  }

  private readonly handlers: Handlers = {
    designs: () => this.designs.map(designInfo),
    open: (model) => this.opened(model).info,
    run: ({ model, run, from }) => this.opened(model).run(run, from),
    moment: ({ model, run }) => this.opened(model).moment(run),
    search: ({ model, run, goal, limits }, turn) => drive(this.opened(model).search(run, goal, limits), turn),
    prospects: async ({ model, run, limits }, turn) => {
      const open = this.opened(model);
      const prospects: { property: string; answer: SearchAnswer }[] = [];
      for (const property of open.safetyProperties) {
        const answer = await drive(open.search(run, { kind: 'violation', property }, limits), turn);
        prospects.push({ property, answer });
      }
      return prospects;
    },
    commuting: ({ model, run, choice }) => this.opened(model).commuting(run, choice),
    shrink: ({ model, run, towards }) => this.opened(model).shrink(run, towards),
    compare: ({ left, right }) => this.opened(left.model).compare(left.run, this.opened(right.model), right.run),
    translate: ({ model, run, to }) => this.opened(model).translate(run, this.opened(to)),
    schedule: ({ text }) => this.readSchedule(text),
    export: async ({ model, run, format }) => {
      const render = await renderer(format);
      const result = render(this.opened(model).trace(run));
      return typeof result === 'string' ? { text: result } : { bytes: result };
    },
  };

  private readSchedule(text: string): Returns<'schedule'> {
    const { design, params, memoryModel, model: hash, choiceIds, cycle } = parseSchedule(text);
    const model: ModelRequest = { design, params, memoryModel };
    const { info } = this.opened(model);
    if (info.hash !== hash) {
      const cause = `this schedule is of another version of ${design}: its model is ${hash}, and that of today is ${info.hash}`;
      throw new PrecopyError('BAD_SCHEDULE', cause, 'check the design again for a new schedule');
    }
    return { model, run: choiceIds, ...(cycle && { cycle }) };
  }

  /** Returns an open model, opened now if need be. */
  private opened(request: ModelRequest): OpenModel {
    const { design: id, params = {}, memoryModel } = request;
    const key = JSON.stringify([id, Object.entries(params).sort(), memoryModel]);
    const known = this.models.get(key);
    this.models.delete(key);
    const model = known ?? new OpenModel(this.designNamed(id), params, memoryModel);
    this.models.set(key, model);
    for (const [oldest, other] of this.models) {
      if (this.models.size <= maxOpen) break;
      other.close();
      this.models.delete(oldest);
    }
    return model;
  }

  private designNamed(id: string): AnyDesign {
    const found = this.designs.find((design) => design.id === id);
    if (found) return found;
    const ids = this.designs.map((design) => design.id);
    const remedy = 'a design of your own has to be in the file that the explorer was started with';
    throw new PrecopyError('UNKNOWN_NAME', `there is no design '${id}'${didYouMean(id, ids)}`, remedy);
  }
}

async function drive(search: StateSearch, { pause }: Turn): Promise<SearchAnswer> {
  let turn = search.next();
  while (!turn.done) {
    const { states, depth } = turn.value;
    turn = search.next(await pause({ states, depth }));
  }
  return turn.value;
}

function errorAsData(error: unknown): EngineError {
  if (!(error instanceof PrecopyError)) {
    return { code: 'INTERNAL', message: error instanceof Error ? error.message : String(error) };
  }
  const { code, message, remedy, excerpt } = error;
  return { code, message, remedy, ...(excerpt !== undefined && { excerpt }) };
}
