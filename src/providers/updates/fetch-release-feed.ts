import { fail, ok, type Result } from '../../core/base/result'
import { type HostRule, parseBaseUrl } from '../http/base-url'
import { readBody } from '../http/response'
import { createReleaseGet, type ReleaseGetOptions, successful } from './release-get'
import { releaseText } from './release-text'

export interface ReleaseHostOptions extends ReleaseGetOptions {
  /** Of the feed. */
  readonly url: string
  readonly hosts: HostRule
}

const TIMEOUT_MS = 20_000

/**
 * Reads the feed of releases as text, over https or from this computer. A redirect to another host or port is not
 * followed. The error is a sentence. Never rejects.
 */
export function createFeedFetcher(options: ReleaseHostOptions): () => Promise<Result<string, string>> {
  const get = createReleaseGet(options)
  return async () => {
    const url = parseBaseUrl(options.url, options.hosts)
    if (!url.ok) return url
    const { host } = url.value
    return get(url.value, { signal: AbortSignal.timeout(TIMEOUT_MS) }, async (response) => {
      const found = successful(response, host)
      if (!found.ok) return found
      const body = await readBody(response)
      return body === null ? fail(releaseText.tooMuch(host)) : ok(body)
    })
  }
}
