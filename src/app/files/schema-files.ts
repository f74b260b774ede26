import { z } from 'zod';
import { hostProbeDocument, hostStressDocument, hostValidateDocument } from '../../cli/host/documents.ts';
import { profileSchema } from '../../clock/cost-profile.ts';
import { traceDocument } from '../../trace/trace-schema.ts';
import { checkDocument, designsDocument } from '../check/check-schema.ts';
import { compareDocument } from '../compare/compare-document.ts';
import { simulateDocument } from '../simulate/simulate-schema.ts';

/** JSON Schemas of all documents that precopy prints, by file name. A reader has to put up with fields that a later version adds. */
export function schemaFiles(): Record<string, string> {
  const schemas = {
    check: checkDocument,
    compare: compareDocument,
    designs: designsDocument,
    'host-probe': hostProbeDocument,
    'host-stress': hostStressDocument,
    'host-validate': hostValidateDocument,
    profile: profileSchema,
    simulate: simulateDocument,
    trace: traceDocument,
  };
  return Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => [`${name}.schema.json`, textOf(name, schema)]),
  );
}

function textOf(name: string, schema: z.ZodType): string {
  const { $schema, ...rest } = z.toJSONSchema(schema, {
    io: 'input',
    override: ({ jsonSchema }) => unclutter(jsonSchema),
  });
  return `${JSON.stringify({ $schema, title: `precopy ${name}`, ...rest }, null, 2)}\n`;
}

/** Leaves out what is true of every number and of every key in JSON. */
function unclutter(schema: z.core.JSONSchema.BaseSchema): void {
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum;
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum;
  delete schema.propertyNames;
}
