/** What a function of the platform tells that is not in a program, or does that is not in its result. */
export type BuiltinKind =
  /** tells the time */
  | 'clock'
  /** draws a random number */
  | 'chance'
  /** calls back later */
  | 'timer'
  /** reads or writes the file that its first argument names */
  | 'file'
  /** reads a variable of the environment, which its first argument names */
  | 'environment'
  /** tells something of the process or the machine that is the same for as long as both run */
  | 'machine'
  /** talks to another process or machine, or reads stdin */
  | 'outside'
  /** ends the process, or changes it */
  | 'process';

/** A call of a function of the platform, before it is executed. */
export interface BuiltinCall {
  readonly kind: BuiltinKind;
  /** as in code: `Date.now`, `fs.readFileSync` */
  readonly name: string;
  readonly args: readonly unknown[];
  /** stands in for the function: in a stack, its caller made the call (`Error.captureStackTrace`) */
  readonly standIn: Callable;
}

type Callable = (...args: never[]) => unknown;

/** Is told of calls. What it throws, the caller gets instead of a result. */
export type BuiltinObserver = (call: BuiltinCall) => void;

const observers = new Set<BuiltinObserver>();
let isInstalled = false;

/**
 * Tells an observer of all calls in this thread, from anywhere, of functions whose results depend on more than their
 * arguments. The functions are replaced at the first call and stay so: without an observer they do what they did.
 * @returns a function that ends it
 */
export function observeBuiltins(observer: BuiltinObserver): () => void {
  if (!isInstalled) install();
  isInstalled = true;
  observers.add(observer);
  return () => observers.delete(observer);
}

function notify(kind: BuiltinKind, name: string, args: readonly unknown[], standIn: Callable): void {
  for (const observer of observers) observer({ kind, name, args, standIn });
}

type Functions = Record<string, unknown>;

const fileModules = ['fs', 'fs/promises'];
const outsideModules = ['child_process', 'dgram', 'dns', 'dns/promises', 'http', 'http2', 'https', 'net', 'tls'];
const randomFunctions = [
  ...['randomBytes', 'randomFill', 'randomFillSync', 'randomInt', 'randomUUID', 'pseudoRandomBytes'],
  ...['generateKey', 'generateKeySync', 'generateKeyPair', 'generateKeyPairSync', 'generatePrime', 'generatePrimeSync'],
];
const timerFunctions = ['setTimeout', 'setInterval', 'setImmediate'];
const changingFigures = ['cpus', 'freemem', 'loadavg', 'uptime'];

/** Whether there are the modules of Node: a browser has none of them. */
const isNode = typeof process !== 'undefined' && typeof process.getBuiltinModule === 'function';

function install(): void {
  observeGlobals();
  if (isNode) observeNode();
}

function observeNode(): void {
  for (const name of fileModules) observeModule(name, () => 'file');
  for (const name of outsideModules) observeModule(name, () => 'outside');
  observeModule('os', (name) => (changingFigures.includes(name) ? 'clock' : 'machine'));
  observeModule('crypto', (name) => (randomFunctions.includes(name) ? 'chance' : undefined));
  observeModule('timers', (name) => (timerFunctions.includes(name) ? 'timer' : undefined));
  observeModule('timers/promises', () => 'timer');
  observeProcess();
  process.getBuiltinModule('module').syncBuiltinESMExports();
}

/** Observes the functions of a module of Node, but not its classes. */
function observeModule(id: string, kindOf: (name: string) => BuiltinKind | undefined): void {
  const module = process.getBuiltinModule(id) as unknown as Functions;
  for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(module))) {
    const kind = typeof value === 'function' && /^[a-z]/.test(name) ? kindOf(name) : undefined;
    if (kind) observe(module, name, kind, `${id.replace('/', '.')}.${name}`);
  }
}

