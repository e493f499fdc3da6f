import { readFileSync, statSync } from 'node:fs'
import { type Config, emptyConfig, parseConfig } from '../../core/settings/config-schema'
import { emptyGuard, type GuardStore } from '../../core/pod-rules/pod-rules'
import { parseGuard } from '../../core/pod-rules/pod-rules-codec'
import { fail } from '../../core/base/result'
import { parseSettings, type Settings } from '../../core/settings/settings'

/** What the app keeps in `config.json`, as it stands there now: for a watch that runs for days. */
export interface LiveConfig {
  settings(): Settings
  /** Only read here: the app keeps the rules. */
  readonly guards: GuardStore
}

/** While the file cannot be read nothing is known of what a person wants, so that nothing is stopped by itself. */
export function followConfig(
  path: string,
  toldAlready: readonly string[],
  tell: (text: string) => void,
): LiveConfig {
  let stamp: string | null = null
  let config: Config | null = emptyConfig
  let settings: Settings = parseSettings({}).settings
  const told = new Set(toldAlready)

  function tellOnce(text: string): void {
    if (!told.has(text)) tell(text)
    told.add(text)
  }

  function follow(): void {
    const now = stampOf(path)
    if (now === stamp) return
    stamp = now
    config = now === null ? emptyConfig : read()
    if (config === null) return
    const parsed = parseSettings(config.settings)
    settings = parsed.settings
    parsed.problems.forEach(tellOnce)
  }

  function read(): Config | null {
    try {
      const parsed = parseConfig(readFileSync(path, 'utf8'))
      if (parsed.ok) return parsed.value
      tellOnce(`${path} cannot be used, since ${parsed.error}; no pod is stopped by itself until it can.`)
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause)
      tellOnce(`${path} cannot be read (${why}); no pod is stopped by itself until it can.`)
    }
    return null
  }

  return {
    settings() {
      follow()
      return settings
    },
    guards: {
      load(accountId) {
        follow()
        if (config === null) return emptyGuard
        const { guard, problems } = parseGuard(config.guards, accountId)
        problems.forEach(tellOnce)
        return guard
      },
      save: () => fail('the Podkeeper app keeps the rules of pods; change them there'),
    },
  }
}

/** Changes whenever somebody writes the file; null: there is none. */
function stampOf(path: string): string | null {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false })
  return stat === undefined ? null : `${stat.ino} ${stat.size} ${stat.mtimeNs}`
}
