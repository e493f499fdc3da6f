import type { RegisteredKeyProblem } from '../../core/terminal/ssh-keys'
import { fingerprintOf, readField, readPublicKey } from '../keys/public-key'

/** One registered key of the account. `line` counts from 1. */
export type RegisteredLine =
  | { readonly kind: 'key'; readonly line: number; readonly fingerprint: string }
  /** A valid key of a type that Podkeeper doesn't use. */
  | { readonly kind: 'other-key'; readonly line: number }
  | { readonly kind: 'malformed'; readonly line: number; readonly problem: RegisteredKeyProblem }

const KEY_PATTERN = /(?:ssh-|ecdsa-sha2-|sk-)[a-z0-9@.-]{2,60}[ \t]+AAAA[A-Za-z0-9+/=]*/g
const FINGERPRINT_PATTERN =
  /^(?:\d+ )?(?:SHA256:[A-Za-z0-9+/]{20,}|(?:MD5:)?(?:[0-9a-f]{2}:){15}[0-9a-f]{2}\b)/i

/** The account's registered keys; empty lines are ignored. */
export function parseRegisteredKeys(lines: readonly string[]): readonly RegisteredLine[] {
  return lines.flatMap((text, index) =>
    text
      .split(/\r?\n/)
      .filter((part) => part.trim() !== '')
      .map((part) => parseLine(part.trim(), index + 1)),
  )
}

function parseLine(text: string, line: number): RegisteredLine {
  const malformed = (problem: RegisteredKeyProblem): RegisteredLine => ({ kind: 'malformed', line, problem })
  if (/PRIVATE KEY/.test(text)) return malformed('private-key')
  if (FINGERPRINT_PATTERN.test(text)) return malformed('fingerprint')
  const [found, ...more] = text.match(KEY_PATTERN) ?? []
  if (found === undefined) return malformed('unreadable')
  if (more.length > 0) return malformed('two-keys-on-a-line')
  const [algorithm = '', base64 = ''] = found.split(/[ \t]+/)
  const blob = Buffer.from(base64, 'base64')
  const key = readPublicKey(blob)
  if (key !== null) {
    return key.algorithm === algorithm
      ? { kind: 'key', line, fingerprint: fingerprintOf(key.blob) }
      : malformed('unreadable')
  }
  const isSupportedType = /^(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(256|384|521))$/.test(algorithm)
  const isTypeConsistent = readField(blob, 0)?.bytes.toString('latin1') === algorithm
  return !isSupportedType && isTypeConsistent ? { kind: 'other-key', line } : malformed('unreadable')
}

/** The fingerprints of the keys that can log in to a pod. */
export function fingerprintsOf(lines: readonly RegisteredLine[]): ReadonlySet<string> {
  return new Set(lines.flatMap((each) => (each.kind === 'key' ? [each.fingerprint] : [])))
}
