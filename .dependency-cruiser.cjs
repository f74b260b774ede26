/** The import rules of the architecture: nothing flows back up. */
const only = (name, from, allowed, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from },
  to: { path: '^(src|machines|properties|bench|test|examples)/', pathNot: allowed },
});

module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    only('model-stands-alone', '^src/model/', '^src/model/', 'the model imports nothing of ours'),
    only(
      'compile-knows-the-model',
      '^src/compile/',
      '^src/(compile|model)/',
      'the compiler knows machines only through the model',
    ),
    only(
      'live-knows-the-model',
      '^src/live/',
      '^src/(live|model)/',
      'the live runtime stands beside the compiler, not on it',
    ),
    only('cache-knows-programs', '^src/cache/', '^src/(cache|compile|model)/', 'the transition cache wraps a Program'),
    only('search-knows-no-kvm', '^src/search/', '^src/(search|cache|compile|model)/', 'an engine drives a Program'),
    only('clock-knows-no-kvm', '^src/clock/', '^src/(clock|compile|model)/', 'the simulator drives a Program, too'),
    only(
      'simulate-knows-no-design',
      '^src/simulate/',
      '^src/(simulate|clock|compile|model)/',
      'policies and metrics of KVM and QEMU',
    ),
    only(
      'host-knows-no-design',
      '^src/host/',
      '^src/(host|model|clock|simulate)/',
      'the host measures for the clock, and is given the designs',
    ),
    {
      name: 'koffi-is-for-the-host',
      comment: 'a machine without koffi runs everything but `precopy host`',
      severity: 'error',
      from: { path: '^(src|machines|properties|test)/', pathNot: '^src/host/kernel/libc\\.ts$' },
      to: { path: 'koffi' },
    },
    only('renderers-know-traces', '^src/trace/', '^src/(trace|model)/', 'a renderer gets traces and results'),
    only(
      'reports-know-results',
      '^src/report/',
      '^src/(report|simulate|clock|trace|compile|model)/',
      'a report gets results',
    ),
    only(
      'machines-know-the-model',
      '^(machines|properties)/',
      '^(machines|properties|src/model)/',
      'a machine knows no engine',
    ),
    {
      name: 'designs-are-for-the-front',
      comment: 'only the command line and the public modules know the shipped machines and properties',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(app/|cli/|testing/|index\\.ts$)' },
      to: { path: '^(machines|properties)/' },
    },
    {
      name: 'no-tests-in-the-product',
      severity: 'error',
      from: { path: '^(src|machines|properties)/' },
      to: { path: '^(test|bench|examples)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'types'] },
  },
};
