import type { IncomingMessage, ServerResponse } from 'node:http'
import type { RateVerdict } from '../../core/pods-api/rate-window'
import type { RequestClaim } from './api-requests-file'
import { errorHttp, type HttpReply } from './http-reply'

/* What replies of the Pods API have in common. */

export const rateHeaders = ({ limit, remaining, resetsInMs }: RateVerdict, nowMs: number) => ({
  'X-RateLimit-Limit': String(limit),
  'X-RateLimit-Remaining': String(remaining),
  'X-RateLimit-Reset': String(Math.ceil((nowMs + resetsInMs) / 1_000)),
})

export const tooMany = ({ limit, resetsInMs }: RateVerdict): HttpReply =>
  errorHttp(429, `More than ${limit} requests in a minute`, {
    'retry-after': String(Math.max(1, Math.ceil(resetsInMs / 1_000))),
  })

export function repeated(
  claim: Exclude<RequestClaim, { kind: 'new' }>,
): [reply: HttpReply, headers?: Readonly<Record<string, string>>] {
  switch (claim.kind) {
    case 'replied': {
      const { status, body } = claim.reply
      return [
        { status, body, headers: { 'content-type': 'application/json' } },
        { 'idempotency-replayed': 'true' },
      ]
    }
    case 'busy':
      return [errorHttp(409, 'The first request with this Idempotency-Key is still under way')]
    case 'unknown':
      return [
        errorHttp(
          409,
          'Podkeeper ended before the first request with this Idempotency-Key did. Read the pod to see what it did.',
        ),
      ]
    case 'other':
      return [errorHttp(422, 'This Idempotency-Key was used for another request')]
  }
}

export function sendReply(
  request: IncomingMessage,
  response: ServerResponse,
  { status, headers, body }: HttpReply,
  more: Readonly<Record<string, string>>,
): void {
  if (response.destroyed) return
  response.writeHead(status, {
    ...more,
    ...headers,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'content-length': Buffer.byteLength(body),
  })
  response.end(request.method === 'HEAD' ? undefined : body)
}
