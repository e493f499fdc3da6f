import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020'
import addFormats from 'ajv-formats'
import { isObject, type Json, type JsonObject, pointerPart } from './json'

const DOCUMENT_ID = 'https://contract.invalid/document'

/** A mismatch between a value and a schema, and its location in the value. */
export interface Mismatch {
  /** A path such as "/pods/[]/cost"; list indexes are omitted. */
  readonly at: string
  readonly problem: string
}

/** The schemas of an OpenAPI document, addressed by JSON pointers. */
export class Schemas {
  readonly #document: JsonObject
  readonly #ajv: Ajv2020
  readonly #compiled = new Map<string, ValidateFunction>()

  constructor(document: JsonObject) {
    this.#document = document
    // OpenAPI keywords (discriminator, example, x-…) are not part of JSON Schema.
    this.#ajv = new Ajv2020({ strict: false, allErrors: true, validateSchema: false })
    addFormats(this.#ajv)
    for (const name of ['float', 'double', 'int32', 'int64']) this.#ajv.addFormat(name, true)
    this.#ajv.addSchema(document, DOCUMENT_ID)
  }

  /** Mismatches between `value` and the schema at `pointer`. */
  mismatches(pointer: string, value: Json): readonly Mismatch[] {
    const validate = this.#compiled.get(pointer) ?? this.#ajv.compile({ $ref: `${DOCUMENT_ID}#${pointer}` })
    this.#compiled.set(pointer, validate)
    if (validate(value)) return []
    return (validate.errors ?? []).map((error) => ({
      at: withoutIndices(error.instancePath),
      problem: errorText(error),
    }))
  }

  /** Fields of `value` that the schema at `pointer` allows but doesn't list. */
  undocumented(pointer: string, value: Json): readonly Mismatch[] {
    return this.#findUndocumented([this.#at(pointer)], value, '').map((at) => ({
      at,
      problem: 'is not in the document',
    }))
  }

  /** Resolves a pointer, following references. */
  resolve(pointer: string): { readonly pointer: string; readonly value: Json | undefined } {
    let at = pointer
    for (let hops = 0; hops < 50; hops += 1) {
      const value = this.#at(at)
      if (!isObject(value) || typeof value['$ref'] !== 'string') return { pointer: at, value }
      at = value['$ref'].replace(/^#/, '')
    }
    throw new Error(`${pointer} refers to itself`)
  }

  #findUndocumented(schemas: readonly (Json | undefined)[], value: Json, at: string): readonly string[] {
    const parts = schemas.flatMap((schema) => this.#partsOf(schema))
    if (Array.isArray(value)) {
      const items = parts.flatMap((part) => (part['items'] === undefined ? [] : [part['items']]))
      return items.length === 0
        ? []
        : value.flatMap((each) => this.#findUndocumented(items, each, `${at}/[]`))
    }
    if (!isObject(value)) return []
    return Object.entries(value).flatMap(([name, inner]) => {
      const here = `${at}/${pointerPart(name)}`
      const named = parts.flatMap((part) => propertyOf(part, name))
      if (named.length > 0) return this.#findUndocumented(named, inner, here)
      const rest = parts.map((part) => part['additionalProperties']).filter(isObject)
      if (rest.length > 0) return this.#findUndocumented(rest, inner, here)
      const isFree = parts.every((part) => part['properties'] === undefined)
      return isFree ? [] : [here]
    })
  }

  /** A schema together with all schemas that it is composed of. */
  #partsOf(schema: Json | undefined, depth = 0): readonly JsonObject[] {
    if (!isObject(schema) || depth > 50) return []
    const target = typeof schema['$ref'] === 'string' ? [this.#at(schema['$ref'].replace(/^#/, ''))] : []
    const joined = ['allOf', 'anyOf', 'oneOf'].flatMap((word) => {
      const list = schema[word]
      return Array.isArray(list) ? list : []
    })
    return [schema, ...[...target, ...joined].flatMap((part) => this.#partsOf(part, depth + 1))]
  }

  #at(pointer: string): Json | undefined {
    let value: Json | undefined = this.#document
    for (const part of pointer.split('/').slice(1)) {
      const name = decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~')
      if (Array.isArray(value)) value = value[Number(name)]
      else value = isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined
    }
    return value
  }
}

function propertyOf(part: JsonObject, name: string): readonly Json[] {
  const properties = part['properties']
  return isObject(properties) && properties[name] !== undefined && Object.hasOwn(properties, name)
    ? [properties[name]]
    : []
}

const withoutIndices = (path: string): string => path.replaceAll(/\/\d+(?=\/|$)/g, '/[]')

function errorText({ keyword, message, params }: ErrorObject): string {
  const more = keyword === 'additionalProperties' || keyword === 'unevaluatedProperties' || keyword === 'enum'
  return `${message ?? keyword}${more ? ` ${JSON.stringify(Object.values(params)[0])}` : ''}`
}
