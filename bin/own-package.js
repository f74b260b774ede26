import * as nodeModule from 'node:module';

const ownPackage = new URL('../package.json', import.meta.url).href;
/** Where in `exports` the modules of the precopy that runs are. */
let condition = 'default';

/**
 * Lets a design lie outside of this package: from now on `import ... from 'precopy'` and `'precopy/kvm'` are of the precopy that runs, wherever it stands,
 * built (`default`) or as sources (`types`), and a TypeScript file is an ES module whatever package it lies in.
 */
export function hookOwnPackage(which) {
  const { registerHooks, register } = nodeModule;
  initialize(which);
  if (registerHooks) registerHooks({ resolve: resolveInThread });
  else register(import.meta.url, { data: which });
}

/** Before version 22.15 Node runs hooks in a thread of their own: what they have to know is sent there. */
export function initialize(which) {
  condition = which;
}

const resolveInThread = (specifier, context, next) => asModule(next(specifier, ownContext(specifier, context)));

/** The same in a thread of its own. */
export const resolve = async (specifier, context, next) =>
  asModule(await next(specifier, ownContext(specifier, context)));

function ownContext(specifier, context) {
  if (specifier !== 'precopy' && !specifier.startsWith('precopy/')) return context;
  return { ...context, parentURL: ownPackage, conditions: [...context.conditions, condition] };
}

function asModule(resolved) {
  const isTypeScript = /\.ts(\?|$)/.test(resolved.url);
  return isTypeScript && resolved.format === 'commonjs' ? { ...resolved, format: 'module' } : resolved;
}
