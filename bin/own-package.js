import { readFileSync } from 'node:fs';
import * as nodeModule from 'node:module';
import { fileURLToPath } from 'node:url';
import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads';

const ownPackage = new URL('../package.json', import.meta.url).href;
/** The condition in `exports` by which the modules of the running precopy are found. */
let condition = 'default';
/** Is told each import: the modules from which and which. */
let report = () => {};

/**
 * Lets a design lie outside of this package: from now on `import ... from 'precopy'` and `'precopy/kvm'` are of the precopy that runs, wherever it stands,
 * built (`default`) or as sources (`precopy-source`), and a TypeScript file, or a JavaScript file with `import` or `export`, is an ES module whatever package it lies in.
 * @returns a function that returns the imports since it was last called, as pairs of URLs: of the importing module, and of the imported one
 */
export function hookOwnPackage(which) {
  const { registerHooks, register } = nodeModule;
  if (registerHooks) {
    const imports = [];
    initialize({ which, tell: (pair) => imports.push(pair) });
    registerHooks({ resolve: resolveInThread });
    return () => imports.splice(0);
  }
  const { port1, port2 } = new MessageChannel();
  register(import.meta.url, { data: { which, port: port2 }, transferList: [port2] });
  port1.unref();
  return () => {
    const imports = [];
    for (let next = receiveMessageOnPort(port1); next; next = receiveMessageOnPort(port1)) imports.push(next.message);
    return imports;
  };
}

/** Before version 22.15 Node runs hooks in a thread of their own: what they have to know is sent there, and what they see from there. */
export function initialize({ which, port, tell = (pair) => port.postMessage(pair) }) {
  condition = which;
  report = tell;
}

const resolveInThread = (specifier, context, next) =>
  reported(context, asModule(next(specifier, ownContext(specifier, context))));

/** The same in a thread of its own. */
export const resolve = async (specifier, context, next) =>
  reported(context, asModule(await next(specifier, ownContext(specifier, context))));

function reported({ parentURL }, resolved) {
  if (parentURL !== undefined && !resolved.url.startsWith('node:')) report([parentURL, resolved.url]);
  return resolved;
}

function ownContext(specifier, context) {
  if (specifier !== 'precopy' && !specifier.startsWith('precopy/')) return context;
  return { ...context, parentURL: ownPackage, conditions: [...context.conditions, condition] };
}

/** What `tsx` adds to the name of a TypeScript file to have it loaded as CommonJS. */
const asCommonJs = /(?<=\.(tsx?|js))(%3F|\?)tsx-commonjs.*$/;
/** A line that only an ES module has. */
const moduleSyntax = /^\s*(import\s*['"{*\w]|export\s*(default|const|let|function|class|async|\{|\*))/m;

function asModule(resolved) {
  const url = resolved.url.replace(asCommonJs, '');
  return resolved.format === 'commonjs' && isModule(url) ? { ...resolved, url, format: 'module' } : resolved;
}

function isModule(url) {
  if (/\.tsx?(\?|$)/.test(url)) return true;
  return (
    !url.includes('/node_modules/') &&
    /^file:.*\.js$/.test(url) &&
    moduleSyntax.test(readFileSync(fileURLToPath(url), 'utf8'))
  );
}
