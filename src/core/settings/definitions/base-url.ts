/** Matches an address and captures its scheme and host. */
const URL_PATTERN = /^(https?):\/\/(\[[\da-f:.]+\]|[\w.-]+)(:\d{1,5})?(\/[^\s?#]*)?$/i
const LOOPBACK = /^(localhost|\[::1\]|127\.\d+\.\d+\.\d+)$/i

/**
 * Why a text cannot be the address of an API, to follow its name; null when it can. Checks only the text;
 * `parseBaseUrl` of the providers makes the final decision. See docs/product-rules.md#9-first-run.
 */
export function baseUrlProblem(text: string): string | null {
  if (!/^https?:\/\//i.test(text)) return 'must begin with https://'
  if (/[?#@]/.test(text)) return 'must have no “?”, “#” or user name in it'
  const [, scheme = '', host = ''] = URL_PATTERN.exec(text) ?? []
  if (host === '') return 'must be a whole address, such as https://api.example.com/v2'
  if (scheme.toLowerCase() === 'http' && !LOOPBACK.test(host))
    return 'must begin with https://, or be on this computer'
  return null
}
