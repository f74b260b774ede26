import type * as WorkflowParser from '@actions/workflow-parser';
import { tsImport } from 'tsx/esm/api';
import { beforeAll, expect, it } from 'vitest';
import type { ArrayJob } from '../../src/app/campaign/export/array-job.ts';
import { githubWorkflow } from '../../src/app/campaign/export/github-actions.ts';

const job: ArrayJob = {
  name: 'nightly',
  folder: 'nightly.campaign',
  tasks: 256,
  shards: 1000,
  memoryBytes: 4 * 2 ** 30,
  retries: 0,
};

let parser: typeof WorkflowParser;

beforeAll(async () => {
  // It imports JSON without an attribute, which Node refuses.
  parser = await tsImport('@actions/workflow-parser', import.meta.url);
});

/** Returns what GitHub's parser says of a workflow. */
async function errorsOf(content: string): Promise<string[]> {
  const { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } = parser;
  const { context, value } = parseWorkflow({ name: 'campaign.yml', content }, new NoOperationTraceWriter());
  if (value) await convertWorkflowTemplate(context, value);
  return context.errors.getErrors().map(({ message }) => message);
}

it('a workflow fits the schema of GitHub Actions', async () => {
  expect(await errorsOf(githubWorkflow(job))).toEqual([]);
  expect(await errorsOf(githubWorkflow({ ...job, concurrency: 4, seconds: 600 }))).toEqual([]);
});

it('the parser of GitHub Actions notices a wrong key and a wrong expression', async () => {
  expect(await errorsOf(githubWorkflow(job).replace('runs-on', 'runs-in'))).not.toEqual([]);
  expect(await errorsOf(githubWorkflow(job).replace('matrix.shard', 'matrices.shard'))).not.toEqual([]);
});
