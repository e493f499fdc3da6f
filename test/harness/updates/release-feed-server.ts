import { startHttpServer, text } from '../http/http-server'
import { fileOf, rangeReply } from './release-file-server'
import { release, SIGNED_AT } from './releases'
import { createFeedSigner } from './sign-feed'

const BODY = 'an archive of the app, '.repeat(10_000)

/** What comes of a download for macOS: the file, another one of its size, or half of it and then nothing. */
export type ServedUpdate = 'whole' | 'tampered' | 'stalled'

/** A server on this computer with a signed feed that names one release, until the end of the century. */
export async function startReleaseFeed(version: string, served?: ServedUpdate) {
  const signer = createFeedSigner()
  const named = release(version)
  const files = served === undefined ? named.files : [...named.files, fileOf(BODY)]
  const feed = { signedAt: SIGNED_AT, expiresAt: '2099-12-31T00:00:00Z', releases: [{ ...named, files }] }
  const signed = signer.sign(JSON.stringify(feed))
  const server = await startHttpServer()
  server.replyWith((request) => {
    if (request.path.endsWith('.json')) return text(signed)
    if (served === 'stalled') return { kind: 'stall', body: BODY }
    return served === 'whole' ? rangeReply(BODY, request) : text(BODY.replaceAll('archive', 'Archive'))
  })
  return {
    source: { url: `${server.origin}/releases.json`, publicKey: signer.publicKey },
    close: () => server.close(),
  }
}
