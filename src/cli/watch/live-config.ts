import { readFileSync } from 'node:fs'
import { errorText } from '../../core/base/error-text'
import { type AppConfig, emptyConfig, parseConfig } from '../../core/settings/config-schema'
import { type AccountRulesStore, emptyAccountRules } from '../../core/pod-rules/pod-rules'
import { parseAccountRules } from '../../core/pod-rules/pod-rules-codec'
import { fail } from '../../core/base/result'
import { fileStamp } from '../../node/data-folder/file-stamp'
import { parseSettings, type Settings } from '../../core/settings/settings'

/** The current contents of the app's `config.json`, reloaded on change because a watch may run for days. */
export interface LiveConfig {
  settings(): Settings
  /** Read-only here; the app owns the rules. */
  readonly accountRules: AccountRulesStore
}

/** While the file is unreadable, the user's rules are unknown, so nothing is auto-stopped. */
export function watchConfig(
  path: string,
  reportedProblems: readonly string[],
  report: (text: string) => void,
): LiveConfig {
  let stamp: string | null = null
  let config: AppConfig | null = emptyConfig
  let settings: Settings = parseSettings({}).settings
  const reported = new Set(reportedProblems)

  function reportOnce(text: string): void {
    if (!reported.has(text)) report(text)
    reported.add(text)
  }

  function reloadIfChanged(): void {
    const currentStamp = fileStamp(path)
    if (currentStamp === stamp) return
    stamp = currentStamp
    config = currentStamp === null ? emptyConfig : read()
    if (config === null) return
    const parsed = parseSettings(config.settings)
    settings = parsed.settings
    parsed.problems.forEach(reportOnce)
  }

  function read(): AppConfig | null {
    try {
      const parsed = parseConfig(readFileSync(path, 'utf8'))
      if (parsed.ok) return parsed.value
      reportOnce(`${path} cannot be used, since ${parsed.error}; no pod is stopped by itself until it can.`)
    } catch (cause) {
      const reason = errorText(cause)
      reportOnce(`${path} cannot be read (${reason}); no pod is stopped by itself until it can.`)
    }
    return null
  }

  return {
    settings() {
      reloadIfChanged()
      return settings
    },
    accountRules: {
      load(accountId) {
        reloadIfChanged()
        if (config === null) return emptyAccountRules
        const { rules, problems } = parseAccountRules(config.guards, accountId)
        problems.forEach(reportOnce)
        return rules
      },
      save: () => fail('the Podkeeper app keeps the rules of pods; change them there'),
    },
  }
}
