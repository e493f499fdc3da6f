import { isLoopback } from '../../core/base/loopback'
import { fail, ok, type Result } from '../../core/base/result'

/*
 * The proxy of a request, from the environment: HTTPS_PROXY, HTTP_PROXY and NO_PROXY, in either case. See
 * docs/cli.md#proxies.
 */

/** The environment of the process. */
export type ProxyEnvironment = Readonly<Record<string, string | undefined>>

export interface Proxy {
  /** Without user name and password. */
  readonly url: string
  /** "proxy.example:3128", for display. */
  readonly name: string
  /** The variable that names it. */
  readonly variable: string
  /** Value of the header `Proxy-Authorization`; null without a user name. */
  readonly authorization: string | null
}

const variablesOf = (protocol: string): readonly string[] =>
  protocol === 'https:' ? ['https_proxy', 'HTTPS_PROXY'] : ['http_proxy', 'HTTP_PROXY']

/**
 * The proxy for a request; null: none. This computer is never reached through a proxy. The error is a sentence and does
 * not quote the variable, which may hold a password.
 */
export function proxyFor(url: URL, env: ProxyEnvironment): Result<Proxy | null, string> {
  const variable = variablesOf(url.protocol).find((name) => env[name] !== undefined)
  const text = env[variable ?? '']?.trim() ?? ''
  if (variable === undefined || text === '' || isLoopback(url.hostname) || isExempt(url, env)) return ok(null)
  const proxy = parseProxy(text, variable)
  return proxy === null
    ? fail(`${variable} is not a valid proxy address. Use one such as http://proxy.example:3128.`)
    : ok(proxy)
}

/** The passwords in the variables, as they stand there, with the user's name, and decoded: they must not be shown. */
export function proxySecrets(env: ProxyEnvironment): readonly string[] {
  return [...variablesOf('https:'), ...variablesOf('http:')].flatMap((variable) => {
    const text = env[variable]?.trim() ?? ''
    const credentials = /^(?:[a-z][a-z0-9+.-]*:\/\/)?([^/?#]*)@/i.exec(text)?.[1]
    if (credentials === undefined) return []
    const password = credentials.includes(':') ? credentials.slice(credentials.indexOf(':') + 1) : ''
    return [credentials, password, decoded(password) ?? ''].filter((secret) => secret !== '')
  })
}

/** Like curl, takes `host:port` for an http proxy. */
function parseProxy(text: string, variable: string): Proxy | null {
  const url = parseUrl(/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`)
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:') || url.hostname === '')
    return null
  const [user, password] = [decoded(url.username), decoded(url.password)]
  if (user === null || password === null) return null
  const port = url.port || (url.protocol === 'https:' ? '443' : '80')
  return {
    url: url.origin,
    name: `${url.hostname}:${port}`,
    variable,
    authorization: user === '' ? null : `Basic ${base64(`${user}:${password}`)}`,
  }
}

function parseUrl(text: string): URL | null {
  try {
    return new URL(text)
  } catch {
    return null
  }
}

/** Null for a text that is not percent-encoded correctly. */
function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}

const base64 = (text: string): string => btoa(String.fromCharCode(...new TextEncoder().encode(text)))

/** NO_PROXY: `*`, or names with their subdomains, each possibly with a port. */
function isExempt({ hostname, protocol, port }: URL, env: ProxyEnvironment): boolean {
  const usedPort = port || (protocol === 'https:' ? '443' : '80')
  const entries = (env['no_proxy'] ?? env['NO_PROXY'] ?? '').toLowerCase().split(/[\s,]+/)
  return entries.some((entry) => {
    if (entry === '*') return true
    const [, name = '', entryPort] = /^(?:\*?\.)?(.*?)(?::(\d+))?$/.exec(entry) ?? []
    if (name === '' || (entryPort !== undefined && entryPort !== usedPort)) return false
    return hostname === name || hostname.endsWith(`.${name}`)
  })
}
