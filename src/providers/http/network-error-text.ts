/** Why no answer came, in words for people; never the error's own message, which may hold anything. */
export function networkWords(error: unknown, host: string): string {
  const code = codeOf(error)
  const suffix = code === null ? '' : ` (${code})`
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return `${host} could not be found${suffix}.`
  if (code === 'ECONNREFUSED') return `${host} refused the connection${suffix}.`
  if (code !== null && /CERT|UNABLE_TO_VERIFY|^ERR_TLS|^ERR_SSL/.test(code)) {
    return `The certificate of ${host} is not accepted${suffix}.`
  }
  return `The connection to ${host} failed${suffix}.`
}

/** Network errors of fetch carry theirs as `cause`, ones that tried several addresses in `errors`. */
function codeOf(error: unknown, depth = 0): string | null {
  if (!(error instanceof Error) || depth > 4) return null
  const { code, cause } = error as Error & { code?: unknown }
  if (typeof code === 'string' && /^[A-Z][A-Z0-9_]+$/.test(code)) return code
  return codeOf(cause, depth + 1) ?? codeOf((error as Error & { errors?: unknown[] }).errors?.[0], depth + 1)
}
