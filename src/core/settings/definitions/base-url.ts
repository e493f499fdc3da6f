/** The host of an address, as far as its text alone shows it. */
const ADDRESS = /^(https?):\/\/(\[[\da-f:.]+\]|[\w.-]+)(:\d{1,5})?(\/[^\s?#]*)?$/i
const LOOPBACK = /^(localhost|\[::1\]|127\.\d+\.\d+\.\d+)$/i

/**
 * Why a text cannot be the address of an API, to follow its name; null when it can. Only as much as can be said
 * without resolving it: `parseBaseUrl` of the providers has the last word. Product rules, "First run".
 */
export function addressProblem(text: string): string | null {
  if (!/^https?:\/\//i.test(text)) return 'must begin with https://'
  if (/[?#@]/.test(text)) return 'must have no “?”, “#” or user name in it'
  const [, scheme = '', host = ''] = ADDRESS.exec(text) ?? []
  if (host === '') return 'must be a whole address, such as https://api.example.com/v2'
  if (scheme.toLowerCase() === 'http' && !LOOPBACK.test(host))
    return 'must begin with https://, or be on this computer'
  return null
}
