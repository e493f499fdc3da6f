import ssh2, {
  type IdentityCallback,
  type ParsedKey,
  type SignCallback,
  type SigningRequestOptions,
} from 'ssh2'
import type { OpenKey } from './private-key'

/**
 * Presents one key to ssh2 as an agent does: the public half first. Only a server that would accept it
 * triggers a signature, and so possibly a passphrase prompt.
 */
export class SingleKeyAgent extends ssh2.BaseAgent<ParsedKey> {
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
      // A SHA-1 signature could be forged.
      hash === 'sha1'
        ? Promise.reject(new Error('The server requested an insecure signature.'))
        : this.#key.sign(data, hash)
    signature
      .then(
        (bytes) => done?.(null, bytes),
        (error: unknown) => done?.(error instanceof Error ? error : new Error('No signature was created.')),
      )
      // The connection closed in the meantime; its close event reports that.
      .catch(() => {})
  }
}
