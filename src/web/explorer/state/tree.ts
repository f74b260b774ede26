import type { Run } from '../../../explore/messages.ts';
import type { Situation } from '../../../explore/situation.ts';

/**
 * The tree of steps of a situation, and what moves in it. A node is a number: 0 is the initial state, n + 1 the state
 * after `steps[n]`. All functions are pure.
 */

/** Returns the nodes from the initial state to a node, both included. */
export function pathTo({ steps }: Pick<Situation, 'steps'>, node: number): number[] {
  const path = [node];
  for (let n = node; n > 0; ) {
    n = steps[n - 1]?.[0] ?? 0;
    path.push(n);
  }
  return path.reverse();
}

/** Returns the run that leads to a node. */
export const runTo = (situation: Pick<Situation, 'steps'>, node: number): Run =>
  pathTo(situation, node)
    .slice(1)
    .map((n) => situation.steps[n - 1]?.[1] as number);

/** Returns the nodes of the branch that is shown. */
export const shownPath = (situation: Situation): number[] =>
  pathTo(situation, situation.branches[situation.branch]?.tip ?? 0);

/** Returns how many steps the state that is shown is from the initial one. */
export const depthOf = (situation: Situation): number => pathTo(situation, situation.cursor).length - 1;

/**
 * Takes a choice at the cursor: along a branch that has it already, else at the end of the branch that is shown, else
 * on a new branch. A step of a branch that was removed is taken again.
 */
export function take(situation: Situation, choice: number): Situation {
  const { steps, cursor, branches, branch } = situation;
  const existing = steps.findIndex(([before, taken]) => before === cursor && taken === choice) + 1;
  const there = existing > 0 ? goTo(situation, existing) : situation;
  if (there !== situation) return there;
  const node = existing || steps.length + 1;
  const longer = {
    ...situation,
    steps: existing > 0 ? steps : [...steps, [cursor, choice] as [number, number]],
    cursor: node,
  };
  const isAtTip = branches[branch]?.tip === cursor;
  if (isAtTip) return { ...longer, branches: branches.map((one, n) => (n === branch ? { ...one, tip: node } : one)) };
  return { ...longer, branches: [...branches, { name: freeName(branches), tip: node }], branch: branches.length };
}

/** Takes several choices, one after the other. */
export const takeAll = (situation: Situation, run: Run): Situation => {
  if (run.length === 0) return situation;
  return run.reduce(take, situation);
};

/** Shows a node, on the branch that is shown if it is there, else on the first one that has it. */
export function goTo(situation: Situation, node: number): Situation {
  const has = (tip: number): boolean => pathTo(situation, tip).includes(node);
  if (has(situation.branches[situation.branch]?.tip ?? 0)) return { ...situation, cursor: node };
  const branch = situation.branches.findIndex(({ tip }) => has(tip));
  return branch < 0 ? situation : { ...situation, branch, cursor: node };
}

/** Moves along the branch that is shown, by so many steps. */
export const move = (situation: Situation, by: number): Situation =>
  goToStep(situation, shownPath(situation).indexOf(situation.cursor) + by);

/** Shows the state after so many steps of the branch that is shown, or the nearest that it has. */
export function goToStep(situation: Situation, step: number): Situation {
  const path = shownPath(situation);
  const to = path[Math.min(path.length - 1, Math.max(0, step))];
  return to === undefined || to === situation.cursor ? situation : { ...situation, cursor: to };
}

/** Shows a branch, at its end. */
export function selectBranch(situation: Situation, branch: number): Situation {
  const tip = situation.branches[branch]?.tip;
  return tip === undefined ? situation : { ...situation, branch, cursor: tip };
}

export const renameBranch = (situation: Situation, branch: number, name: string): Situation => ({
  ...situation,
  branches: situation.branches.map((one, n) => (n === branch ? { ...one, name } : one)),
});

/** Removes a branch, unless it is the only one. Its steps stay in the tree. */
export function removeBranch(situation: Situation, branch: number): Situation {
  if (situation.branches.length < 2) return situation;
  const branches = situation.branches.filter((_, n) => n !== branch);
  const shown = branch < situation.branch ? situation.branch - 1 : Math.min(situation.branch, branches.length - 1);
  return branch === situation.branch
    ? selectBranch({ ...situation, branches }, shown)
    : { ...situation, branches, branch: shown };
}

function freeName(branches: Situation['branches']): string {
  const names = new Set(branches.map(({ name }) => name));
  for (let n = 2; ; n++) if (!names.has(`run ${n}`)) return `run ${n}`;
}
