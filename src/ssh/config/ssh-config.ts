import { matchesHostLine, matchesMatchLine } from './config-conditions'
import { readConfigLine, splitWords } from './config-line'

/** What `~/.ssh/config` says about the keys for a server. */
export interface ConfiguredKeys {
  /** Absolute paths. */
  readonly files: readonly string[]
  /** Agent keys that are in none of these files are not offered. */
  readonly isIdentitiesOnly: boolean
  /** A path; "none" for no agent; null if not specified. */
  readonly agent: string | null
}

export interface ConfigQuery {
  readonly host: string
  readonly user: string
  /** The local user name; null if unknown. */
  readonly localUser: string | null
  /** Another name that the config may use for the server, such as the pod's name. */
  readonly aliases: readonly string[]
  readonly home: string
  readonly env: NodeJS.ProcessEnv
  /** The contents of the files that match a path with wildcards. Relative paths start at `~/.ssh`. */
  readonly include: (path: string) => readonly string[]
}

const noKeys: ConfiguredKeys = { files: [], isIdentitiesOnly: false, agent: null }

/**
 * ssh has the same include depth. The total size of included files, in characters, is limited so that files
 * that include each other cannot loop forever.
 */
export const MAX_DEPTH = 16
export const MAX_INCLUDED_CHARS = 1024 * 1024

/**
 * The keys that an ssh_config(5), with the files it includes, specifies for a server. Nothing is executed or
 * resolved: `Match exec` never matches, and options such as ProxyCommand are ignored. Null if the config is
 * invalid.
 */
export function readSshConfig(text: string, query: ConfigQuery): ConfiguredKeys | null {
  try {
    return [query.host, ...query.aliases]
      .map((host) => new ConfigReader({ ...query, host }).keys(text))
      .reduce(merge, noKeys)
  } catch {
    return null
  }
}

const RELEVANT_KEYWORDS = new Set(['hostname', 'identityfile', 'identitiesonly', 'identityagent'])

/** What the config specifies for one host under one of its names. */
class ConfigReader {
  readonly #query: ConfigQuery
  readonly #files: string[] = []
  /** For options that may occur only once, the first value counts. */
  readonly #firstValues = new Map<string, string>()
  #includedChars = 0
  #isFinal = false
  #needsFinalPass = false

  constructor(query: ConfigQuery) {
    this.#query = query
  }

  keys(text: string): ConfiguredKeys {
    this.#read(text, 0, true)
    if (this.#needsFinalPass) {
      this.#isFinal = true
      this.#storeValue('hostname', this.#host())
      this.#read(text, 0, true)
    }
    const query = { ...this.#query, host: this.#host() }
    const files = this.#files.filter((path) => !isNone(path)).map((path) => expand(path, query))
    const agent = this.#firstValues.get('identityagent')
    return {
      files: [...new Set(files.filter((path) => path !== null))],
      isIdentitiesOnly: /^(yes|true)$/i.test(this.#firstValues.get('identitiesonly') ?? ''),
      agent: agent === undefined ? null : agentPath(agent, query),
    }
  }

  /**
   * `isOuterActive`: whether the lines around the `Include` apply. If not, the file is still parsed, as ssh does.
   */
  #read(text: string, depth: number, isOuterActive: boolean): void {
    let isActive = isOuterActive
    for (const line of text.split('\n')) {
      const { keyword, rest } = readConfigLine(line)
      if (keyword === 'host') isActive = isOuterActive && this.#isHost(splitWords(rest))
      else if (keyword === 'match') isActive = this.#isMatch(splitWords(rest)) && isOuterActive
      else if (keyword === 'include') this.#include(splitWords(rest), depth + 1, isActive)
      else if (isActive && RELEVANT_KEYWORDS.has(keyword)) this.#storeValue(keyword, splitWords(rest)[0])
    }
  }

  #isHost(patterns: readonly string[]): boolean {
    return matchesHostLine(patterns, this.#isFinal ? this.#host() : this.#query.host)
  }

  #isMatch(words: readonly string[]): boolean {
    const { host: originalHost, user, localUser } = this.#query
    if (words.some((word) => /^!?final$/i.test(word))) this.#needsFinalPass = true
    return matchesMatchLine(words, {
      originalHost,
      host: this.#host(),
      user,
      localUser,
      isFinal: this.#isFinal,
    })
  }

  #include(paths: readonly string[], depth: number, isOuterActive: boolean): void {
    if (depth > MAX_DEPTH) return
    for (const path of paths) {
      const expanded = expand(path, { ...this.#query, host: this.#host() })
      for (const text of expanded === null ? [] : this.#query.include(expanded)) {
        this.#includedChars += text.length
        if (this.#includedChars > MAX_INCLUDED_CHARS) return
        this.#read(text, depth, isOuterActive)
      }
    }
  }

  #storeValue(keyword: string, value: string | undefined): void {
    if (value === undefined) return
    if (keyword === 'identityfile') this.#files.push(value)
    else if (!this.#firstValues.has(keyword))
      this.#firstValues.set(keyword, keyword === 'hostname' ? this.#expandHostName(value) : value)
  }

  #expandHostName(host: string): string {
    return host.replaceAll('%h', this.#query.host)
  }

  /** The host name as renamed by the config. */
  #host(): string {
    return this.#firstValues.get('hostname') ?? this.#query.host
  }
}

function merge(one: ConfiguredKeys, other: ConfiguredKeys): ConfiguredKeys {
  return {
    files: [...new Set([...one.files, ...other.files])],
    isIdentitiesOnly: one.isIdentitiesOnly || other.isIdentitiesOnly,
    agent: one.agent ?? other.agent,
  }
}

const isNone = (value: string): boolean => value.toLowerCase() === 'none'

function agentPath(value: string, query: ConfigQuery): string | null {
  if (value === 'SSH_AUTH_SOCK') return null
  if (isNone(value)) return 'none'
  if (value.startsWith('$')) return query.env[value.slice(1).replaceAll(/[{}]/g, '')] ?? 'none'
  return expand(value, query) ?? 'none'
}

/** Null if the value contains an unknown token. */
function expand(path: string, { host, user, localUser, home, env }: ConfigQuery): string | null {
  const tokens = new Map([
    ['%%', '%'],
    ['%d', home],
    ['%h', host],
    ['%r', user],
    ['%u', localUser],
  ])
  let isKnown = true
  const expanded = path.replaceAll(/%.|\$\{([^}$]*)\}/g, (token, name?: string) => {
    const value = name === undefined ? tokens.get(token) : env[name]
    if (value == null) isKnown = false
    return value ?? ''
  })
  return isKnown ? expandHome(expanded, home) : null
}

/** Expands "~/x" to an absolute path. */
export function expandHome(path: string, home: string): string {
  return /^~[/\\]/.test(path) ? `${home}${path.slice(1)}` : path
}
