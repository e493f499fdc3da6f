import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020'
import fc from 'fast-check'

/*
 * Sends what an OpenAPI document allows, and what it doesn't, and checks that every reply is one that it documents.
 * Knows nothing of the API but its document.
 */

type Json = any

export interface FuzzRequest {
  readonly operationId: string
  readonly method: string
  /** With its query. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | null
}

export interface FuzzReply {
  readonly status: number
  readonly contentType: string
  readonly text: string
}

const hostileTexts = [
  '',
  ' ',
  '../..',
  '%00',
  '__proto__',
  'constructor',
  "' OR 1=1 --",
  '{{7*7}}',
  '\u202e\u0000\ud800',
  '💥'.repeat(50),
  'x'.repeat(5_000),
  '-1',
  '1e309',
  'null',
]

const hostileValue: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(...hostileTexts),
  fc.constantFrom(null, true, false, 0, -1, 1.5, 1e308, 9_007_199_254_740_992, [], {}, [[]], {
    a: { b: {} },
  }),
  fc.jsonValue({ maxDepth: 3 }),
)

/** Values that a schema allows, and now and then others. `known`: ids to try by name of the property. */
function valueOf(
  schema: Json,
  known: Readonly<Record<string, readonly string[]>>,
  name = '',
): fc.Arbitrary<unknown> {
  const valid = validValueOf(schema, known, name)
  return fc.oneof({ arbitrary: valid, weight: 9 }, { arbitrary: hostileValue, weight: 1 })
}

function validValueOf(
  schema: Json,
  known: Readonly<Record<string, readonly string[]>>,
  name: string,
): fc.Arbitrary<unknown> {
  const ids = known[name]
  if (ids !== undefined) return fc.constantFrom(...ids)
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum)
  const { minimum = -10, maximum = 1_000_000, exclusiveMinimum } = schema
  switch (schema.type) {
    case 'string':
      return fc.string({ minLength: schema.minLength ?? 0, maxLength: Math.min(60, schema.maxLength ?? 60) })
    case 'integer':
      return fc.integer({ min: minimum, max: Math.min(maximum, 1_000_000) })
    case 'number':
      return fc.double({ min: exclusiveMinimum ?? minimum, max: maximum, noNaN: true })
    case 'boolean':
      return fc.boolean()
    case 'array':
      return fc.array(valueOf(schema.items ?? {}, known), { maxLength: 4 })
    case 'object': {
      const required: readonly string[] = schema.required ?? []
      const properties = Object.entries<Json>(schema.properties ?? {}).map(
        ([key, each]) => [key, valueOf(each, known, key)] as const,
      )
      return fc.record(Object.fromEntries(properties), {
        requiredKeys: required.filter((key) => properties.some(([one]) => one === key)),
      })
    }
    default:
      return fc.jsonValue()
  }
}

const asText = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''))
const encode = (value: unknown): string => encodeURIComponent(asText(value).replaceAll(/\p{Cs}/gu, '?'))

