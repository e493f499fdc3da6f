/** Why a request has no answer. The connection is of no use after a `lost`, a `stalled` and a `malformed` one. */
export type SftpErrorKind =
  | 'end-of-file'
  | 'no-such-file'
  | 'permission-denied'
  | 'failure'
  | 'unsupported'
  | 'bad-name'
  | 'too-many'
  | 'lost'
  | 'stalled'
  | 'malformed'

/** Ends what is done with a file; becomes a value where a transfer ends. */
export class SftpError extends Error {
  constructor(
    readonly kind: SftpErrorKind,
    message: string,
  ) {
    super(message)
  }

  /** Whether another connection may do better. */
  get isOfConnection(): boolean {
    return this.kind === 'lost' || this.kind === 'stalled'
  }
}

const STATUS_OK = 0
const kinds: Readonly<Record<number, SftpErrorKind>> = {
  1: 'end-of-file',
  2: 'no-such-file',
  3: 'permission-denied',
  6: 'lost',
  7: 'lost',
  8: 'unsupported',
}

/** Clauses: what a server says in words is not shown. */
const texts: Readonly<Record<SftpErrorKind, string>> = {
  'end-of-file': 'it became shorter',
  'no-such-file': 'it isn’t there',
  'permission-denied': 'access was denied on the pod',
  failure: 'the pod could not do it',
  unsupported: 'the pod’s SSH server does not support it',
  'bad-name': 'its name can’t be that of a file',
  'too-many': 'there are too many files',
  lost: 'the connection was lost',
  stalled: 'the pod did not answer in time',
  malformed: 'the pod’s SSH server sent invalid data',
}

export const sftpError = (kind: SftpErrorKind): SftpError => new SftpError(kind, texts[kind])

/** The error of a status; null: it went well. */
export const statusError = (code: number): SftpError | null =>
  code === STATUS_OK ? null : sftpError(kinds[code] ?? 'failure')
