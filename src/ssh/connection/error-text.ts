import type { SshServerName } from '../../core/terminal/host-key'
import { plainText } from '../../core/base/text/plain-text'

const MAX_SERVER_TEXT_CHARS = 200

/** User-facing text for a server that could not be reached. */
export function connectErrorText(error: Error, { host, port }: SshServerName): string {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : null
  const address = `${host}:${port}`
  switch (code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `${host} could not be found. Is this computer online?`
    case 'ECONNREFUSED':
      return `${address} refused the connection.`
    case 'ENETUNREACH':
    case 'EHOSTUNREACH':
      return `There is no route from this computer to ${host}.`
    case 'ETIMEDOUT':
      return `${address} did not answer.`
    case 'ECONNRESET':
    case 'EPIPE':
      return `${address} closed the connection unexpectedly.`
    default:
      return `The connection to ${address} failed${code === null ? '' : ` (${code})`}.`
  }
}

/** User-facing text for an established connection that was lost. */
export function connectionLostText(error: Error | null, silentForS: number): string {
  if (error === null) return 'The server closed the connection.'
  if (error.message === 'Keepalive timeout') return `The server did not answer for ${silentForS} seconds.`
  const code: unknown = 'code' in error ? error.code : null
  if (code === 'ECONNRESET' || code === 'EPIPE') return 'The connection was lost.'
  if (code === 'ETIMEDOUT') return 'The server no longer answers.'
  if (typeof code === 'number') return `The server closed the connection: ${cleanServerText(error.message)}`
  if (/packet|payload|malformed/i.test(error.message)) return 'The server sent invalid SSH data.'
  return `The connection failed: ${cleanServerText(error.message)}`
}

/**
 * ssh2 accepts packets of up to 35,000 bytes, the minimum by RFC 4253 §6.1. OpenSSH sends a banner of any
 * length in one packet.
 */
export function isPacketTooLong(message: string): boolean {
  return message.startsWith('Bad packet length')
}

/** A server's message, made safe to show. */
export function cleanServerText(text: string): string {
  const cleaned = plainText(text).trim()
  return cleaned.length > MAX_SERVER_TEXT_CHARS ? `${cleaned.slice(0, MAX_SERVER_TEXT_CHARS)}…` : cleaned
}

const algorithmNames: Readonly<Record<string, string>> = {
  'key exchange': 'key exchange',
  'host key': 'host key type',
  cipher: 'encryption',
  MAC: 'integrity check',
  compression: 'compression',
}

/** User-facing text if the two sides have no algorithm in common; null if that wasn't the problem. */
export function algorithmMismatchText(message: string): string | null {
  const found = /no matching (?:[CS]->[CS] )?(key exchange|host key|cipher|MAC|compression)/i.exec(message)
  const part = found?.[1]
  if (part === undefined) return null
  return `The server offers no secure ${algorithmNames[part] ?? part}. It needs a newer SSH server.`
}