function observeGlobals(): void {
  const scope = globalThis as unknown as Functions;
  for (const name of [...timerFunctions, 'queueMicrotask']) observe(scope, name, 'timer', name);
  for (const name of ['fetch', 'WebSocket']) if (scope[name]) observe(scope, name, 'outside', name);
  observe(Math as unknown as Functions, 'random', 'chance', 'Math.random');
  observe(Date as unknown as Functions, 'now', 'clock', 'Date.now');
  scope['Date'] = new Proxy(Date, {
    apply: function apply(date, self, args) {
      notify('clock', 'Date', args, apply);
      return Reflect.apply(date, self, args) as string;
    },
    construct: function construct(date, args, target) {
      if (args.length === 0) notify('clock', 'new Date', args, construct);
      return Reflect.construct(date, args, target) as Date;
    },
  });
  observe(performance as unknown as Functions, 'now', 'clock', 'performance.now');
  const crypto = Object.getPrototypeOf(globalThis.crypto) as Functions;
  for (const name of ['getRandomValues', 'randomUUID']) observe(crypto, name, 'chance', `crypto.${name}`);
}

function observeProcess(): void {
  const scope = process as unknown as Functions;
  for (const name of ['uptime', 'cpuUsage', 'memoryUsage', 'resourceUsage']) {
    if (scope[name]) observe(scope, name, 'clock', `process.${name}`);
  }
  observe(process.hrtime as unknown as Functions, 'bigint', 'clock', 'process.hrtime.bigint');
  observe(scope, 'hrtime', 'clock', 'process.hrtime');
  observe(scope, 'nextTick', 'timer', 'process.nextTick');
  observe(scope, 'cwd', 'machine', 'process.cwd');
  for (const name of ['exit', 'abort', 'kill', 'chdir']) observe(scope, name, 'process', `process.${name}`);
  scope['env'] = observedRecord(process.env, (name, standIn) => notify('environment', 'process.env', [name], standIn));
  scope['argv'] = observedRecord(process.argv, (name, standIn) => {
    if (name !== '0' && name !== '1') notify('machine', 'process.argv', [], standIn);
  });
  const stdin = Object.getOwnPropertyDescriptor(process, 'stdin');
  Object.defineProperty(process, 'stdin', {
    ...stdin,
    get: function get() {
      notify('outside', 'process.stdin', [], get);
      return stdin?.get?.call(process) as unknown;
    },
  });
}

/** Replaces a function. What it is called with, and its properties, stay what they are. */
function observe(owner: Functions, name: string, kind: BuiltinKind, fullName: string): void {
  const original = owner[name];
  if (typeof original !== 'function') return;
  const replacement = new Proxy(original, {
    apply: function apply(called, self, args) {
      if (observers.size > 0) notify(kind, fullName, args, apply);
      return Reflect.apply(called, self, args) as unknown;
    },
    construct: function construct(called, args, target) {
      if (observers.size > 0) notify(kind, fullName, args, construct);
      return Reflect.construct(called, args, target) as object;
    },
  });
  const descriptor = Object.getOwnPropertyDescriptor(owner, name) ?? { writable: true, enumerable: true };
  Object.defineProperty(owner, name, { ...descriptor, value: replacement, configurable: true });
}

/** Tells of each read of a property. A read of all names is one of each. */
function observedRecord<T extends object>(record: T, onRead: (name: string, standIn: Callable) => void): T {
  const read = (name: string | symbol, standIn: Callable): void => {
    if (typeof name === 'string') onRead(name, standIn);
  };
  return new Proxy(record, {
    get: function get(from, name) {
      read(name, get);
      return Reflect.get(from, name) as unknown;
    },
    // `process.env` takes no property that is defined rather than set.
    set: (from, name, value) => Reflect.set(from, name, value),
    has: function has(from, name) {
      read(name, has);
      return Reflect.has(from, name);
    },
    ownKeys: function ownKeys(from) {
      for (const name of Reflect.ownKeys(from)) read(name, ownKeys);
      return Reflect.ownKeys(from);
    },
  });
}