/** Requests of all operations in turn. The same seed gives the same ones. */
export function fuzzRequests(
  document: Json,
  {
    seed,
    count,
    known,
  }: {
    readonly seed: number
    readonly count: number
    readonly known: Readonly<Record<string, readonly string[]>>
  },
): readonly FuzzRequest[] {
  const operations = Object.entries<Json>(document.paths).flatMap(([path, methods]) =>
    Object.entries<Json>(methods).map(([method, operation]) => ({ path, method, operation })),
  )
  const schemaOf = (json: Json): Json =>
    json.$ref === undefined ? json : document.components.schemas[json.$ref.split('/').at(-1)]
  const arbitraries = operations.map(({ path, method, operation }): fc.Arbitrary<FuzzRequest> => {
    const parameters: readonly Json[] = operation.parameters ?? []
    const body = operation.requestBody?.content['application/json'].schema
    const bodyValue =
      body === undefined
        ? fc.option(hostileValue, { freq: 5 })
        : fc.oneof(
            { arbitrary: valueOf(schemaOf(body), known), weight: 9 },
            { arbitrary: hostileValue, weight: 1 },
          )
    return fc
      .record({
        values: fc.tuple(...parameters.map(({ schema, name }) => valueOf(schema, known, name))),
        present: fc.tuple(
          ...parameters.map(({ required }) => fc.integer({ min: required ? 1 : -1, max: required ? 20 : 1 })),
        ),
        body: bodyValue,
        isBroken: fc.integer({ min: 0, max: 19 }),
        type: fc.constantFrom(
          'application/json',
          'application/json; charset=utf-8',
          'text/plain',
          'application/json',
        ),
      })
      .map(({ values, present, body: sent, isBroken, type }) => {
        const given = parameters.flatMap((parameter, index) =>
          parameter.in === 'path' || (present[index] ?? 0) > 0
            ? [{ ...parameter, value: values[index] }]
            : [],
        )
        const query = given
          .filter((each) => each.in === 'query')
          .map((each) => `${each.name}=${encode(each.value)}`)
        const headers = given
          .filter((each) => each.in === 'header')
          .map(
            (each) =>
              [
                each.name,
                asText(each.value)
                  .replaceAll(/[^\x20-\x7e]/g, '?')
                  .trim(),
              ] as const,
          )
        const text = sent === null || sent === undefined ? null : JSON.stringify(sent)
        const address = given
          .filter((each) => each.in === 'path')
          .reduce((text2, each) => text2.replace(`{${each.name}}`, encode(each.value) || 'x'), path)
        return {
          operationId: operation.operationId,
          method: method.toUpperCase(),
          path: `${address}${query.length === 0 ? '' : `?${query.join('&')}`}`,
          headers: { ...Object.fromEntries(headers), ...(text !== null && { 'content-type': type }) },
          body: text !== null && isBroken === 0 ? text.slice(0, -1) : text,
        }
      })
  })
  const perOperation = Math.ceil(count / operations.length)
  const lists = arbitraries.map((arbitrary, index) =>
    fc.sample(arbitrary, { seed: seed + index, numRuns: perOperation }),
  )
  return Array.from({ length: perOperation }, (_, index) => lists.flatMap((list) => list[index] ?? []))
    .flat()
    .slice(0, count)
}

/** Objects that may have no other properties than those that are documented. */
function closed(json: Json): Json {
  if (Array.isArray(json)) return json.map(closed)
  if (typeof json !== 'object' || json === null) return json
  const inner = Object.fromEntries(Object.entries(json).map(([name, each]) => [name, closed(each)]))
  const isOpen = inner['type'] !== 'object' || inner['properties'] === undefined
  return isOpen ? inner : { additionalProperties: false, ...inner }
}

/** Says what is wrong with a reply; null if the document has it. */
export function createReplyCheck(document: Json): (request: FuzzRequest, reply: FuzzReply) => string | null {
  const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false })
  ajv.addSchema({ $id: 'api', ...closed(document) }, 'api')
  const validators = new Map<string, ValidateFunction>()
  const operations = new Map<string, Json>(
    Object.values<Json>(document.paths).flatMap((methods) =>
      Object.values<Json>(methods).map((operation) => [operation.operationId, operation] as const),
    ),
  )
  const withRefs = (json: Json): Json => JSON.parse(JSON.stringify(closed(json)).replaceAll('"#/', '"api#/'))
  return ({ operationId }, { status, contentType, text }) => {
    // What is passed on to the program that watches must be what that takes.
    if (text.includes('did not understand')) return text
    const response = operations.get(operationId)?.responses[status]
    if (response === undefined) return `the status ${status} is not documented`
    const [type, content] = Object.entries<Json>(response.content)[0] ?? ['', {}]
    if (!contentType.startsWith(type)) return `the type ${contentType} is not documented`
    if (type !== 'application/json') return null
    const key = `${operationId} ${status}`
    const validate = validators.get(key) ?? ajv.compile(withRefs(content.schema))
    validators.set(key, validate)
    return validate(JSON.parse(text)) ? null : ajv.errorsText(validate.errors)
  }
}
