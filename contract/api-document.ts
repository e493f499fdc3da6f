import type { Exchange } from './exchange'
import type { Finding } from './finding'
import { isObject, type Json, type JsonObject, pointerPart } from './json'
import { type Mismatch, Schemas } from './schema'

const methods = ['get', 'put', 'post', 'delete', 'patch', 'head', 'options', 'trace'] as const

/** One operation of the API document. */
export interface Operation {
  /** "GET /v2/pods/{id}". */
  readonly name: string
  readonly method: string
  readonly pattern: RegExp
  readonly pathPointer: string
  readonly pointer: string
}

/** An OpenAPI document that exchanges are checked against. */
export class ApiDocument {
  readonly operations: readonly Operation[]
  readonly #schemas: Schemas

  constructor(document: JsonObject) {
    this.#schemas = new Schemas(document)
    this.operations = Object.entries(document['paths'] as JsonObject).flatMap(([path, item]) =>
      methods.flatMap((method) =>
        isObject(item) && isObject(item[method]) ? [operationOf(path, method)] : [],
      ),
    )
  }

  /** The operation that a request belongs to; a path without parameters takes precedence. */
  operationOf(method: string, path: string): Operation | null {
    const found = this.operations.filter((each) => each.method === method && each.pattern.test(path))
    return found.sort((a, b) => a.pathPointer.split('{').length - b.pathPointer.split('{').length)[0] ?? null
  }

