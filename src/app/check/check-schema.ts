import { z } from 'zod';
import type { DeepReadonly } from '../../model/deep-readonly.ts';
import { memoryModels } from '../../model/store-buffer.ts';
import { traceDocument } from '../../model/trace.ts';
import { symbolicActivities } from '../../search/exploration.ts';

const verdict = z.enum(['holds', 'violated', 'inconclusive']);

const transitionName = z.object({
  machine: z.string(),
  source: z.string().describe('the state that declares the transition'),
  event: z.string().describe('empty for an eventless transition'),
  index: z.int().describe('position among the transitions of this state and event'),
  target: z.string().exactOptional(),
});

const searchFigures = z.object({
  params: z.record(z.string(), z.int()).describe('the parameters of the run, by name'),
  memoryModel: z.enum(memoryModels).describe('when plain stores reach memory: at once, or through store buffers'),
  verdict,
  stoppedBy: z
    .enum(['max-states', 'max-memory', 'disk', 'time', 'interrupt', 'runs', 'preemptions', 'bits', 'depth', 'views'])
    .exactOptional()
    .describe('why the search ended early; only if the verdict is inconclusive'),
  states: z
    .number()
    .describe(
      'distinct states; an estimate for sampled schedules, swarm and dpor. ' +
        'Rounded above 2^53, which only a symbolic search exceeds: `symbolic.states` has all digits',
    ),
  transitions: z
    .number()
    .describe(
      'states generated, revisits included; the initial state counts. Rounded above 2^53, as `states` is; ' +
        'of a symbolic search that was stopped, those that were counted by then',
    ),
  depth: z
    .int()
    .exactOptional()
    .describe(
      'of the state graph, or of the counterexample; the initial state has depth 1. Absent if a symbolic search, ' +
        'whose saturation has no levels, found no violation',
    ),
  statesLeft: z
    .int()
    .exactOptional()
    .describe('of a search that was stopped: an estimate of the unvisited states, from the growth of the levels'),
  seconds: z.number(),
  cpuSeconds: z
    .number()
    .exactOptional()
    .describe('processor time of the search, with its worker threads; absent for a swarm'),
  collisionProbability: z
    .number()
    .describe('probability that a state was omitted: distinct * (generated - distinct) / 2^64, as in TLC'),
  tableBytes: z.int().describe('memory of visited set and predecessor log, without the frontier'),
  frontierBytes: z.int().exactOptional().describe('of a search that was stopped: memory of the frontier'),
  untaken: z
    .array(transitionName)
    .exactOptional()
    .describe('of a search that ended with `holds`: transitions that no step takes at these params'),
  sayNothing: z
    .array(z.string())
    .exactOptional()
    .describe(
      'of a search that ended with `holds`: properties that read nothing of the state, so that they hold in any',
    ),
});

const stepsFound = z
  .int()
  .exactOptional()
  .describe('length of the schedule that violated a property, before it was shrunk');

const bitstate = z.object({
  seed: z.int().describe('the same seed gives the same search'),
  depth: z.int().describe('depth bound, in steps'),
  depthBoundReached: z.boolean().describe('whether the bound cut off a schedule'),
  bits: z.int().describe('size of the bit array'),
  hashesPerState: z.int().describe('bits that each state sets'),
  expectedOmissions: z
    .number()
    .describe('expected number of states omitted by collisions, without the states reachable only through them'),
  stepsFound,
});

const sampled = z.object({
  strategy: z.string(),
  seed: z.int().describe('the same seed gives the same schedules'),
  runs: z.int().describe('schedules sampled; the last one violates the property, if any does'),
  depth: z.int().describe('longest schedule, in steps'),
  stepsFound,
  bound: z
    .object({
      bugDepth: z.int().describe('ordering constraints of a bug that is found with this probability'),
      actors: z.int().describe('actors that can begin steps'),
      steps: z.int().describe('longest schedule, in steps'),
      probability: z.number().describe('1 / (actors * steps^(bugDepth - 1)), for one schedule'),
    })
    .exactOptional()
    .describe('lower bound on the detection probability of PCT'),
});

