import * as nodeModule from 'node:module';

/** What Node hands to a hook, as far as it is used here. */
interface Context {
  readonly parentURL?: string | undefined;
}
interface Resolved {
  readonly url: string;
  readonly format?: string | null | undefined;
}
type Resolve<R> = (specifier: string, context: Context, next: (specifier: string, context: Context) => R) => R;

const ownPackage = new URL('../../package.json', import.meta.url).href;

/**
 * Lets a design lie outside of this package: from now on `import ... from 'precopy'` and `'precopy/kvm'` are of the precopy that runs, wherever it stands, and a
 * TypeScript file is an ES module whatever package it lies in.
 */
export function hookOwnPackage(): void {
  const { registerHooks, register } = nodeModule as {
    registerHooks?: (hooks: object) => void;
    register: typeof nodeModule.register;
  };
  if (registerHooks) registerHooks({ resolve: resolveInThread });
  else register(import.meta.url);
}

const resolveInThread: Resolve<Resolved> = (specifier, context, next) =>
  asModule(next(specifier, fromOwnPackage(specifier, context)));

/**
 * The same where Node, before version 22.15, runs hooks in a thread of their own.
 * @public
 */
export const resolve: Resolve<Promise<Resolved>> = async (specifier, context, next) =>
  asModule(await next(specifier, fromOwnPackage(specifier, context)));

function fromOwnPackage(specifier: string, context: Context): Context {
  return specifier === 'precopy' || specifier.startsWith('precopy/') ? { ...context, parentURL: ownPackage } : context;
}

function asModule(resolved: Resolved): Resolved {
  const isTypeScript = /\.ts(\?|$)/.test(resolved.url);
  return isTypeScript && resolved.format === 'commonjs' ? { ...resolved, format: 'module' } : resolved;
}
