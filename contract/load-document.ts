import { readFile } from 'node:fs/promises'
import { isObject, type JsonObject } from './json'

const MAX_BYTES = 20_000_000
const DEADLINE_MS = 30_000

/** Thrown if there is no document to check against. The message says what to do. */
export class DocumentError extends Error {}

/** Reads an OpenAPI document (3.0 or 3.1, JSON) from a file or an address. Throws a `DocumentError`. */
export async function loadDocument(source: string): Promise<JsonObject> {
  const text = /^https?:/i.test(source) ? await fetchText(source) : await read(source)
  let document: unknown
  try {
    document = JSON.parse(text)
  } catch {
    throw new DocumentError(`${source} is not JSON. The document is needed as JSON, not YAML or a web page.`)
  }
  const version = isObject(document) ? document['openapi'] : undefined
  if (!isObject(document) || typeof version !== 'string' || !/^3\.[01]\./.test(version)) {
    throw new DocumentError(`${source} is not an OpenAPI 3.0 or 3.1 document.`)
  }
  if (!isObject(document['paths'])) throw new DocumentError(`${source} has no paths.`)
  return document
}

async function read(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    throw new DocumentError(`${file} cannot be read: ${errorText(error)}`)
  }
}

async function fetchText(url: string): Promise<string> {
  try {
    const signal = AbortSignal.timeout(DEADLINE_MS)
    const response = await fetch(url, { signal, headers: { accept: 'application/json' } })
    if (!response.ok) throw new Error(`the answer is ${response.status}`)
    const text = await response.text()
    if (text.length > MAX_BYTES) throw new Error('it is too large')
    return text
  } catch (error) {
    const hint = 'Give a file instead: npm run contract -- path/to/openapi.json'
    throw new DocumentError(`${url} cannot be fetched: ${errorText(error)}. ${hint}`)
  }
}

function errorText(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message
}
