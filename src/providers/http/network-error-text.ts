import type { Proxy } from './proxy'
import { ProxyError } from './transport'

/**
 * User-facing text for a request without a response. Never the error's own message, which may contain
 * anything. `proxy`: what the request went through.
 */
export function networkErrorText(error: unknown, host: string, proxy: Proxy | null = null): string {
  const code = findInCauses(error, errorCode)
  const refusal =
    proxy === null ? null : findInCauses(error, (each) => (each instanceof ProxyError ? each : null))
  if (proxy !== null && refusal !== null) return proxyErrorText(refusal, code, host, proxy)
  if (proxy !== null && !isCertificateError(code))
    return `The connection to ${host} through the proxy ${proxy.name} failed${suffix(code)}.`
  if (isCertificateError(code)) {
    const through = proxy === null ? '' : `, as it comes through the proxy ${proxy.name},`
    return `The certificate of ${host}${through} is not accepted${suffix(code)}.`
  }
  return unreachableText(host, code)
}

/** Whether a request without a response certainly never left: nobody was there to connect to. */
export const isWithoutConnection = (error: unknown): boolean =>
  ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN'].includes(findInCauses(error, errorCode) ?? '')

/** The tunnel was not opened, so nothing reached the host. */
function proxyErrorText({ status }: ProxyError, code: string | null, host: string, proxy: Proxy): string {
  const name = `The proxy ${proxy.name}`
  if (status === 407) {
    const what = proxy.authorization === null ? 'requires' : 'does not accept'
    return `${name} ${what} the user name and password of ${proxy.variable} (HTTP 407).`
  }
  if (status !== null) return `${name} could not connect to ${host} (HTTP ${status}).`
  if (isCertificateError(code))
    return `The certificate of the proxy ${proxy.name} is not accepted${suffix(code)}.`
  if (code === 'UND_ERR_SOCKET' || code === 'ECONNRESET')
    return `${name} closed the connection unexpectedly${suffix(code)}.`
  return unreachableText(`the proxy ${proxy.name}`, code)
}

function unreachableText(what: string, code: string | null): string {
  const start = what.charAt(0).toUpperCase() + what.slice(1)
  const subject = what.startsWith('the ') ? start : what
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return `${subject} could not be found${suffix(code)}.`
  if (code === 'ECONNREFUSED') return `${subject} refused the connection${suffix(code)}.`
  return `The connection to ${what} failed${suffix(code)}.`
}

const suffix = (code: string | null): string => (code === null ? '' : ` (${code})`)

const isCertificateError = (code: string | null): boolean =>
  code !== null && /CERT|UNABLE_TO_VERIFY|^ERR_TLS|^ERR_SSL/.test(code)

function errorCode({ code }: Error & { code?: unknown }): string | null {
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]+$/.test(code) ? code : null
}

/**
 * The first of an error and its causes for which `find` returns something. Network errors from fetch carry the system
 * error as `cause`; if several addresses were tried, those are in `errors`.
 */
function findInCauses<T>(error: unknown, find: (error: Error) => T | null, depth = 0): T | null {
  if (!(error instanceof Error) || depth > 5) return null
  const { cause, errors } = error as Error & { errors?: unknown[] }
  return find(error) ?? findInCauses(cause, find, depth + 1) ?? findInCauses(errors?.[0], find, depth + 1)
}
