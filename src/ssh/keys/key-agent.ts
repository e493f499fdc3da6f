import ssh2, {
  type IdentityCallback,
  type ParsedKey,
  type SignCallback,
  type SigningRequestOptions,
} from 'ssh2'
import type { OpenKey } from './private-key'

/**
 * One key, offered to a server as an agent offers its own: the public half first, and only a server that would take
 * it leads to a signature, and so perhaps to a question for a passphrase.
 */
export class OfferedKey extends ssh2.BaseAgent<ParsedKey> {
  readonly #parsed: ParsedKey
  readonly #key: OpenKey

  constructor(key: OpenKey) {
    super()
    const parsed = ssh2.utils.parseKey(key.publicKey.blob)
    if (parsed instanceof Error) throw parsed
    this.#parsed = parsed
    this.#key = key
  }

  override getIdentities(callback: IdentityCallback<ParsedKey>): void {
    callback(null, [this.#parsed])
  }

  override sign(
    _: ParsedKey,
    data: Buffer,
    options: SigningRequestOptions | SignCallback,
    callback?: SignCallback,
  ): void {
    const done = typeof options === 'function' ? options : callback
    const hash = typeof options === 'function' ? undefined : options.hash
    const signature =
      // What SHA-1 signs may be signed by others as well.
      hash === 'sha1'
        ? Promise.reject(new Error('The server asks for a signature that is not safe.'))
        : this.#key.sign(data, hash)
    signature
      .then(
        (bytes) => done?.(null, bytes),
        (error: unknown) => done?.(error instanceof Error ? error : new Error('There is no signature.')),
      )
      // The connection went meanwhile, which is told in its turn.
      .catch(() => {})
  }
}
