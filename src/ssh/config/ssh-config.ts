import { isHost, isMatch } from './config-conditions'
import { readConfigLine, wordsOf } from './config-line'

/** What `~/.ssh/config` says about a server's keys. */
export interface ConfiguredKeys {
  /** Whole paths. */
  readonly files: readonly string[]
  /** Keys of the agent that are in none of these files are not offered. */
  readonly isOnlyThese: boolean
  /** A path; "none": no agent; null: not said. */
  readonly agent: string | null
}

export interface ConfigAsk {
  readonly host: string
  readonly user: string
  /** Of this computer; null: not known. */
  readonly localUser: string | null
  /** Another name by which the config may know the server, such as the pod's. */
  readonly aliases: readonly string[]
  readonly home: string
  readonly env: NodeJS.ProcessEnv
  /** The texts of the files that a path with wildcards stands for; a relative one is that of `~/.ssh`. */
  readonly include: (path: string) => readonly string[]
}

const nothing: ConfiguredKeys = { files: [], isOnlyThese: false, agent: null }

/** As ssh has it; and how much of included files is read, in characters, lest those that include each other never end. */
export const MAX_DEPTH = 16
export const MAX_INCLUDED = 1024 * 1024

/**
 * The keys that an ssh_config(5) names for a server, with the files that it includes. Nothing of it is run or looked up:
 * `Match exec` never matches, and neither a ProxyCommand nor anything else is read. Null: it cannot be understood.
 */
export function readSshConfig(text: string, ask: ConfigAsk): ConfiguredKeys | null {
  try {
    return [ask.host, ...ask.aliases]
      .map((host) => new Reading({ ...ask, host }).keys(text))
      .reduce(joined, nothing)
  } catch {
    return null
  }
}

const KEPT = new Set(['hostname', 'identityfile', 'identitiesonly', 'identityagent'])

/** What a config says of one host, by one of its names. */
class Reading {
  readonly #ask: ConfigAsk
  readonly #files: string[] = []
  /** Of what may stand only once, the first counts. */
  readonly #first = new Map<string, string>()
  #included = 0
  #isFinal = false
  #wantsFinal = false

  constructor(ask: ConfigAsk) {
    this.#ask = ask
  }

  keys(text: string): ConfiguredKeys {
    this.#read(text, 0, true)
    if (this.#wantsFinal) {
      this.#isFinal = true
      this.#keep('hostname', this.#host())
      this.#read(text, 0, true)
    }
    const ask = { ...this.#ask, host: this.#host() }
    const files = this.#files.filter((path) => !isNone(path)).map((path) => expand(path, ask))
    const agent = this.#first.get('identityagent')
    return {
      files: [...new Set(files.filter((path) => path !== null))],
      isOnlyThese: /^(yes|true)$/i.test(this.#first.get('identitiesonly') ?? ''),
      agent: agent === undefined ? null : agentPath(agent, ask),
    }
  }

  /** `mayMean`: the lines around its `Include` hold; what is said where they do not is gone through, as ssh does. */
  #read(text: string, depth: number, mayMean: boolean): void {
    let isMeant = mayMean
    for (const line of text.split('\n')) {
      const { keyword, rest } = readConfigLine(line)
      if (keyword === 'host') isMeant = mayMean && this.#isHost(wordsOf(rest))
      else if (keyword === 'match') isMeant = this.#isMatch(wordsOf(rest)) && mayMean
      else if (keyword === 'include') this.#include(wordsOf(rest), depth + 1, isMeant)
      else if (isMeant && KEPT.has(keyword)) this.#keep(keyword, wordsOf(rest)[0])
    }
  }

  #isHost(patterns: readonly string[]): boolean {
    return isHost(patterns, this.#isFinal ? this.#host() : this.#ask.host)
  }

  #isMatch(words: readonly string[]): boolean {
    const { host: originalHost, user, localUser } = this.#ask
    if (words.some((word) => /^!?final$/i.test(word))) this.#wantsFinal = true
    return isMatch(words, { originalHost, host: this.#host(), user, localUser, isFinal: this.#isFinal })
  }

  #include(paths: readonly string[], depth: number, mayMean: boolean): void {
    if (depth > MAX_DEPTH) return
    for (const path of paths) {
      const whole = expand(path, { ...this.#ask, host: this.#host() })
      for (const text of whole === null ? [] : this.#ask.include(whole)) {
        this.#included += text.length
        if (this.#included > MAX_INCLUDED) return
        this.#read(text, depth, mayMean)
      }
    }
  }

  #keep(keyword: string, value: string | undefined): void {
    if (value === undefined) return
    if (keyword === 'identityfile') this.#files.push(value)
    else if (!this.#first.has(keyword))
      this.#first.set(keyword, keyword === 'hostname' ? this.#renamed(value) : value)
  }

  #renamed(host: string): string {
    return host.replaceAll('%h', this.#ask.host)
  }

  /** As the config renames it. */
  #host(): string {
    return this.#first.get('hostname') ?? this.#ask.host
  }
}

function joined(one: ConfiguredKeys, other: ConfiguredKeys): ConfiguredKeys {
  return {
    files: [...new Set([...one.files, ...other.files])],
    isOnlyThese: one.isOnlyThese || other.isOnlyThese,
    agent: one.agent ?? other.agent,
  }
}

const isNone = (value: string): boolean => value.toLowerCase() === 'none'

function agentPath(value: string, ask: ConfigAsk): string | null {
  if (value === 'SSH_AUTH_SOCK') return null
  if (isNone(value)) return 'none'
  if (value.startsWith('$')) return ask.env[value.slice(1).replaceAll(/[{}]/g, '')] ?? 'none'
  return expand(value, ask) ?? 'none'
}

/** Null: by something that is not known here. */
function expand(path: string, { host, user, localUser, home, env }: ConfigAsk): string | null {
  const tokens = new Map([
    ['%%', '%'],
    ['%d', home],
    ['%h', host],
    ['%r', user],
    ['%u', localUser],
  ])
  let isKnown = true
  const whole = path.replaceAll(/%.|\$\{([^}$]*)\}/g, (token, name?: string) => {
    const value = name === undefined ? tokens.get(token) : env[name]
    if (value == null) isKnown = false
    return value ?? ''
  })
  return isKnown ? fromHome(whole, home) : null
}

/** "~/x" as a whole path. */
export function fromHome(path: string, home: string): string {
  return /^~[/\\]/.test(path) ? `${home}${path.slice(1)}` : path
}
