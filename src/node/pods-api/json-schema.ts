import { toJsonSchema } from '@valibot/to-json-schema'
import type { GenericSchema } from 'valibot'

export type JsonSchema = Readonly<Record<string, unknown>>

/** JSON Schema of what a schema takes, or of what it makes of it. */
export function jsonSchemaOf(schema: GenericSchema, typeMode: 'input' | 'output'): JsonSchema {
  const { $schema: _schema, ...json } = toJsonSchema(schema, {
    typeMode,
    target: 'draft-2020-12',
    // Each number of JSON is finite; JSON Schema cannot say what a function checks.
    ignoreActions: ['finite', 'check'],
  })
  return json
}
