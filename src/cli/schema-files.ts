import { z } from 'zod';
import { profileSchema } from '../clock/profile.ts';
import { traceDocument } from '../trace/schema.ts';
import { compareDocument } from './compare-document.ts';
import { hostProbeDocument, hostStressDocument, hostValidateDocument } from './host/documents.ts';
import { checkDocument, designsDocument } from './schemas.ts';
import { simulateDocument } from './simulate-schema.ts';

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
