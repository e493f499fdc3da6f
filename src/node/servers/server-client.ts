import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { request } from 'node:https'
import { isObject, parseJson } from '../../core/base/parse-json'
import { fail, ok, type Result } from '../../core/base/result'
import { errorText } from '../../core/base/text/error-text'
import { plainText } from '../../core/base/text/plain-text'
import { SECOND_MS } from '../../core/base/time/time'
import { errorCode } from '../data-folder/files/error-code'
import type { ServerAccess } from './servers-file'

export interface ServerReply {
  readonly status: number
  /** What is in the envelope of a success. */
  readonly data: unknown
  /** Of a list: how it goes on. */
  readonly meta: unknown
  /** Why it was refused, as the server says it; null: it wasn't. */
  readonly problem: string | null
}

/** `isSent`: it may have been carried out. */
export interface ServerFailure {
  readonly message: string
  readonly isSent: boolean
  /** Its certificate was signed by nobody who is trusted. */
  readonly isUntrusted?: true
}

export interface ServerRequest {
  readonly method: 'GET' | 'POST' | 'PATCH'
  /** Of the whole address. */
  readonly path: string
  readonly body?: unknown
}

const untrustedCodes: ReadonlySet<string> = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
])

/** A reply waits 10 s for the end of an action. */
const TIMEOUT_MS = 20 * SECOND_MS
const MAX_REPLY_BYTES = 4_000_000

/**
 * Sends one request to a server, and its token only once its certificate was found to be right. Redirects are not
 * followed. Never throws.
 */
export async function askServer(
  { origin, token, ca }: ServerAccess,
  { method, path, body }: ServerRequest,
): Promise<Result<ServerReply, ServerFailure>> {
  let isSent = false
  const sent = request(new URL(path, origin), {
    method,
    agent: false,
    signal: AbortSignal.timeout(TIMEOUT_MS),
    ...(ca !== null && { ca }),
    headers: {
      authorization: `Bearer ${token}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
  })
  sent.on('socket', (socket) => socket.once('secureConnect', () => (isSent = true)))
  try {
    sent.end(body === undefined ? undefined : JSON.stringify(body))
    const [response] = (await once(sent, 'response')) as [IncomingMessage]
    return ok(toReply(response.statusCode ?? 0, parseJson(await textOf(response))))
  } catch (cause) {
    return fail({
      message: plainText(errorText(cause)),
      isSent,
      ...(untrustedCodes.has(errorCode(cause) ?? '') && { isUntrusted: true }),
    })
  } finally {
    sent.destroy()
  }
}

async function textOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > MAX_REPLY_BYTES) throw new Error('its reply is too large')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString()
}

function toReply(status: number, body: unknown): ServerReply {
  const fields = isObject(body) ? body : {}
  if (status >= 200 && status < 300)
    return { status, data: fields['data'] ?? body, meta: fields['meta'], problem: null }
  const error = fields['error']
  const message = isObject(error) ? error['message'] : undefined
  return {
    status,
    data: body,
    meta: null,
    problem: typeof message === 'string' ? plainText(message).slice(0, 500) : `it answers with ${status}`,
  }
}
