import { startHttpServer, text } from '../http/http-server'
import { feedOf } from './releases'
import { createFeedSigner } from './sign-feed'

/** A server on this computer with a signed feed that names one release, until the end of the century. */
export async function startReleaseFeed(version: string) {
  const signer = createFeedSigner()
  const server = await startHttpServer(text(signer.sign(feedOf('2099-12-31T00:00:00Z', version))))
  return {
    source: { url: `${server.origin}/releases.json`, publicKey: signer.publicKey },
    close: () => server.close(),
  }
}
