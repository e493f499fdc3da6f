import type { SimulatedLogLine } from '../world/logs/log-series'
import { PodLog } from '../world/logs/pod-log'
import { type EventStream, problem, type Reply, type Sink } from '../http/reply'
import type { World } from '../world/world'
import type { SimulatedFault } from '../control/faults'

export interface LogRequest {
  readonly query: URLSearchParams
  readonly lastEventId: string | null
  /** How its lines arrive. */
  readonly fault: SimulatedFault | null
}

const DEFAULT_TAIL = 100
const MAX_LINES = 5_000

/** The minimum interval at which a stream checks for new lines, however fast time runs. */
const MIN_WAIT_MS = 50
const MAX_WAIT_MS = 30_000

interface LogStart {
  readonly source: SimulatedLogLine['source'] | null
  readonly tail: number
  /** Microseconds of the first requested line, in API time; null for the last `tail` lines. */
  readonly fromMicros: number | null
  /** How many lines before that one come again. */
  readonly repeated: number
}

const REPEATED = 20
const LINES_BEFORE_DROP = 25

/** Answers `GET /v2/pods/{id}/logs` for an existing pod: past lines, and then new ones, with comments in between. */
export function handleLogs(podId: string, request: LogRequest, world: World): Reply | EventStream {
  const start = parseStart(request)
  if ('status' in start) return start
  return {
    status: 200,
    headers: {
      'content-type': 'text/event-stream',
      'cache-control': 'no-cache',
      connection: 'keep-alive',
      'x-accel-buffering': 'no',
    },
    open(sink) {
      const keepAlive = keepAliveOf(sink, request.fault)
      const events = faultySink(sink, request.fault)
      const stop = stream(podId, start, world, events)
      if (request.fault?.kind === 'log-frozen') events.freeze()
      return () => {
        clearInterval(keepAlive)
        stop()
      }
    },
  }
}

function parseStart({ query, lastEventId, fault }: LogRequest): LogStart | Reply {
  const invalid = (error: string) => problem(422, 'Request validation failed.', { errors: [error] })
  const source = query.get('source')
  if (source !== null && source !== 'container' && source !== 'system') {
    return invalid('source: container or system')
  }
  const tail = query.get('tail') ?? String(DEFAULT_TAIL)
  if (!/^\d+$/.test(tail) || Number(tail) > MAX_LINES) return invalid('tail: 0 to 5000')
  const since = query.get('since')
  const fromMicros = lastEventId === null ? parseMicros(since) : parseMicros(lastEventId)
  if (Number.isNaN(fromMicros)) return invalid('since and Last-Event-ID are RFC 3339')
  const isResumed = lastEventId !== null && fromMicros !== null
  return {
    source,
    tail: Number(tail),
    fromMicros: isResumed ? fromMicros + 1 : fromMicros,
    repeated: isResumed && fault?.kind === 'log-duplicates' ? REPEATED : 0,
  }
}

/** Writes until the sink is closed or the pod is gone; returns a function that stops it earlier. */
function stream(podId: string, start: LogStart, world: World, sink: EventSink): () => void {
  let timer: NodeJS.Timeout | undefined
  let sentMs: number | null = null
  const toMicros = (line: SimulatedLogLine) => Math.floor(world.time.toWallMs(line.atMs) * 1_000)

  const initialLines = (log: PodLog, nowMs: number): readonly SimulatedLogLine[] => {
    const { fromMicros } = start
    if (fromMicros === null) return log.between(Number.NEGATIVE_INFINITY, nowMs, start.tail)
    // One second more than requested, because dates are rounded; lines that are too early are filtered by date.
    const afterMs = world.time.toSimulatedMs(fromMicros / 1_000) - 1_000
    const again =
      start.repeated === 0
        ? []
        : log
            .between(Number.NEGATIVE_INFINITY, afterMs + 1_000, start.repeated + 50)
            .filter((line) => toMicros(line) < fromMicros)
            .slice(-start.repeated)
    return [
      ...again,
      ...log.between(afterMs, nowMs, MAX_LINES).filter((line) => toMicros(line) >= fromMicros),
    ]
  }

  const sendNewLines = () => {
    clearTimeout(timer)
    const pod = world.record(podId)
    if (pod === null) return sink.end()
    const nowMs = world.nowMs()
    const log = new PodLog(pod, world.seed, start.source)
    const lines = sentMs === null ? initialLines(log, nowMs) : log.between(sentMs, nowMs, MAX_LINES)
    sentMs = nowMs
    const hasCapacity =
      lines.length === 0 || sink.writeEvents(lines.map((line) => eventOf(line, toMicros(line))))
    if (!hasCapacity) return sink.onceDrained(sendNewLines)
    const nextMs = log.nextMs(nowMs)
    if (nextMs === null) return
    const waitMs = (nextMs - nowMs) / world.time.factor
    timer = setTimeout(sendNewLines, Math.min(MAX_WAIT_MS, Math.max(MIN_WAIT_MS, waitMs)))
  }

  const unsubscribe = world.onChange(sendNewLines)
  sendNewLines()
  return () => {
    clearTimeout(timer)
    unsubscribe()
  }
}

const KEEP_ALIVE_MS = 15_000

const keepAliveOf = (sink: Sink, fault: SimulatedFault | null): NodeJS.Timeout =>
  setInterval(() => sink.write(': keep-alive\n\n'), fault?.delayMs ?? KEEP_ALIVE_MS).unref()

interface EventSink extends Pick<Sink, 'end' | 'onceDrained'> {
  /** Whether more can be written immediately. */
  writeEvents(events: readonly string[]): boolean
  /** From now on no event is written. */
  freeze(): void
}

function faultySink(sink: Sink, fault: SimulatedFault | null): EventSink {
  let left = LINES_BEFORE_DROP
  let isFrozen = false
  const write = (events: readonly string[]): boolean => sink.write(events.join(''))
  return {
    end: () => sink.end(),
    onceDrained: (listener) => sink.onceDrained(listener),
    freeze: () => (isFrozen = true),
    writeEvents(events) {
      if (isFrozen) return true
      switch (fault?.kind) {
        case 'log-duplicates':
          return write(events.flatMap((event) => [event, event]))
        case 'log-reordered':
          return write(events.map((event, i) => events[i % 2 === 0 ? i + 1 : i - 1] ?? event))
        case 'log-drop': {
          if (events.length <= left) {
            left -= events.length
            return write(events)
          }
          const [torn = ''] = events.slice(left)
          write([...events.slice(0, left), torn.slice(0, torn.length / 2)])
          sink.destroy()
          return true
        }
        default:
          return write(events)
      }
    },
  }
}

function eventOf({ source, text }: SimulatedLogLine, micros: number): string {
  const ts = formatMicros(micros)
  return `id: ${ts}\ndata: ${JSON.stringify({ source, line: text, ts })}\n\n`
}

/** RFC 3339 with microseconds, because fast time puts many lines into one millisecond. */
function formatMicros(micros: number): string {
  const ms = Math.floor(micros / 1_000)
  return new Date(ms).toISOString().replace('Z', `${String(micros - ms * 1_000).padStart(3, '0')}Z`)
}

/** RFC 3339 as microseconds; null if absent, NaN if invalid. */
function parseMicros(text: string | null): number | null {
  if (text === null) return null
  const parts = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)$/i.exec(text)
  if (parts === null) return Number.NaN
  const [, seconds, fraction = '', zone] = parts
  return Date.parse(`${seconds}${zone}`.toUpperCase()) * 1_000 + Number(fraction.slice(0, 6).padEnd(6, '0'))
}
