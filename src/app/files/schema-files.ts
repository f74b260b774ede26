import { z } from 'zod';
import { situationDocument } from '../../explore/situation.ts';
import { traceDocument } from '../../model/trace.ts';
import { profileSchema } from '../../simulate/cost-profile.ts';
import { campaignSchema } from '../campaign/campaign-schema.ts';
import { campaignDocument } from '../campaign/merge-schema.ts';
import { planSchema } from '../campaign/plan-schema.ts';
import { recordLine } from '../campaign/record-schema.ts';
import { checkDocument } from '../check/check-schema.ts';
import { compareDocument } from '../compare/compare-document.ts';
import { designsDocument } from '../designs/designs-schema.ts';
import { hostProbeDocument, hostStressDocument, hostValidateDocument } from '../host/host-documents.ts';
import { simulateDocument } from '../simulate/simulate-document.ts';

/** Returns the JSON Schemas of all documents of precopy, by file name. A later version may add fields. */
export function schemaFiles(): Record<string, string> {
  const schemas = {
    campaign: campaignSchema,
    'campaign-plan': planSchema,
    'campaign-record': recordLine,
    'campaign-result': campaignDocument,
    check: checkDocument,
    compare: compareDocument,
    designs: designsDocument,
    'host-probe': hostProbeDocument,
    'host-stress': hostStressDocument,
    'host-validate': hostValidateDocument,
    profile: profileSchema,
    simulate: simulateDocument,
    situation: situationDocument,
    trace: traceDocument,
  };
  return Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => [`${name}.schema.json`, textOf(name, schema)]),
  );
}

function textOf(name: string, schema: z.ZodType): string {
  const { $schema, ...rest } = z.toJSONSchema(schema, {
    io: 'input',
    override: ({ jsonSchema }) => simplify(jsonSchema),
  });
  return `${JSON.stringify({ $schema, title: `precopy ${name}`, ...rest }, null, 2)}\n`;
}

/** Removes constraints that every number and every key of JSON meets. */
function simplify(schema: z.core.JSONSchema.BaseSchema): void {
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum;
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum;
  delete schema.propertyNames;
}
