import * as v from 'valibot'
import { type LogQuery, logSources, MAX_TAIL, type RawLogLine } from '../../core/pods/pod-logs'
import type { LogStream, Provider } from '../../core/pods/provider'
import { parseJson } from '../../core/base/parse-json'
import { fail } from '../../core/base/result'
import { createEventParser, type ServerEvent } from '../http/event-parser'
import { localError } from '../http/local-error'
import { isPodId, MAX_ID_CHARS, parseTime, record } from '../wire/wire-values'
import type { RunpodClient } from './client'

/** A longer line is cut. */
export const MAX_LINE_CHARS = 16_000

const logEvent = v.pipe(
  record,
  v.object({ source: v.picklist(logSources), line: v.string(), ts: v.fallback(v.string(), '') }),
)

/** A pod's log as Runpod streams it. */
export function createLogStreams(client: RunpodClient): Required<Pick<Provider, 'streamLogs'>> {
  return {
    streamLogs(id, query, { onOpen, onLines }) {
      if (!isPodId(id)) return refusedStream
      const parser = createEventParser()
      return client.stream(`/pods/${encodeURIComponent(id)}/logs`, queryOf(query), headersOf(query), {
        onHeaders: onOpen,
        onBytes(bytes) {
          const { events, tooLongCount } = parser.push(bytes)
          const lines = events.map(parseLogEvent)
          const readable = lines.filter((line) => line !== null)
          const unreadableCount = lines.length - readable.length + tooLongCount
          const hasEvent = readable.length + unreadableCount > 0
          return hasEvent ? { hasEvent, taken: onLines(readable, unreadableCount) } : { hasEvent }
        },
      })
    },
  }
}

const refusedStream: LogStream = {
  ended: Promise.resolve(fail(localError('invalid', 'This is not the id of a pod.'))),
  close: () => {},
}

function queryOf({ source, tail, sinceMs }: LogQuery): Record<string, string> {
  return {
    ...(source !== null && { source }),
    tail: String(Math.max(0, Math.min(MAX_TAIL, Math.floor(tail)))),
    ...(sinceMs !== null && { since: new Date(sinceMs).toISOString() }),
  }
}

const headersOf = ({ afterId }: LogQuery): Record<string, string> => ({
  accept: 'text/event-stream',
  ...(afterId !== null && isLineId(afterId) && { 'last-event-id': afterId }),
})

/** Whether it can be sent back in a header. */
const isLineId = (id: string): boolean => id.length <= MAX_ID_CHARS && /^[\x21-\x7e]+$/.test(id)

/** Null if the event is no line of a log. */
export function parseLogEvent({ id, data }: ServerEvent): RawLogLine | null {
  const read = v.safeParse(logEvent, parseJson(data))
  if (!read.success) return null
  const { source, line, ts } = read.output
  return {
    id: isLineId(id) ? id : null,
    source,
    atMs: parseTime(ts),
    text: line.slice(0, MAX_LINE_CHARS),
    ...(line.length > MAX_LINE_CHARS && { isCut: true }),
  }
}