  /** Differences between a request and the document. */
  requestFindings({ method, path, query, requestBody, requestType, hasKey }: Exchange): readonly Finding[] {
    const operation = this.operationOf(method, path)
    if (operation === null) return [finding(`${method} ${path}`, 'request', 'is not in the document')]
    const found: Finding[] = []
    const report = (subject: string, problem: string) => found.push(finding(operation.name, subject, problem))
    const parameters = this.#parameters(operation)
    for (const [name, text] of query) {
      const parameter = parameters.find((each) => each.in === 'query' && each.name === name)
      if (parameter === undefined) report(`request query ${name}`, 'is not in the document')
      else
        this.#check(`${parameter.pointer}/schema`, typed(text, this.#typeOf(parameter.pointer)), (each) =>
          report(`request query ${name}${each.at}`, each.problem),
        )
    }
    for (const { name, isRequired } of parameters.filter((each) => each.in === 'query')) {
      if (isRequired && !query.has(name)) report(`request query ${name}`, 'is required')
    }
    if (!hasKey) report('request header Authorization', 'is missing')
    this.#checkBody(operation, requestBody, requestType, report)
    return found
  }

  /** Differences between a reply and the document. Requests to unknown paths get a generic error. */
  replyFindings({ method, path, status, replyHeaders, replyBody }: Exchange): readonly Finding[] {
    const operation = this.operationOf(method, path) ?? (status >= 400 ? this.#anyWithDefault() : null)
    if (operation === null) return [finding(`${method} ${path}`, `reply ${status}`, 'is not in the document')]
    const isKnown = this.operationOf(method, path) !== null
    const name = isKnown ? operation.name : 'any unknown operation'
    const found: Finding[] = []
    const report = (subject: string, problem: string) =>
      found.push(finding(name, `reply ${status}${subject}`, problem))
    const response = this.#response(operation, isKnown ? status : 'default')
    if (response === null) {
      report('', 'is not a documented status')
      return found
    }
    this.#checkHeaders(response.pointer, replyHeaders, report)
    const content = isObject(response.value['content']) ? response.value['content'] : {}
    const type = (replyHeaders.get('content-type') ?? '').split(';', 1)[0] ?? ''
    if (Object.keys(content).length === 0) {
      if (replyBody !== '') report(' body', 'must be empty')
      return found
    }
    if (!Object.hasOwn(content, type)) {
      report(' content-type', `is "${type}", not ${Object.keys(content).join(' or ')}`)
      return found
    }
    const pointer = `${response.pointer}/content/${pointerPart(type)}/schema`
    const value = /[/+]json$/.test(type) ? parsed(replyBody) : replyBody
    if (value === undefined) report(' body', 'is not JSON')
    else this.#check(pointer, value, (each) => report(` ${each.at || 'body'}`, each.problem))
    return found
  }

  #check(pointer: string, value: Json, report: (mismatch: Mismatch) => void): void {
    for (const each of this.#schemas.mismatches(pointer, value)) report(each)
    for (const each of this.#schemas.undocumented(pointer, value)) report(each)
  }

  #checkBody(
    operation: Operation,
    body: string,
    type: string,
    report: (subject: string, problem: string) => void,
  ): void {
    const { pointer, value } = this.#schemas.resolve(`${operation.pointer}/requestBody`)
    if (!isObject(value)) {
      if (body !== '') report('request body', 'is not in the document')
      return
    }
    if (body === '') {
      if (value['required'] === true) report('request body', 'is required')
      return
    }
    const content = isObject(value['content']) ? value['content'] : {}
    const plain = type.split(';', 1)[0] ?? ''
    if (!Object.hasOwn(content, plain)) {
      report('request content-type', `is "${plain}", not ${Object.keys(content).join(' or ')}`)
      return
    }
    const read = parsed(body)
    if (read === undefined) report('request body', 'is not JSON')
    else
      this.#check(`${pointer}/content/${pointerPart(plain)}/schema`, read, (each) =>
        report(`request body ${each.at}`.trim(), each.problem),
      )
  }

  #checkHeaders(pointer: string, headers: Headers, report: (subject: string, problem: string) => void): void {
    const { value } = this.#schemas.resolve(`${pointer}/headers`)
    for (const name of Object.keys(isObject(value) ? value : {})) {
      const text = headers.get(name)
      const header = this.#schemas.resolve(`${pointer}/headers/${pointerPart(name)}`)
      if (text === null) {
        if (isObject(header.value) && header.value['required'] === true)
          report(` header ${name}`, 'is missing')
        continue
      }
      this.#check(`${header.pointer}/schema`, typed(text, this.#typeOf(header.pointer)), (each) =>
        report(` header ${name}`, each.problem),
      )
    }
  }

  #response(operation: Operation, status: number | 'default'): { pointer: string; value: JsonObject } | null {
    const range = `${String(status).charAt(0)}XX`
    for (const key of [String(status), range, 'default']) {
      const { pointer, value } = this.#schemas.resolve(`${operation.pointer}/responses/${key}`)
      if (isObject(value)) return { pointer, value }
    }
    return null
  }

  #anyWithDefault(): Operation | null {
    return this.operations.find((each) => this.#response(each, 'default') !== null) ?? null
  }

  #parameters(operation: Operation) {
    return [operation.pathPointer, operation.pointer].flatMap((owner) => {
      const { value } = this.#schemas.resolve(`${owner}/parameters`)
      return (Array.isArray(value) ? value : []).flatMap((_, i) => {
        const resolved = this.#schemas.resolve(`${owner}/parameters/${i}`)
        if (!isObject(resolved.value)) return []
        const { name, in: place, required } = resolved.value
        if (typeof name !== 'string' || typeof place !== 'string') return []
        return [{ name, in: place, isRequired: required === true, pointer: resolved.pointer }]
      })
    })
  }

  #typeOf(pointer: string): string {
    const { value } = this.#schemas.resolve(`${pointer}/schema`)
    const type = isObject(value) ? value['type'] : undefined
    return typeof type === 'string' ? type : ''
  }
}

function operationOf(path: string, method: string): Operation {
  const pathPointer = `/paths/${pointerPart(path)}`
  const pattern = path
    .split('/')
    .map((part) => part.replaceAll(/[.*+?^$()|[\]\\]/g, String.raw`\$&`).replaceAll(/\{[^}]+\}/g, '[^/]+'))
    .join('/')
  return {
    name: `${method.toUpperCase()} ${path}`,
    method: method.toUpperCase(),
    pattern: new RegExp(`^${pattern}$`),
    pathPointer,
    pointer: `${pathPointer}/${method}`,
  }
}

const finding = (operation: string, subject: string, problem: string): Finding => ({
  operation,
  subject,
  problem,
})

/** Converts the text of a parameter or header to the type in its schema. */
function typed(text: string, type: string): Json {
  if (type === 'array') return text === '' ? [] : text.split(',')
  if (type === 'integer' || type === 'number')
    return text.trim() === '' || Number.isNaN(Number(text)) ? text : Number(text)
  if (type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true'
  return text
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json
  } catch {
    return undefined
  }
}
