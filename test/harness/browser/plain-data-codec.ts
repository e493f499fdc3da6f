/*
 * What crosses between Node, the test and the window, as text. As with Electron's IPC, only plain data does: anything
 * else is an error, so that a test can't pass with what the app could not send.
 */

const TAG = '$type'

/** Throws for what is no plain data. */
export function encodePlainData(value: unknown): string {
  return JSON.stringify(toJson(value, 'it'))
}

export function decodePlainData(text: string): unknown {
  return fromJson(JSON.parse(text))
}

function toJson(value: unknown, path: string): unknown {
  if (value === undefined) return { [TAG]: 'undefined' }
  if (typeof value === 'number' && !Number.isFinite(value)) return { [TAG]: 'number', text: String(value) }
  if (value === null || ['string', 'number', 'boolean'].includes(typeof value)) return value
  if (typeof value !== 'object') throw new Error(`A ${typeof value} is no plain data: ${path}.`)
  if (Array.isArray(value)) return value.map((each, index) => toJson(each, `${path}[${index}]`))
  const kind = Object.prototype.toString.call(value)
  if (kind === '[object Uint8Array]') return { [TAG]: 'bytes', bytes: [...(value as Uint8Array)] }
  if (kind === '[object Float32Array]' || kind === '[object Float64Array]') {
    const floats = [...(value as Float32Array | Float64Array)].map((each) => toJson(each, path))
    return { [TAG]: kind === '[object Float32Array]' ? 'floats-32' : 'floats-64', floats }
  }
  if (kind === '[object Map]')
    return { [TAG]: 'map', entries: [...(value as Map<unknown, unknown>)].map((each) => toJson(each, path)) }
  if (kind === '[object Set]')
    return { [TAG]: 'set', values: [...(value as Set<unknown>)].map((each) => toJson(each, path)) }
  if (kind !== '[object Object]') throw new Error(`${kind} is no plain data: ${path}.`)
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [name, toJson(each, `${path}.${name}`)]),
  )
}

function fromJson(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) return value.map(fromJson)
  const fields = value as Record<string, unknown>
  switch (fields[TAG]) {
    case 'undefined':
      return undefined
    case 'number':
      return Number(fields['text'])
    case 'bytes':
      return new Uint8Array(fields['bytes'] as number[])
    case 'floats-32':
      return Float32Array.from(fromJson(fields['floats']) as number[])
    case 'floats-64':
      return Float64Array.from(fromJson(fields['floats']) as number[])
    case 'map':
      return new Map((fields['entries'] as unknown[]).map((each) => fromJson(each) as [unknown, unknown]))
    case 'set':
      return new Set((fields['values'] as unknown[]).map(fromJson))
    default:
      return Object.fromEntries(Object.entries(fields).map(([name, each]) => [name, fromJson(each)]))
  }
}
