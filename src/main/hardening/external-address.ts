import { fail, ok, type Result } from '../../core/base/result'
import { parseUrl } from './app-pages'

/** The sites whose pages may be opened in the browser. */
const HOSTS: readonly string[] = ['console.runpod.io', 'docs.runpod.io', 'www.runpod.io']

/**
 * An address that stands in a terminal, as the parser writes it; the error is a sentence. A pod may write whatever it
 * likes there, so that a person has to have asked for it, and nothing but a page can be opened.
 */
export function terminalAddress(address: string): Result<string, string> {
  const url = parseUrl(address)
  const isAllowed = url?.protocol === 'https:' && url.username === '' && url.password === ''
  return isAllowed
    ? ok(url.href)
    : fail('Of what stands in a terminal, only https addresses without a name or password are opened.')
}

/**
 * An address that may be handed to the operating system, as the parser writes it; the error is a sentence.
 * Anything else than https to a known site could start a program or lead to a look-alike.
 */
export function externalAddress(address: string): Result<string, string> {
  const url = parseUrl(address)
  const isAllowed =
    url?.protocol === 'https:' &&
    HOSTS.includes(url.hostname) &&
    url.port === '' &&
    url.username === '' &&
    url.password === ''
  return isAllowed ? ok(url.href) : fail('Podkeeper opens pages of Runpod in the browser, and no others.')
}
