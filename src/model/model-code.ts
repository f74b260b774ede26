import { type ErrorCode, PrecopyError } from './errors.ts';
import { describeValue, isPromise } from './values.ts';

/**
 * Code of a design runs if `running` is not 0: it is then the id of an action, guard or property. Whatever calls one
 * says so first, and sets it back. Such a function depends on the cells, the event and the params alone, so calls that
 * would tell it anything else are refused meanwhile.
 */
export const modelCode = { running: 0 };

const names = ['code of the design'];
const ids = new Map<string, number>();

/** Returns the id of a function of a design, by the name that errors give it. */
export function modelFunctionId(name: string): number {
  const id = ids.get(name) ?? names.push(name) - 1;
  ids.set(name, id);
  return id;
}

export const actionId = (machine: string, action: string): number =>
  modelFunctionId(`machine '${machine}': the action '${action}'`);

export const guardId = (machine: string, guard: string): number =>
  modelFunctionId(`machine '${machine}': the guard '${guard}'`);

/** Returns the name of a function of a design. */
const modelFunctionName = (id: number): string => names[id] as string;

/**
 * Refuses the answer of a function, by default the running one, which must be true or false. JavaScript would take a
 * promise for true, and a forgotten `return` for false.
 * @throws PrecopyError `BAD_DESIGN`
 */
export function refuseAnswer(answer: unknown, name = endModelCode()): never {
  const cause = `${name} returns ${describeValue(answer)}`;
  throw new PrecopyError('BAD_DESIGN', cause, 'return true or false, from a function that is not async');
}

/**
 * Checks the result of the running action. It is ignored, unless it shows that the action is not done: that of an
 * `async` function, or of a generator.
 * @throws PrecopyError `BAD_DESIGN`
 */
export function checkResult(result: unknown): void {
  if (typeof result !== 'object' || result === null) return;
  const isUnfinished = isPromise(result) || typeof (result as { next?: unknown }).next === 'function';
  if (!isUnfinished) return;
  const cause = `${endModelCode()} returns ${isPromise(result) ? 'a promise' : 'a generator'}, so it is not done yet`;
  throw new PrecopyError('BAD_DESIGN', cause, 'make it a plain function, neither async nor a generator');
}

/** Ends the running function, which failed. Returns its name. */
function endModelCode(): string {
  const name = modelFunctionName(modelCode.running);
  modelCode.running = 0;
  return name;
}

/**
 * Refuses what the running function does.
 * @throws PrecopyError `BAD_DESIGN`, or another code
 */
export function refuseModelCode(does: string, remedy: string, code: ErrorCode = 'BAD_DESIGN'): never {
  throw new PrecopyError(code, `${endModelCode()} ${does}`, remedy);
}

let refusal: PrecopyError | undefined;

/**
 * Returns the last error of a design that `ask` and `act` threw, and forgets it: xstate, which calls them, wraps
 * exceptions of guards, and reports those of actions to observers.
 */
export function takeRefusal(): PrecopyError | undefined {
  const taken = refusal;
  refusal = undefined;
  return taken;
}

function failed(error: unknown): unknown {
  const explained = explain(error);
  if (explained instanceof PrecopyError) refusal = explained;
  return explained;
}

/** Calls a function of a design that answers true or false. */
export function ask(id: number, call: () => unknown): boolean {
  const before = modelCode.running;
  modelCode.running = id;
  try {
    const answer = call();
    return answer === true || (answer !== false && refuseAnswer(answer));
  } catch (error) {
    throw failed(error);
  } finally {
    modelCode.running = before;
  }
}

/** Calls an action. */
export function act(id: number, call: () => unknown): void {
  const before = modelCode.running;
  modelCode.running = id;
  try {
    checkResult(call());
  } catch (error) {
    throw failed(error);
  } finally {
    modelCode.running = before;
  }
}

/** The messages of V8 about writes to what is frozen. */
const refusedWrite =
  /^Cannot (assign to read only property|add property|define property|delete property|redefine property)|which has only a getter$|object is not extensible$/;

/** The message of V8 about a class that is called like a function. */
const calledClass = /^Class constructors? .*cannot be invoked without 'new'$/;

/**
 * Returns an exception of the running function, as an error of the design if that wrote where it must not, is a class,
 * or threw what is no error and does not say where it comes from.
 */
export function explain(error: unknown): unknown {
  const name = modelFunctionName(modelCode.running);
  if (!(error instanceof Error)) {
    return new PrecopyError('BAD_DESIGN', `${name} throws ${describeValue(error)}`, 'throw an Error, or nothing');
  }
  if (!(error instanceof TypeError)) return error;
  if (calledClass.test(error.message))
    return new PrecopyError('BAD_DESIGN', `${name} is a class`, 'make it a function');
  if (!refusedWrite.test(error.message)) return error;
  const cause = `${name} writes to what must not change: ${error.message}`;
  return new PrecopyError('BAD_DESIGN', cause, 'keep what changes in a cell or a register');
}
