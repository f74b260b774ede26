import { z } from 'zod';
import { memoryModels } from '../../model/store-buffer.ts';
import { traceDocument } from '../../trace/trace-schema.ts';
import type { DesignsDocument } from '../designs/list-designs.ts';
import type { CheckDocument } from './check-document.ts';

const verdict = z.enum(['holds', 'violated', 'inconclusive']);

const numbers = z.object({
  params: z.record(z.string(), z.int()).describe('the sizes of the run, by the name of the parameter'),
  memoryModel: z.enum(memoryModels).describe('when plain stores reach memory: at once, or through store buffers'),
  verdict,
  stoppedBy: z
    .enum(['max-states', 'max-memory', 'disk', 'time', 'interrupt', 'runs', 'preemptions', 'bits', 'depth'])
    .exactOptional()
    .describe('why the search ended early, where the verdict is inconclusive'),
  states: z.int().describe('distinct states; an estimate where schedules were drawn, and of a swarm'),
  transitions: z.int().describe('states generated, with those seen before; the initial state counts'),
  depth: z
    .int()
    .describe('of the state space, or of the counterexample where there is one; the initial state is depth 1'),
  statesLeft: z
    .int()
    .exactOptional()
    .describe('of a search that was stopped: how many states were not found yet; an estimate from how the levels grew'),
  seconds: z.number(),
  collisionProbability: z
    .number()
    .describe('how likely it is that a state was left out: distinct * (generated - distinct) / 2^64, as TLC has it'),
  tableBytes: z.int().describe('memory of what the search has found out, without the frontier'),
  frontierBytes: z
    .int()
    .exactOptional()
    .describe('of a search that was stopped: memory of the states that wait to be expanded'),
});

const bitstate = z.object({
  seed: z.int().describe('the same one gives the same search'),
  depth: z.int().describe('the most steps that a schedule could have'),
  depthBoundReached: z.boolean().describe('some schedule was given up as it became longer'),
  bits: z.int().describe('how many there were for all states'),
  hashesPerState: z.int().describe('how many each state sets'),
  expectedOmissions: z
    .number()
    .describe('about how many states were taken for others and left out; those that only they lead to not counted'),
  stepsFound: z.int().exactOptional().describe('steps of the schedule that broke a property, before it was shrunk'),
});

export const designEntry = numbers.extend({
  design: z.string().describe('id of the design'),
  verdict: verdict.describe('the graver one, where both safety and liveness were checked'),
  reductions: z.array(z.string()).describe('the reductions that were on'),
  checks: z
    .array(z.enum(['safety', 'liveness']))
    .describe('what was checked; the numbers are those of the first search'),
  properties: z.array(z.object({ id: z.string(), kind: z.enum(['invariant', 'deadlock', 'leads-to']), verdict })),
  covers: z
    .array(z.object({ id: z.string(), hit: z.boolean() }))
    .describe('what has to happen somewhere for the verdict to mean something'),
  sampled: z
    .object({
      strategy: z.string(),
      seed: z.int().describe('the same one gives the same schedules'),
      runs: z.int().describe('schedules that were drawn; the last of them is the one that breaks a property'),
      depth: z.int().describe('the most steps that a schedule could have'),
      stepsFound: z.int().exactOptional().describe('steps of the schedule that broke a property, before it was shrunk'),
      bound: z
        .object({
          bugDepth: z.int().describe('how many ordering constraints a bug has that is found so'),
          actors: z.int().describe('actors that can begin steps'),
          steps: z.int().describe('the most steps of a schedule'),
          probability: z
            .number()
            .describe('of one schedule to find such a bug, at least: 1 / (actors * steps^(bugDepth - 1))'),
        })
        .exactOptional()
        .describe('the guarantee of PCT'),
    })
    .exactOptional()
    .describe('present where schedules were drawn instead of visiting all states'),
  bitstate: bitstate.exactOptional().describe('present where only a few bits of each state were kept'),
  swarm: z
    .array(bitstate.extend({ states: z.int() }))
    .exactOptional()
    .describe(
      'present where several such searches were made, by seed; the states of the entry are an estimate of all they saw',
    ),
  dpor: z
    .object({
      depth: z.int().describe('the most steps that each actor could take'),
      executions: z.int().describe('schedules that were taken to their end: one of each trace'),
      blocked: z.int().describe('schedules that were given up, as all that could follow had been seen elsewhere'),
      restarts: z.int().describe('how often the search began again, as it had learned of a further field that matters'),
      depthBoundReached: z.boolean().describe('some actor could have gone on beyond the bound'),
      stepsFound: z.int().exactOptional().describe('steps of the schedule that broke a property, before it was shrunk'),
    })
    .exactOptional()
    .describe('present where one schedule of each trace was taken'),
  preemptions: z
    .int()
    .exactOptional()
    .describe(
      'only schedules with at most so many were taken; states tell apart who took the last step, and how many there were',
    ),
  coverage: z
    .object({
      transitions: z
        .array(
          z.object({
            machine: z.string(),
            source: z.string().describe('the state that declares it'),
            event: z.string().describe('empty for an eventless one'),
            index: z.int().describe('which of the transitions of that state and event it is'),
            target: z.string().exactOptional(),
            actions: z.array(z.string()),
            taken: z.int().describe('how often, by all actors that run the machine; 0: unreached'),
            newStates: z.int().describe('states that were found by a step that began with it'),
          }),
        )
        .describe('of all machines'),
      deadCells: z.array(z.string()).describe('cells that had their initial value in every state'),
    })
    .exactOptional()
    .describe('present with --coverage'),
  liveness: numbers.exactOptional().describe('the second search, where both were checked: it may have smaller sizes'),
  counterexample: z
    .object({
      property: z.string(),
      length: z.int().describe('how many steps it has'),
      stem: z.int().exactOptional().describe('of a run without an end: how many steps it takes once'),
      cycle: z.int().exactOptional().describe('how many steps after those it repeats for ever'),
      schedule: z.string().describe('what `precopy replay` takes'),
      trace: traceDocument
        .meta({ id: 'trace' })
        .exactOptional()
        .describe('what live actors did; left out in the table of mutants'),
    })
    .meta({ id: 'counterexample' })
    .exactOptional()
    .describe('confirmed on live actors; one of the shortest where all states were visited, else shrunk'),
});

