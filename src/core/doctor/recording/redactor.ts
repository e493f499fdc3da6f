import { isObject } from '../../base/parse-json'
import type { FieldRule, StandInName } from './field-rule'
import { relativeTime } from './relative-time'

const LAYER = /^([0-9a-f]{8,64})(:?) (.+)$/
const LAYER_STATE =
  /^(?:pull complete|already exists|download complete|verifying checksum|extracting|pulling fs layer|waiting)\b/i
const AMOUNTS = /([\d.]{1,12} ?[kKMG]?B) ?\/ ?([\d.]{1,12} ?[kKMG]?B) ?$/

/** What the host says of a pod's start, without names. The forms are those that `core/logs/system-log` reads. */
const PHRASES: readonly (readonly [RegExp, string])[] = [
  [/^error creating container: image pull\b/i, 'error creating container: image pull:'],
  [/\bmanifest unknown\b/i, 'error pulling image: manifest unknown'],
  [/\bpull access denied\b/i, 'error pulling image: pull access denied'],
  [/\btoomanyrequests\b/i, 'error pulling image: toomanyrequests'],
  [/\bno such image\b/i, 'error pulling image: no such image'],
  [/^(?:error|failed|unable) (?:to )?pull(?:ing)? (?:the )?image\b/i, 'error pulling image:'],
  [
    /^(?:error|failed|unable) (?:to )?(?:creat|start|run)\w* (?:the )?container\b/i,
    'error starting container:',
  ],
  [/^create container: still fetching image\b/i, 'create container: still fetching image'],
  [/^create container\b/i, 'create container'],
  [/^start container\b/i, 'start container'],
  [/^stop container\b/i, 'stop container'],
  [/^remove container\b/i, 'remove container'],
  [/^status: downloaded\b/i, 'Status: Downloaded newer image for'],
  [/^status: image is up to date\b/i, 'Status: Image is up to date for'],
  [/^(?:pulling image|pending image pull|image pull)\b/i, 'pulling image'],
  [/\bpulling from\b/i, 'Pulling from'],
]

/** Replaces what is in replies, so that nothing of a user's own is left, and equal values stay equal. */
export interface Redactor {
  /** The value as far as `rule` keeps it. */
  readonly value: (value: unknown, rule: FieldRule) => unknown
  /** The stand-in of a text. */
  readonly text: (text: string, called: StandInName) => string
  readonly logLine: (source: 'container' | 'system', text: string) => string
  /** Null: it is no time. */
  readonly time: (text: string) => string | null
}

/** A deeper value is left out. */
const MAX_DEPTH = 30
const UNKNOWN: FieldRule = { kind: 'stand-in', called: 'text' }
const FIRST_NUMBER = 1_001
const FIRST_PORT = 10_001
const MAX_PORTS = 50_000
const DENIED = /unauth|forbidden|permission|not allowed|denied/i

/** Times become relative to `startMs` (Unix ms). */
export function createRedactor(startMs: number): Redactor {
  const texts = new Map<string, string>()
  const counts = new Map<StandInName, number>()
  const numbers = new Map<number, number>()
  const ports = new Map<number, number>()
  const layers = new Map<string, number>()

  function text(original: string, called: StandInName): string {
    if (original === '') return ''
    const known = texts.get(original)
    if (known !== undefined) return known
    const count = (counts.get(called) ?? 0) + 1
    counts.set(called, count)
    const standIn = standInText(called, count)
    texts.set(original, standIn)
    return standIn
  }

  function numbered(original: number, known: Map<number, number>, first: number): number {
    const standIn = known.get(original) ?? first + known.size
    known.set(original, standIn)
    return standIn
  }

  function number(original: number, called: StandInName): number {
    if (called !== 'port') return numbered(original, numbers, FIRST_NUMBER)
    return original === 22 ? 22 : (numbered(original, ports, 0) % MAX_PORTS) + FIRST_PORT
  }

  function object(
    original: Readonly<Record<string, unknown>>,
    depth: number,
    keyed: (key: string) => readonly [string, FieldRule],
  ): Record<string, unknown> {
    return Object.fromEntries(
      Object.entries(original).map(([key, value]) => {
        const [name, rule] = keyed(key)
        return [name, redact(value, rule, depth + 1)]
      }),
    )
  }

  function redact(value: unknown, rule: FieldRule, depth: number): unknown {
    if (value === null || value === undefined || depth > MAX_DEPTH) return null
    const called = rule.kind === 'stand-in' || rule.kind === 'word' ? rule.called : 'text'
    if (typeof value === 'string') return redactText(value, rule, called)
    if (typeof value === 'number') return rule.kind === 'number' ? value : number(value, called)
    if (typeof value === 'boolean') return rule.kind === 'flag' && value
    if (Array.isArray(value)) {
      const item = rule.kind === 'list' ? rule.item : UNKNOWN
      return value.map((each) => redact(each, item, depth + 1))
    }
    if (!isObject(value)) return null
    return object(value, depth, (key) => {
      if (rule.kind === 'map') return [text(key, rule.key), rule.value]
      const known = rule.kind === 'object' && Object.hasOwn(rule.fields, key) ? rule.fields[key] : undefined
      return known === undefined ? [text(key, 'field'), UNKNOWN] : [key, known]
    })
  }

  function redactText(value: string, rule: FieldRule, called: StandInName): string {
    if (rule.kind === 'word' && rule.isWord(value)) return value
    if (rule.kind === 'time') return relativeTime(value, startMs) ?? text(value, 'text')
    if (rule.kind === 'refusal' && DENIED.test(value)) return `access denied (${text(value, 'text')})`
    return text(value, called)
  }

  return {
    value: (value, rule) => redact(value, rule, 0),
    text,
    time: (value) => relativeTime(value, startMs),
    logLine(source, line) {
      const layer = (id: string): number => numberOfLayer(layers, id)
      const kept = source === 'system' ? redactSystemLine(line, layer, () => text(line, 'line')) : null
      return kept ?? text(line, 'line')
    },
  }
}

function numberOfLayer(layers: Map<string, number>, id: string): number {
  const known = layers.get(id) ?? layers.size + 1
  layers.set(id, known)
  return known
}

/** Of a host: one that no name server knows, so that a replayed pod leads nowhere. */
function standInText(called: StandInName, count: number): string {
  if (called === 'host') return `host-${count}.invalid`
  return called === 'path' ? `/path-${count}` : `${called}-${count}`
}

/**
 * What stays of a line of a system log: which step it tells of, and amounts of data. Null: nothing of it is known.
 * `layer` numbers the layers of an image by their ids, `rest` gives the stand-in for everything else.
 */
function redactSystemLine(text: string, layer: (id: string) => number, rest: () => string): string | null {
  const [, id, colon, what = ''] = LAYER.exec(text.trim()) ?? []
  if (id !== undefined) {
    const name = `${layer(id).toString(16).padStart(12, '0')}${colon}`
    const [state] = LAYER_STATE.exec(what) ?? []
    if (state !== undefined) return `${name} ${state}`
    const [, done, total] = /^downloading\b/i.test(what) ? (AMOUNTS.exec(what) ?? []) : []
    return done === undefined ? null : `${name} Downloading ${done}/${total}`
  }
  const phrase = PHRASES.find(([pattern]) => pattern.test(text.trim()))?.[1]
  return phrase === undefined ? null : `${phrase} ${rest()}`
}