const dpor = z.object({
  depth: z.int().describe('most steps of each actor'),
  executions: z.int().describe('complete schedules: one of each Mazurkiewicz trace'),
  blocked: z.int().describe('schedules abandoned because every continuation was in the sleep set'),
  restarts: z.int().describe('restarts after a further visible field was discovered'),
  depthBoundReached: z.boolean().describe('whether the bound disabled a step'),
  stepsFound,
});

const anyNumber = z.object({
  param: z.string().describe('the parameter that counts the processes'),
  from: z.int().describe('its smallest value that the verdict is for'),
  to: z.int().describe('its largest value'),
  views: z.int().describe('views: what belongs to no process, and what belongs to one'),
  wholes: z.int().describe('different states of what belongs to no process'),
  configurations: z.int().describe('states that were built of views'),
  triedAt: z.array(z.int()).describe('its values at which it was tried whether a step or a property depends on it'),
  notProved: z.array(z.string()).describe('properties that views do not prove and that no search found violated'),
});

const symbolic = z.object({
  states: z.string().describe('exact number of visited states, in decimal digits'),
  transitions: z
    .string()
    .exactOptional()
    .describe('exact number of their transitions; absent if the search was stopped before they were counted'),
  checked: z
    .string()
    .describe('in how many states all properties were checked: all of them, unless the search was stopped'),
  checkedByProperty: z
    .array(z.object({ id: z.string(), states: z.string() }))
    .exactOptional()
    .describe('of a stopped search: by property, in how many of the visited states it is known to hold'),
  activity: z
    .enum(symbolicActivities)
    .exactOptional()
    .describe(
      'of a stopped search: it learned relations, checked properties, saturated the set of states, added a level to ' +
        'it, repeated what was learned, or evaluated covers and counted transitions',
    ),
  rounds: z.int().describe('rounds of learning, checking and saturation; 0 if the states are visited breadth first'),
  violated: z
    .string()
    .exactOptional()
    .describe('of a stopped search: a property that is violated, in a state to which no schedule was found yet'),
  nodes: z.int().describe('nodes of the decision diagram of all states'),
  peakNodes: z.int().describe('most nodes of all diagrams at one time'),
  variables: z.int().describe('bits of the state that change'),
  paths: z.int().describe('paths through guards and actions, of all choices'),
});

const coverage = z.object({
  transitions: z
    .array(
      transitionName.extend({
        actions: z.array(z.string()),
        taken: z.int().describe('times taken, by all actors of the machine; 0: unreached'),
        newStates: z.int().describe('new states found by steps that began with the transition'),
      }),
    )
    .describe('of all machines'),
  deadCells: z.array(z.string()).describe('cells that have their initial value in every state'),
});

const trace = traceDocument.meta({ id: 'trace' });

const counterexample = z.object({
  property: z.string(),
  length: z.int().describe('number of steps'),
  stem: z.int().exactOptional().describe('of a lasso: steps before the cycle'),
  cycle: z.int().exactOptional().describe('of a lasso: steps of the cycle'),
  schedule: z.string().describe('the argument of `precopy replay`'),
  trace: trace.exactOptional().describe('what live actors did; omitted in the table of mutants'),
});

const goal = z.object({
  until: z.string().exactOptional().describe('the expression over states'),
  show: z.string().exactOptional().describe('id of the cover'),
  run: z
    .object({
      length: z.int().describe('number of steps'),
      schedule: z.string().describe('the argument of `precopy replay --property well-formed`'),
      trace: trace.describe('what live actors did'),
    })
    .exactOptional()
    .describe(
      'a run that reaches such a state, or hits the cover: a shortest one after a breadth-first search, otherwise shrunk',
    ),
});

