import { modelCode, refuseModelCode } from '../model/model-code.ts';
import { type BuiltinCall, type BuiltinKind, observeBuiltins } from './observed-builtins.ts';

let isRefusing = false;

/**
 * Refuses from now on, in this thread, that actions, guards and properties call functions of the platform that tell
 * them something else than the state, or do something besides: a step must be the same whenever it is taken. All other
 * code calls them as before. Output to the console is allowed, as it helps to find a mistake and changes no step.
 */
export function refuseOutsideCalls(): void {
  if (isRefusing) return;
  isRefusing = true;
  observeBuiltins((call) => {
    if (modelCode.running !== 0) refuseModelCode(`calls ${nameOf(call)}`, remedies[call.kind]);
  });
  allowConsole();
}

/** Lets the console do what it needs for its output: it looks at the environment, and writes to a file. */
function allowConsole(): void {
  const methods = console as unknown as Record<string, unknown>;
  for (const [name, method] of Object.entries(methods)) {
    if (typeof method !== 'function') continue;
    methods[name] = new Proxy(method, {
      apply(called, self, args) {
        const { running } = modelCode;
        modelCode.running = 0;
        try {
          return Reflect.apply(called, self, args) as unknown;
        } finally {
          modelCode.running = running;
        }
      },
    });
  }
}

const nameOf = ({ kind, name, args }: BuiltinCall): string =>
  kind === 'environment' ? `${name}.${String(args[0])}` : name;

const readBefore = 'read it while the file loads, or make it a parameter';
const remedies: Readonly<Record<BuiltinKind, string>> = {
  clock: 'a model has no time: let an actor have a step at any moment, by an event of its own',
  chance: 'let an event carry the choice as its payload: a search then tries every value',
  timer: 'an action is done when it returns: give the actor an event of its own for what happens later',
  file: readBefore,
  environment: readBefore,
  machine: readBefore,
  outside: 'send a message to an actor that models the other side',
  process: 'let a property say what must not happen',
};
