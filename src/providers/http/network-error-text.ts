/**
 * User-facing text for a request without a response. Never the error's own message, which may contain
 * anything.
 */
export function networkErrorText(error: unknown, host: string): string {
  const code = errorCodeOf(error)
  const suffix = code === null ? '' : ` (${code})`
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return `${host} could not be found${suffix}.`
  if (code === 'ECONNREFUSED') return `${host} refused the connection${suffix}.`
  if (code !== null && /CERT|UNABLE_TO_VERIFY|^ERR_TLS|^ERR_SSL/.test(code)) {
    return `The certificate of ${host} is not accepted${suffix}.`
  }
  return `The connection to ${host} failed${suffix}.`
}

/**
 * Network errors from fetch carry the system error as `cause`; if several addresses were tried, those are in
 * `errors`.
 */
function errorCodeOf(error: unknown, depth = 0): string | null {
  if (!(error instanceof Error) || depth > 4) return null
  const { code, cause } = error as Error & { code?: unknown }
  if (typeof code === 'string' && /^[A-Z][A-Z0-9_]+$/.test(code)) return code
  return (
    errorCodeOf(cause, depth + 1) ??
    errorCodeOf((error as Error & { errors?: unknown[] }).errors?.[0], depth + 1)
  )
}
