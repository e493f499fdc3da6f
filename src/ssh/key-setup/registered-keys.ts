import type { RegisteredKeyProblem } from '../../core/terminal/ssh-keys'
import { fieldAt, fingerprintOf, readPublicKey } from '../keys/public-key'

/** What the account has registered as one key. `line`: counted from 1. */
export type RegisteredLine =
  | { readonly kind: 'key'; readonly line: number; readonly fingerprint: string }
  /** A key, of a kind that Podkeeper does not use. */
  | { readonly kind: 'other-key'; readonly line: number }
  | { readonly kind: 'odd'; readonly line: number; readonly problem: RegisteredKeyProblem }

const KEY = /(?:ssh-|ecdsa-sha2-|sk-)[a-z0-9@.-]{2,60}[ \t]+AAAA[A-Za-z0-9+/=]*/g
const FINGERPRINT = /^(?:\d+ )?(?:SHA256:[A-Za-z0-9+/]{20,}|(?:MD5:)?(?:[0-9a-f]{2}:){15}[0-9a-f]{2}\b)/i

/** The account's registered keys, as they are; empty lines say nothing. */
export function readRegistered(lines: readonly string[]): readonly RegisteredLine[] {
  return lines.flatMap((text, index) =>
    text
      .split(/\r?\n/)
      .filter((part) => part.trim() !== '')
      .map((part) => readLine(part.trim(), index + 1)),
  )
}

function readLine(text: string, line: number): RegisteredLine {
  const odd = (problem: RegisteredKeyProblem): RegisteredLine => ({ kind: 'odd', line, problem })
  if (/PRIVATE KEY/.test(text)) return odd('private-key')
  if (FINGERPRINT.test(text)) return odd('fingerprint')
  const [found, ...more] = text.match(KEY) ?? []
  if (found === undefined) return odd('unreadable')
  if (more.length > 0) return odd('two-keys-on-a-line')
  const [algorithm = '', base64 = ''] = found.split(/[ \t]+/)
  const blob = Buffer.from(base64, 'base64')
  const key = readPublicKey(blob)
  if (key !== null) {
    return key.algorithm === algorithm
      ? { kind: 'key', line, fingerprint: fingerprintOf(key.blob) }
      : odd('unreadable')
  }
  const isUsedHere = /^(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(256|384|521))$/.test(algorithm)
  const isNamed = fieldAt(blob, 0)?.bytes.toString('latin1') === algorithm
  return !isUsedHere && isNamed ? { kind: 'other-key', line } : odd('unreadable')
}

/** The fingerprints of those that can open a pod. */
export function fingerprintsOf(lines: readonly RegisteredLine[]): ReadonlySet<string> {
  return new Set(lines.flatMap((each) => (each.kind === 'key' ? [each.fingerprint] : [])))
}
