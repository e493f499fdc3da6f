import { createHash } from 'node:crypto'
import ssh2, { type ParsedKey } from 'ssh2'
import type { KeyAccess } from './find-keys'
import type { SigningHash } from './agents'
import type { SshAttendant } from './open-connection'
import { readPublicKey, type PublicKey } from './public-key'

const PASSPHRASE_TRIES = 3

/** A private key that can sign now. */
export interface OpenKey {
  readonly publicKey: PublicKey
  readonly sign: (data: Buffer, hash: SigningHash | undefined) => Promise<Buffer>
}

/** `declined`: no passphrase that opens it was given. `broken`: it cannot be read with one either. */
export type Opening =
  | { readonly kind: 'open'; readonly key: OpenKey }
  | { readonly kind: 'declined' }
  | { readonly kind: 'broken' }

type FileKey = Extract<KeyAccess, { kind: 'file' }>

/** Private keys, opened once per run. They and their passphrases are kept in memory only. */
export class KeyRing {
  readonly #opened = new Map<string, OpenKey>()

  async open(
    file: FileKey,
    name: string,
    attendant: Pick<SshAttendant, 'askPassphrase'>,
    signal: AbortSignal,
  ): Promise<Opening> {
    const id = createHash('sha256').update(file.text).digest('hex')
    const known = this.#opened.get(id)
    if (known !== undefined) return { kind: 'open', key: known }
    const opened = file.isLocked
      ? await unlock(file.text, name, attendant, signal)
      : parsedWith(file.text, undefined)
    if (opened === null) return { kind: 'declined' }
    if (opened instanceof Error) return { kind: 'broken' }
    this.#opened.set(id, opened)
    return { kind: 'open', key: opened }
  }
}

async function unlock(
  text: string,
  name: string,
  attendant: Pick<SshAttendant, 'askPassphrase'>,
  signal: AbortSignal,
): Promise<OpenKey | null> {
  for (let tries = 0; tries < PASSPHRASE_TRIES; tries++) {
    const passphrase = await attendant.askPassphrase(name, tries > 0, signal).catch(() => null)
    if (passphrase === null || signal.aborted) return null
    const opened = parsedWith(text, passphrase)
    if (!(opened instanceof Error)) return opened
  }
  return null
}

function parsedWith(text: string, passphrase: string | undefined): OpenKey | Error {
  let parsed: ParsedKey | Error
  try {
    parsed = firstOf(ssh2.utils.parseKey(text, passphrase))
  } catch {
    return new Error('The key cannot be read.')
  }
  if (parsed instanceof Error) return parsed
  const publicKey = parsed.isPrivateKey() ? readPublicKey(parsed.getPublicSSH()) : null
  if (publicKey === null) return new Error('This is no private key.')
  const key = parsed
  return {
    publicKey,
    sign: (data, hash) => {
      const signature: Buffer | Error = key.sign(data, hash)
      return signature instanceof Error ? Promise.reject(signature) : Promise.resolve(signature)
    },
  }
}

function firstOf(parsed: ParsedKey | ParsedKey[] | Error): ParsedKey | Error {
  if (!Array.isArray(parsed)) return parsed
  return parsed[0] ?? new Error('The file has no key.')
}
