import type { SshServerName } from '../../core/terminal/host-key'
import { plainText } from '../../core/base/plain-text'

const MAX_SERVER_WORDS = 200

/** Why a server was not reached, in words for people. */
export function networkWords(error: Error, { host, port }: SshServerName): string {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : null
  const place = `${host}:${port}`
  switch (code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `${host} could not be found. Is this computer online?`
    case 'ECONNREFUSED':
      return `${place} refused the connection.`
    case 'ENETUNREACH':
    case 'EHOSTUNREACH':
      return `There is no way from here to ${host}.`
    case 'ETIMEDOUT':
      return `${place} did not answer.`
    case 'ECONNRESET':
    case 'EPIPE':
      return `${place} broke the connection off.`
    default:
      return `The connection to ${place} failed${code === null ? '' : ` (${code})`}.`
  }
}

/** Why a connection that stood is gone, in words for people. */
export function lossWords(error: Error | null, silentForS: number): string {
  if (error === null) return 'The server closed the connection.'
  if (error.message === 'Keepalive timeout') return `The server did not answer for ${silentForS} seconds.`
  const code: unknown = 'code' in error ? error.code : null
  if (code === 'ECONNRESET' || code === 'EPIPE') return 'The connection broke off.'
  if (code === 'ETIMEDOUT') return 'The server no longer answers.'
  if (typeof code === 'number') return `The server closed the connection: ${serverWords(error.message)}`
  if (/packet|payload|malformed/i.test(error.message)) return 'The server sent what cannot be read as SSH.'
  return `The connection failed: ${serverWords(error.message)}`
}

/** ssh2 takes packets of up to 35,000 bytes, as it has to (RFC 4253 §6.1). OpenSSH sends a banner of any length in one. */
export function isPacketTooLong(message: string): boolean {
  return message.startsWith('Bad packet length')
}

/** What a server says, as it may be shown. */
export function serverWords(text: string): string {
  const words = plainText(text).trim()
  return words.length > MAX_SERVER_WORDS ? `${words.slice(0, MAX_SERVER_WORDS)}…` : words
}

const parts: Readonly<Record<string, string>> = {
  'key exchange': 'key exchange',
  'host key': 'kind of host key',
  cipher: 'encryption',
  MAC: 'check of integrity',
  compression: 'compression',
}

/** Words for two sides that have no algorithm in common; null: that is not what went wrong. */
export function algorithmWords(message: string): string | null {
  const found = /no matching (?:[CS]->[CS] )?(key exchange|host key|cipher|MAC|compression)/i.exec(message)
  const part = found?.[1]
  if (part === undefined) return null
  return `The server offers no ${parts[part] ?? part} that is safe today. It needs a newer SSH server.`
}