const mutantEntry = designEntry.extend({
  mutantOf: z.string().describe('id of the design that the bug was put into'),
  bug: z.string().describe('what is wrong now'),
  fixedBy: z.string().exactOptional().describe('the commit or report that fixed it'),
  breaks: z.string().describe('the property that the bug breaks; another one may break earlier'),
  killed: z.boolean().describe('a property was violated'),
  atOwnParams: z.boolean().describe('it was searched at its own sizes, or larger ones: only there it has to be killed'),
});

/** What `check --json` prints. */
export const checkDocument: z.ZodType<CheckDocument> = z
  .object({
    format: z.literal('precopy-check'),
    version: z.literal(1),
    designs: z.array(designEntry),
    mutants: z.array(mutantEntry).exactOptional().describe('present when mutants were checked'),
    notChecked: z
      .array(z.object({ design: z.string(), reason: z.string() }))
      .describe('what was asked for and has no verdict: interrupted before its turn, or failed'),
  })
  .describe('verdicts of a model check, one entry a design');

/** What `designs --json` prints. */
export const designsDocument: z.ZodType<DesignsDocument> = z
  .object({
    format: z.literal('precopy-designs'),
    version: z.literal(1),
    designs: z.array(
      z.object({
        design: z.string(),
        title: z.string(),
        source: z
          .object({
            version: z.string(),
            commit: z.string().exactOptional(),
            functions: z.array(z.string()).exactOptional().describe('the functions that the machines mirror'),
          })
          .exactOptional(),
        comparison: z
          .object({
            talk: z.string().describe('what the talk says of it, or what came after the talk'),
            hold: z.string().describe('how long mmu_lock is held at a time, in big-O'),
            heldFor: z.string(),
            pays: z.string().describe('who pays for the protection, and with what'),
            faultsPerPage: z.string().describe('write faults of a page that the guest goes on writing, in one round'),
            rule: z.string().describe('the ordering rule that it lives by'),
            machine: z.string().describe('the file of its GET_DIRTY_LOG machine'),
          })
          .describe('told by hand, not computed'),
        page: z.string().describe('its page of documentation'),
        params: z.array(
          z.object({
            name: z.string(),
            description: z.string(),
            min: z.int(),
            max: z.int(),
            default: z.int().describe('what this design is checked with where nothing is asked for'),
          }),
        ),
        properties: z.array(
          z.object({
            id: z.string(),
            kind: z.enum(['invariant', 'cover', 'deadlock', 'leads-to']),
            description: z.string(),
          }),
        ),
      }),
    ),
    mutants: z.array(
      z.object({
        design: z.string(),
        mutantOf: z.string(),
        bug: z.string(),
        fixedBy: z.string().exactOptional(),
        breaks: z.string(),
        params: z
          .record(z.string(), z.int())
          .exactOptional()
          .describe('sizes at which it shows, unlike those of its design'),
        memoryModel: z.enum(memoryModels).describe('what it is checked under where nothing is asked for'),
      }),
    ),
  })
  .describe('the designs and mutants that precopy ships');
