import { fail, ok, type Result } from '../../core/base/result'
import { parseUrl } from './app-pages'
import { hardeningText } from './hardening-text'

/** Sites whose pages may be opened in the browser. */
const HOSTS: readonly string[] = ['console.runpod.io', 'docs.runpod.io', 'www.runpod.io', 'www.hubify.com']

/**
 * Parses a link from a terminal; returns the normalized address, or an error sentence. A pod may print
 * anything, so the user must have requested to open it, and only web pages can be opened.
 */
export function parseTerminalUrl(address: string): Result<string, string> {
  const url = parseUrl(address)
  const isAllowed = url?.protocol === 'https:' && url.username === '' && url.password === ''
  return isAllowed ? ok(url.href) : fail(hardeningText.terminalLinkProblem)
}

/** Parses the address of a provider's web app that is not a known site, which the user must have agreed to. */
export function parseWebAppUrl(address: string): Result<string, string> {
  const url = parseTerminalUrl(address)
  return url.ok ? url : fail(hardeningText.webAppProblem(address))
}

/** Parses the address of a port that a pod serves over HTTP: that of Runpod's proxy, and no other. */
export function parsePodPortUrl(address: string): Result<string, string> {
  const url = parseTerminalUrl(address)
  return url.ok && /^https:\/\/[a-z0-9]+-\d+\.proxy\.runpod\.net\/$/.test(url.value)
    ? url
    : fail(hardeningText.proxyOnly)
}

/** Parses the address of a forwarded port: of this computer, with the token of a service or without, and no other. */
export function parseForwardUrl(address: string): Result<string, string> {
  const isAllowed = /^http:\/\/127(?:\.\d{1,3}){3}:\d{1,5}\/(?:\?token=[\w.~+=%-]+)?$/.test(address)
  const url = isAllowed ? parseUrl(address) : null
  return url === null ? fail(hardeningText.forwardsOnly) : ok(url.href)
}

/**
 * Parses an address before it is passed to the operating system; returns the normalized address, or an error
 * sentence. Anything but https to a known site could start a program or lead to a look-alike.
 */
export function parseExternalUrl(address: string): Result<string, string> {
  const url = parseUrl(address)
  const isAllowed =
    url?.protocol === 'https:' &&
    HOSTS.includes(url.hostname) &&
    url.port === '' &&
    url.username === '' &&
    url.password === ''
  return isAllowed ? ok(url.href) : fail(hardeningText.knownPagesOnly)
}
