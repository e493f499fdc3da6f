import type { IncomingMessage, ServerResponse } from 'node:http'
import type { RateVerdict } from '../../core/pods-api/access/rate-window'
import type { ApiRequestsFile, RequestClaim } from './api-requests-file'
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

function repeated(
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

interface OnceOptions {
  readonly request: IncomingMessage
  readonly requests: Pick<ApiRequestsFile, 'claim'>
  readonly callerId: string
  /** All that makes it this request, such as path and body. */
  readonly content: string
  readonly run: () => Promise<HttpReply>
}

/** Carries out a write, not again for the same `Idempotency-Key`. Replies with more headers. */
export async function writeOnce({
  request,
  requests,
  callerId,
  content,
  run,
}: OnceOptions): Promise<[reply: HttpReply, headers?: Readonly<Record<string, string>>]> {
  const key = request.headers['idempotency-key']
  if (key === undefined) return [await run()]
  if (typeof key !== 'string' || !/^[\x21-\x7e]{1,200}$/.test(key))
    return [errorHttp(400, 'Idempotency-Key must be 1 to 200 visible ASCII characters')]
  const claim = requests.claim(callerId, key, content)
  if (!claim.ok) return [errorHttp(503, claim.error)]
  if (claim.value.kind !== 'new') return repeated(claim.value)
  const reply = await run()
  if ('retry-after' in reply.headers) claim.value.release()
  else claim.value.finish({ status: reply.status, body: reply.body })
  return [reply]
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
