import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { escapeControls } from '../../core/base/text/escape-controls'
import type { ApiReply } from '../../core/pods-api/api-types'

/** A reply before it is sent. */
export interface HttpReply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

const codes: Readonly<Record<number, string>> = {
  400: 'bad_request',
  401: 'unauthorized',
  402: 'payment_required',
  403: 'forbidden',
  404: 'not_found',
  405: 'method_not_allowed',
  408: 'request_timeout',
  409: 'conflict',
  413: 'content_too_large',
  415: 'unsupported_media_type',
  422: 'unprocessable',
  429: 'rate_limited',
  431: 'headers_too_large',
  503: 'unavailable',
}

export const errorHttp = (
  status: number,
  message: string = STATUS_CODES[status] ?? 'Error',
  headers: Readonly<Record<string, string>> = {},
): HttpReply =>
  jsonHttp({ error: { code: codes[status] ?? 'internal_error', message, status } }, status, headers)

export const jsonHttp = (
  value: unknown,
  status = 200,
  headers: Readonly<Record<string, string>> = {},
): HttpReply => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: escapeControls(JSON.stringify(value)),
})

/** Replies to what is no whole request, and ends its connection. `cause`: what the parser found. */
export function refuseBroken(cause: NodeJS.ErrnoException, socket: Duplex): void {
  if (!socket.writable) return void socket.destroy()
  const status =
    cause.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : cause.code === 'HPE_HEADER_OVERFLOW' ? 431 : 400
  const { headers, body } = errorHttp(status)
  const lines = Object.entries({ ...headers, connection: 'close', 'content-length': Buffer.byteLength(body) })
  socket.end(
    [
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
      ...lines.map(([name, value]) => `${name}: ${value}`),
      '',
      body,
    ].join('\r\n'),
  )
}

/** Only of replies after which nothing was done. */
export const retryLater = { 'retry-after': '5' }

/** In the documented envelope. */
export function toHttpReply(reply: ApiReply, requestId: string, nowMs: number): HttpReply {
  const meta = { request_id: requestId, timestamp: new Date(nowMs).toISOString() }
  switch (reply.kind) {
    case 'object':
      return jsonHttp({ data: reply.value, meta }, reply.status)
    case 'list':
      return jsonHttp({ data: reply.items, meta: { ...meta, ...reply.page } })
    case 'plain':
      return jsonHttp(reply.value)
    case 'error':
      return errorHttp(reply.status, reply.message, reply.mayRetry === true ? retryLater : {})
  }
}
