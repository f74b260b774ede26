/** The import rules of the architecture. Those of the layers come from layers.json, which the map in CONTRIBUTING.md is printed from, too. */
const layers = require('./layers.json');

const folders = ['src', ...layers.map(({ folder }) => folder), 'test'];
const escaped = (folder) => folder.replace('.', '\\.') + (folder.endsWith('.ts') ? '$' : '/');
const anyOf = (names) => `^(${names.map(escaped).join('|')})`;

/** Adds the folders that these import, and so on. */
const withImports = (names) => {
  const more = layers.filter(({ folder }) => names.includes(folder)).flatMap(({ imports }) => imports);
  const all = [...new Set([...names, ...more])];
  return all.length === names.length ? all : withImports(all);
};

module.exports = {
  forbidden: [
    {
      name: 'no-cycle',
      comment: 'no import cycle, through types and dynamic imports either',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    ...layers.map(({ folder, holds, imports }) => ({
      name: `layer-${folder}`,
      comment: `${folder} (${holds}) imports ${imports.join(', ') || 'nothing of ours'}`,
      severity: 'error',
      from: { path: anyOf([folder]) },
      to: { path: anyOf(folders), pathNot: anyOf([folder, ...imports]) },
    })),
    {
      name: 'a-layer-for-each-file',
      comment: 'layers.json has no row for the folder of this file',
      severity: 'error',
      from: { path: '^src/', pathNot: anyOf(layers.map(({ folder }) => folder)) },
      to: {},
    },
    {
      name: 'no-node-in-a-browser',
      comment: 'the explorer runs the engines and the machines in a browser',
      severity: 'error',
      from: { path: anyOf(withImports(['src/web', 'machines'])) },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'koffi-is-for-the-host',
      comment: 'a machine without koffi runs everything but `precopy host`',
      severity: 'error',
      from: { path: '^(src|machines|properties|test)/', pathNot: '^src/host/kernel/libc\\.ts$' },
      to: { path: 'koffi' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['precopy-source', 'import', 'node', 'types'],
    },
  },
};
