import { randomBytes } from 'node:crypto'
import { isFolderProof, readApiSecret } from './api-secret-file'

/** What answers at the address of a served API. */
export type ApiIdentity = 'this-folder' | 'another-program' | 'unreachable'

const LIMIT_MS = 5_000
const MAX_REPLY_BYTES = 4_096

/** Finds out whether the API at this address is this folder's. No token is sent. */
export async function checkApi(folder: string, address: URL): Promise<ApiIdentity> {
  const secret = readApiSecret(folder)
  const nonce = randomBytes(16).toString('hex')
  const port = Number(address.port || (address.protocol === 'https:' ? 443 : 80))
  try {
    const reply = await fetch(new URL(`/proof?nonce=${nonce}`, address), {
      redirect: 'error',
      signal: AbortSignal.timeout(LIMIT_MS),
    })
    const body = await readAtMost(reply, MAX_REPLY_BYTES)
    const proof = /"proof":"([0-9a-f]{64})"/.exec(body)?.[1]
    const isOurs = secret !== null && proof !== undefined && isFolderProof(proof, secret, port, nonce)
    return isOurs ? 'this-folder' : 'another-program'
  } catch {
    return 'unreachable'
  }
}

async function readAtMost({ body }: Response, maxBytes: number): Promise<string> {
  let text = ''
  for await (const bytes of body ?? []) {
    text += Buffer.from(bytes).toString('latin1')
    if (text.length > maxBytes) break
  }
  return text
}
