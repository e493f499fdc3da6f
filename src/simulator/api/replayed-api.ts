import { isObject, parseJson } from '../../core/base/parse-json'
import type { RecordedEvent, RecordedReply, Recording } from '../../core/doctor/recording/recording'
import { parseRelativeTime } from '../../core/doctor/recording/relative-time'
import type { SimulatedApi } from '../control/simulated-api'
import { type EventStream, problem, type Reply } from '../http/reply'
import type { IncomingRequest } from '../http/server'
import { runpodErrors } from './runpod-api'

export interface ReplayOptions {
  readonly recording: Recording
  /** Wall clock, Unix ms. */
  readonly now: () => number
  readonly isKey: (key: string) => boolean
}

const REST = '/v2'

/**
 * Serves what was recorded. Each request gets the latest reply to it of that time since the first request, and the last
 * one after the recording's end. It can only be read.
 */
export function createReplayedApi({ recording, now, isKey }: ReplayOptions): SimulatedApi {
  let startMs: number | null = null
  const replies = new Map<string, RecordedReply[]>()
  for (const reply of recording.replies) {
    const key = requestKey(reply.method, reply.path, reply.query['cursor'] ?? null, reply.graphql ?? null)
    replies.set(key, [...(replies.get(key) ?? []), reply])
  }

  return {
    errors: runpodErrors,
    isKey,
    targetOf: () => ({}),
    answer(incoming, key) {
      if (key === null || !isKey(key)) return problem(401, 'invalid bearer token')
      const atMs = now()
      startMs ??= atMs
      const query = graphqlOf(incoming)
      if (incoming.method !== 'GET' && query === null) return problem(403, READ_ONLY)
      const path = incoming.path.startsWith(`${REST}/`) ? incoming.path.slice(REST.length) : incoming.path
      const known = replies.get(requestKey(incoming.method, path, incoming.query.get('cursor'), query))
      const reply = known?.filter((each) => each.atMs <= atMs - (startMs ?? atMs)).at(-1) ?? known?.[0]
      // Nothing may be concluded from what was not recorded, as it could be from a 404.
      return reply === undefined ? problem(503, NOT_RECORDED) : replayed(reply, startMs, incoming.lastEventId)
    },
  }
}

const READ_ONLY = 'This is a recording. It can be read, and no action is possible.'
const NOT_RECORDED = 'The recording has no reply to this request.'

const requestKey = (...parts: readonly (string | null)[]): string => JSON.stringify(parts)

/** Null: it is no query. */
function graphqlOf({ method, path, body }: IncomingRequest): string | null {
  if (method !== 'POST' || path !== '/graphql') return null
  const json = parseJson(body)
  return isObject(json) && typeof json['query'] === 'string' ? json['query'] : null
}

function replayed(reply: RecordedReply, startMs: number, lastEventId: string | null): Reply | EventStream {
  if (reply.status === null) return problem(503, 'There was no reply when this was recorded.')
  const headers = Object.fromEntries(
    Object.entries(reply.headers).map(([name, value]) => {
      const ms = parseRelativeTime(value)
      return [name, ms === null ? value : new Date(startMs + ms).toUTCString()]
    }),
  )
  if (reply.events !== undefined) return eventStream(reply.status, reply.events, startMs, lastEventId)
  const isEmpty = reply.body === undefined && reply.text === undefined
  return {
    status: reply.status,
    headers: { 'content-type': 'application/json', ...headers },
    body: isEmpty ? null : (reply.text ?? JSON.stringify(withTimes(reply.body, startMs))),
  }
}

/** Times become those of this replay. */
function withTimes(value: unknown, startMs: number): unknown {
  if (typeof value === 'string') {
    const ms = parseRelativeTime(value)
    return ms === null ? value : new Date(startMs + ms).toISOString()
  }
  if (Array.isArray(value)) return value.map((each) => withTimes(each, startMs))
  if (!isObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, withTimes(part, startMs)]))
}

function eventStream(
  status: number,
  events: readonly RecordedEvent[],
  startMs: number,
  lastEventId: string | null,
): EventStream {
  const dated = events.map((event, index) => {
    const ts = withTimes(event.ts, startMs) as string
    return { ...event, ts, id: ts === '' ? '' : `${ts}/${index}` }
  })
  const resumeAt = dated.findIndex(({ id }) => id !== '' && id === lastEventId) + 1
  return {
    status,
    headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' },
    open(sink) {
      const timers = dated
        .slice(resumeAt)
        .map(({ id, source, line, ts, afterMs }) =>
          setTimeout(
            () =>
              sink.write(
                `${id === '' ? '' : `id: ${id}\n`}data: ${JSON.stringify({ source, line, ts })}\n\n`,
              ),
            resumeAt === 0 ? afterMs : 0,
          ),
        )
      return () => timers.forEach(clearTimeout)
    },
  }
}
