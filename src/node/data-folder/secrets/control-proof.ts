import { randomBytes } from 'node:crypto'
import * as v from 'valibot'
import { parseJson } from '../../../core/base/parse-json'
import { folderProof, isFolderProof, isNonce, openApiSecret, readApiSecret } from './api-secret-file'

/*
 * Where another user's program could be at the holder's address, a command sends only a random number until the other
 * side proves that it can read the secret of the data folder. See docs/decisions/0020-control-socket.md.
 */

export interface HolderChallenge {
  /** What is sent. */
  readonly line: string
  /** Whether this line answers it. Reads the secret, which the holder may just have made. */
  isMetBy(line: string): boolean
}

const challengeSchema = v.strictObject({
  kind: v.literal('prove'),
  nonce: v.pipe(v.string(), v.check(isNonce)),
})
const proofSchema = v.strictObject({ kind: v.literal('proof'), proof: v.string() })

export function createChallenge(dataFolder: string): HolderChallenge {
  const nonce = randomBytes(16).toString('hex')
  return {
    line: `${JSON.stringify({ kind: 'prove', nonce })}\n`,
    isMetBy(line) {
      const secret = readApiSecret(dataFolder)
      const reply = v.safeParse(proofSchema, parseJson(line))
      return secret !== null && reply.success && isFolderProof(reply.output.proof, secret, 'control', nonce)
    },
  }
}

/** The answer of a holder to a line; null: the line is no challenge. Throws errors of the file system. */
export function answerChallenge(dataFolder: string, line: string): string | null {
  const challenge = v.safeParse(challengeSchema, parseJson(line))
  if (!challenge.success) return null
  const proof = folderProof(openApiSecret(dataFolder), 'control', challenge.output.nonce)
  return `${JSON.stringify({ kind: 'proof', proof })}\n`
}
