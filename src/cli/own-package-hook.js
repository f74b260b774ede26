/**
 * A module hook for designs that live outside of this package: `import ... from 'precopy'` is the precopy that runs, and a TypeScript file
 * is an ES module wherever it lies.
 */
let ownPackage;

export function initialize(data) {
  ownPackage = data.ownPackage;
}

export async function resolve(specifier, context, nextResolve) {
  if (specifier === 'precopy') return nextResolve(specifier, { ...context, parentURL: ownPackage });
  const resolved = await nextResolve(specifier, context);
  const isTypeScript = /\.ts$/.test(resolved.url.split('?')[0]);
  return isTypeScript && resolved.format === 'commonjs' ? { ...resolved, format: 'module' } : resolved;
}
