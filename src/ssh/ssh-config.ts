import { parse } from 'ssh-config'

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
  /** Another name by which the config may know the server, such as the pod's. */
  readonly aliases: readonly string[]
  readonly home: string
  readonly env: NodeJS.ProcessEnv
}

const nothing: ConfiguredKeys = { files: [], isOnlyThese: false, agent: null }

/**
 * The keys that an ssh_config(5) names for a server. Nothing of it is run: `Match exec` never matches, and neither a
 * ProxyCommand nor anything else is read, files that it includes neither. Null: it cannot be understood.
 */
export function readSshConfig(text: string, ask: ConfigAsk): ConfiguredKeys | null {
  try {
    const config = parse(text)
    return [ask.host, ...ask.aliases]
      .map((host) => {
        const options = config.compute({ Host: host, User: ask.user }, { ignoreCase: true, matchExec: false })
        return keysOf(options, { ...ask, host })
      })
      .reduce(joined, nothing)
  } catch {
    return null
  }
}

function keysOf(options: Readonly<Record<string, string | string[]>>, ask: ConfigAsk): ConfiguredKeys {
  const files = listOf(options['identityfile']).map((path) => expand(path, ask))
  const [agent] = listOf(options['identityagent'])
  return {
    files: files.filter((path) => path !== null),
    isOnlyThese: listOf(options['identitiesonly'])[0]?.toLowerCase() === 'yes',
    agent: agent === undefined ? null : agentPath(agent, ask),
  }
}

function joined(one: ConfiguredKeys, other: ConfiguredKeys): ConfiguredKeys {
  return {
    files: [...new Set([...one.files, ...other.files])],
    isOnlyThese: one.isOnlyThese || other.isOnlyThese,
    agent: one.agent ?? other.agent,
  }
}

function agentPath(value: string, ask: ConfigAsk): string | null {
  if (value === 'SSH_AUTH_SOCK') return null
  if (value.startsWith('$')) return ask.env[value.slice(1).replaceAll(/[{}]/g, '')] ?? 'none'
  return expand(value, ask) ?? 'none'
}

/** Null: it names no file, or by something that is not known here. */
function expand(path: string, { host, user, home }: ConfigAsk): string | null {
  if (path.toLowerCase() === 'none') return null
  const tokens: Readonly<Record<string, string>> = { '%%': '%', '%d': home, '%h': host, '%r': user }
  let isKnown = true
  const whole = path.replaceAll(/%./g, (token) => {
    const value = Object.hasOwn(tokens, token) ? tokens[token] : undefined
    if (value === undefined) isKnown = false
    return value ?? ''
  })
  return isKnown ? fromHome(whole, home) : null
}

/** "~/x" as a whole path. */
export function fromHome(path: string, home: string): string {
  return /^~[/\\]/.test(path) ? `${home}${path.slice(1)}` : path
}

function listOf(value: string | string[] | undefined): readonly string[] {
  if (value === undefined) return []
  return typeof value === 'string' ? [value] : value
}
