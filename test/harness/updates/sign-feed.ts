import { generateKeyPairSync, sign } from 'node:crypto'
import { signedText } from '../../../src/core/updates/release-feed'

/** A key of its own, and what is signed by it. */
export function createFeedSigner() {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  return {
    publicKey: publicKey.export({ format: 'der', type: 'spki' }).toString('base64'),
    sign(feed: string): string {
      const signature = sign(null, Buffer.from(signedText(feed)), privateKey).toString('base64')
      return JSON.stringify({ feed, signature })
    },
  }
}
