import type { IncomingMessage } from 'node:http'
import type { ApiRequestsFile } from './api-requests-file'
import { repeated } from './api-replies'
import { errorHttp, type HttpReply } from './http-reply'

export interface OnceOptions {
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
