import type { Clock } from '../../base/time/clock'
import { elapsedMs } from '../../base/time/time'
import { parseJson } from '../../base/parse-json'
import type { RawLogLine } from '../../pods/pod-logs'
import type { ObservedReply } from '../../pods/provider'
import { createRedactor, type Redactor } from './redactor'
import type { RecordedEvent, RecordedReply, Recording } from './recording'
import { relativeMs } from './relative-time'
import { replyRule } from './reply-rules'

const TYPES = ['application/json', 'application/problem+json', 'text/event-stream', 'text/html', 'text/plain']
const WINDOWS = ['burst', 'second', 'minute', 'hour', 'day']
const ITEM = /^"([^"]*)"((?:;[rtqw]=\d{1,9})+)$/

/** Collects replies and redacts each as it comes. */
export interface Recorder {
  readonly add: (reply: ObservedReply) => void
  /** Lines of the log stream that was opened last. */
  readonly addLines: (lines: readonly RawLogLine[]) => void
  readonly recording: () => Recording
}

/** Parts of paths that are Runpod's own; every other part is an id. */
const PATH_WORDS = new Set(
  'pods logs billing network-volumes catalog gpus account ssh-keys limits graphql'.split(' '),
)
/** Parameters whose values are this program's own. */
const OWN_PARAMETERS = new Set(
  'includeClusterPods limit bucketSize include product count cloud source tail'.split(' '),
)
const QUERY = /^query \{ myself \{ [A-Za-z ]{1,100} \} \}$/

/** `source`: where the recording comes from. */
export function createRecorder(clock: Pick<Clock, 'now'>, source: string): Recorder {
  const start = clock.now()
  const redactor = createRedactor(start.wallMs)
  const replies: RecordedReply[] = []
  /** Of the stream that was opened last. */
  let stream: { readonly openedAtMs: number; readonly events: RecordedEvent[] } | null = null

  const sinceStartMs = (): number => Math.round(elapsedMs(start, clock.now()))

  const path = (original: string): string =>
    original
      .split('/')
      .map((part) => (part === '' || PATH_WORDS.has(part) ? part : redactor.text(decode(part), 'pod')))
      .join('/')

  function queryOf(query: ObservedReply['query']): Record<string, string> {
    return Object.fromEntries(
      Object.entries(query).flatMap(([name, value]) => {
        if (OWN_PARAMETERS.has(name)) return [[name, value]]
        if (name === 'cursor') return [[name, redactor.text(value, 'cursor')]]
        const time = ['startTime', 'endTime', 'since'].includes(name) ? redactor.time(value) : null
        return time === null ? [] : [[name, time]]
      }),
    )
  }

  function bodyOf(reply: ObservedReply): Pick<RecordedReply, 'body' | 'text'> {
    if (reply.body === null || reply.body === '') return {}
    const json = parseJson(reply.body)
    if (json !== undefined) return { body: redactor.value(json, replyRule(reply.path, reply.status)) }
    // What Cloudflare calls its refusal.
    const [code] = /\berror code: \d{4}\b/i.exec(reply.body) ?? []
    return { text: [...(code === undefined ? [] : [code]), redactor.text(reply.body, 'text')].join(' ') }
  }

  return {
    add(reply) {
      const atMs = sinceStartMs()
      const isStream = reply.status === 200 && reply.body === null && reply.path.endsWith('/logs')
      stream = isStream ? { openedAtMs: atMs, events: [] } : stream
      replies.push({
        atMs,
        method: reply.method === 'POST' ? 'POST' : 'GET',
        path: path(reply.path),
        query: queryOf(reply.query),
        ...(reply.graphql !== undefined && {
          graphql: QUERY.test(reply.graphql) ? reply.graphql : redactor.text(reply.graphql, 'text'),
        }),
        status: reply.status,
        headers: redactHeaders(reply.headers, redactor),
        ...bodyOf(reply),
        ...(isStream && stream !== null && { events: stream.events }),
      })
    },
    addLines(lines) {
      if (stream === null) return
      for (const { source: origin, atMs, text } of lines)
        stream.events.push({
          afterMs: sinceStartMs() - stream.openedAtMs,
          source: origin,
          line: redactor.logLine(origin, text),
          ts: atMs === null ? '' : relativeMs(atMs - start.wallMs),
        })
    },
    recording: () => ({ format: 'podkeeper-recording', version: 1, source, provider: 'runpod', replies }),
  }
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

/** The headers that say something of the API itself. All others are left out, with their names. */
function redactHeaders(
  headers: Readonly<Record<string, string>>,
  redactor: Pick<Redactor, 'time'>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]): (readonly [string, string])[] => {
      const kept = redactHeader(name.toLowerCase(), value.trim(), redactor)
      return kept === null ? [] : [[name.toLowerCase(), kept]]
    }),
  )
}

function redactHeader(name: string, value: string, { time }: Pick<Redactor, 'time'>): string | null {
  switch (name) {
    case 'content-type': {
      const type = (value.split(';', 1)[0] ?? '').toLowerCase()
      return TYPES.includes(type) ? type : null
    }
    case 'date':
      return time(value)
    case 'retry-after':
    case 'x-ratelimit-limit':
    case 'x-ratelimit-remaining':
    case 'x-ratelimit-reset':
      return /^\d{1,9}$/.test(value) ? value : null
    case 'ratelimit':
    case 'ratelimit-policy':
      return redactWindows(value)
    default:
      return null
  }
}

/** Items such as `"minute";r=58;t=12`. Names of windows that are not known get a number. */
function redactWindows(value: string): string | null {
  const items = value.split(',').flatMap((item, index) => {
    const [, name, parameters] = ITEM.exec(item.trim()) ?? []
    if (name === undefined || parameters === undefined) return []
    return [`"${WINDOWS.includes(name) ? name : `window-${index + 1}`}"${parameters}`]
  })
  return items.length === 0 ? null : items.join(', ')
}
