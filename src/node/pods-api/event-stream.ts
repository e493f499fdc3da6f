import type { ServerResponse } from 'node:http'
import { escapeControls } from '../../core/base/text/escape-controls'
import { mayAccess, type ApiCaller } from '../../core/pods-api/api-caller'
import type { ApiEvent, EventLog } from '../../core/pods-api/api-event'

const HEARTBEAT_MS = 15_000
const MAX_UNSENT_BYTES = 1_024 * 1_024

/** Sends events as they happen, and first those that were missed since `lastId`. Ends with the connection. */
export function streamEvents(
  response: ServerResponse,
  log: EventLog,
  caller: ApiCaller,
  lastId: string | null,
  isCallerValid: () => boolean,
): void {
  const send = (text: string): void => {
    // A client that doesn't read must not fill the memory; it comes back with the id of what it has.
    if (response.writableLength > MAX_UNSENT_BYTES) response.destroy()
    else response.write(text)
  }
  const sendEvents = (events: readonly ApiEvent[]): void => {
    // A token that was revoked or expired meanwhile gets nothing more.
    if (!isCallerValid()) response.destroy()
    for (const event of events)
      if (!response.destroyed && mayAccess(caller, event.accountId))
        send(
          `id: ${log.idOf(event)}\nevent: ${event.type}\ndata: ${escapeControls(JSON.stringify(event.data))}\n\n`,
        )
  }
  response.writeHead(200, {
    'content-type': 'text/event-stream',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  })
  const missed = log.since(lastId)
  // What happened in between is not known: everything is to be read again.
  if (missed === null) send(`id: ${log.latestId()}\nevent: reset\ndata: {}\n\n`)
  else {
    send(`retry: 2000\nid: ${lastId ?? log.latestId()}\nevent: ready\ndata: {}\n\n`)
    sendEvents(missed)
  }
  const unsubscribe = log.onEvents(sendEvents)
  const heartbeat = setInterval(() => {
    if (isCallerValid()) send(': still here\n\n')
    else response.destroy()
  }, HEARTBEAT_MS)
  response.once('close', () => {
    clearInterval(heartbeat)
    unsubscribe()
  })
}