/** Schema of the entry of one design. */
export const designEntry = searchFigures.extend({
  design: z.string().describe('id of the design'),
  verdict: verdict.describe('the worse one, if both safety and liveness were checked'),
  reductions: z.array(z.string()).describe('reductions that took effect'),
  checks: z
    .array(z.enum(['safety', 'liveness']))
    .describe('kinds of properties checked; the figures are those of the first search'),
  properties: z
    .array(z.object({ id: z.string(), kind: z.enum(['invariant', 'deadlock', 'leads-to']), verdict }))
    .describe('inconclusive as well: a leads-to property of a run that checks safety only'),
  covers: z
    .array(z.object({ id: z.string(), hit: z.boolean() }))
    .describe('reachability goals; a missed one makes `holds` partly vacuous'),
  sampled: sampled.exactOptional().describe('present if schedules were sampled'),
  bitstate: bitstate.exactOptional().describe('present with bitstate hashing'),
  swarm: z
    .array(bitstate.extend({ states: z.int() }))
    .exactOptional()
    .describe('present with swarm: its searches, by seed; `states` of the entry estimates their union'),
  dpor: dpor.exactOptional().describe('present with dynamic partial order reduction'),
  symbolic: symbolic.exactOptional().describe('present with symbolic search'),
  anyNumber: anyNumber
    .exactOptional()
    .describe('present with --vcpus any: `states` are views then, and `transitions` configurations'),
  preemptions: z
    .int()
    .exactOptional()
    .describe('preemption bound; states then include the last actor and the number of preemptions'),
  coverage: coverage.exactOptional().describe('present with --coverage'),
  secondSafety: searchFigures
    .exactOptional()
    .describe(
      'a second search for safety, at a size that the first one leaves out; `verdict` and `properties` count it',
    ),
  liveness: searchFigures
    .exactOptional()
    .describe('the search for liveness, if both were checked; its params may be smaller'),
  all: z
    .object({
      violations: z
        .array(
          counterexample.omit({ stem: true, cycle: true }).extend({
            count: z.int().describe('number of states that violate the property, or of steps that are faults'),
            counted: z.enum(['states', 'steps']),
          }),
        )
        .describe('the violated properties, those with the shortest counterexamples first'),
      terminalStates: z.int().describe('states without a successor'),
      deadlockedStates: z.int().describe('those of them that a property forbids to be the last one'),
    })
    .exactOptional()
    .describe('present with --all: the violations of all states'),
  goal: goal
    .exactOptional()
    .describe(
      'of a search for a run (--until, --show): `holds` if there is one, `violated` if it is proved that there is none',
    ),
  counterexample: counterexample
    .meta({ id: 'counterexample' })
    .exactOptional()
    .describe('confirmed on live actors; a shortest one after a breadth-first search, otherwise shrunk'),
});

const mutantEntry = designEntry.extend({
  mutantOf: z.string().describe('id of the design that the bug was put into'),
  bug: z.string().describe('what is wrong'),
  fixedBy: z.string().exactOptional().describe('the commit or report that fixed it'),
  breaks: z.string().describe('the property that the bug violates; another one may be violated earlier'),
  killed: z.boolean().describe('whether a property was violated'),
  atOwnParams: z.boolean().describe('whether the params are at least those that the mutant has to be killed at'),
});

const notChecked = z.object({ design: z.string(), reason: z.string() });

/** Schema of the document that `check --json` prints. */
export const checkDocument = z
  .object({
    format: z.literal('precopy-check'),
    version: z.literal(2),
    designs: z.array(designEntry),
    mutants: z.array(mutantEntry).exactOptional().describe('present if mutants were checked'),
    notChecked: z.array(notChecked).describe('designs without a verdict: interrupted before they began, or failed'),
  })
  .describe('verdicts of a model check, an entry for each design');

/** The document that `check --json` prints. */
export type CheckDocument = DeepReadonly<z.infer<typeof checkDocument>>;
export type DesignEntry = CheckDocument['designs'][number];
export type MutantEntry = DeepReadonly<z.infer<typeof mutantEntry>>;
export type SearchFigures = DeepReadonly<z.infer<typeof searchFigures>>;
export type CounterexampleEntry = DeepReadonly<z.infer<typeof counterexample>>;

/** A design without a verdict. */
export type NotChecked = DeepReadonly<z.infer<typeof notChecked>>;
