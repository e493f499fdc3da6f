import { fail, type Result } from '../../core/base/result'
import { parseBaseUrl } from '../http/base-url'
import type { ReleaseHostOptions } from './fetch-release-feed'
import { createReleaseGet, successful } from './release-get'
import { releaseText } from './release-text'

/** The bytes of a file from one of them on. */
export interface FileStream {
  /** 0: the server began anew. */
  readonly startsAtByte: number
  /** Rejects when the connection breaks or is aborted. */
  readonly chunks: AsyncIterable<Uint8Array>
}

/**
 * Reads a file that stands beside the feed, from byte `fromByte` on where the server can. `take` gets the bytes as they
 * arrive; what it rejects with becomes the error of the network. The error is a sentence. Never rejects.
 */
export type FetchReleaseFile = <T>(
  request: { readonly name: string; readonly fromByte: number; readonly signal: AbortSignal },
  take: (stream: FileStream) => Promise<Result<T, string>>,
) => Promise<Result<T, string>>

/** Over https or from this computer. A redirect to another host or port is not followed. */
export function createReleaseFileFetcher(options: ReleaseHostOptions): FetchReleaseFile {
  const get = createReleaseGet(options)
  return async (request, take) => {
    const { name, signal } = request
    const feed = parseBaseUrl(options.url, options.hosts)
    if (!feed.ok) return feed
    const url = new URL(name, feed.value)

    /** Null: the server can't go on from there. */
    async function readFrom(fromByte: number): Promise<Awaited<ReturnType<typeof take>> | null> {
      let canContinue = true
      // A part of what is compressed can't be continued.
      const headers = {
        'accept-encoding': 'identity',
        ...(fromByte > 0 && { range: `bytes=${fromByte}-` }),
      }
      const taken = await get(url, { headers, signal }, async (response) => {
        const { status, body } = response
        canContinue = fromByte === 0 || (status !== 416 && (status !== 206 || startOf(response) === fromByte))
        if (!canContinue) {
          await body?.cancel()
          return fail('')
        }
        const found = successful(response, url.host)
        if (!found.ok) return found
        if (body === null) return fail(releaseText.nothing(url.host))
        const chunks = body as AsyncIterable<Uint8Array>
        return take({ startsAtByte: status === 206 ? fromByte : 0, chunks })
      })
      return canContinue ? taken : null
    }

    return (await readFrom(request.fromByte)) ?? (await readFrom(0)) ?? fail(releaseText.nothing(url.host))
  }
}

const startOf = (response: Response): number =>
  Number(/^bytes (\d+)-/.exec(response.headers.get('content-range') ?? '')?.[1])
