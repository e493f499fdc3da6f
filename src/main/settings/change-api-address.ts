import { apiAddressQuestion } from '../../core/confirmation/account-questions'
import { fail, ok, type Result } from '../../core/base/result'
import { settingProblem } from '../../core/settings/settings'
import type { HostRule } from '../../providers/http/base-url'
import { parseRunpodUrl } from '../../providers/runpod/runpod-url'
import type { Ask } from '../../core/confirmation/question-queue'
import type { AppStore } from './app-store'
import { settingsText } from './settings-text'

export interface ChangeApiAddressOptions {
  readonly store: Pick<AppStore, 'settings' | 'changeSettings'>
  readonly ask: Ask
  readonly hosts: HostRule
  readonly isEnvironmentSet: boolean
}

/** Has the address of the API typed in main's own window; false: the user canceled. */
export async function changeApiAddress(options: ChangeApiAddressOptions): Promise<Result<boolean, string>> {
  const { store, ask, hosts, isEnvironmentSet } = options
  const asked = await ask(
    apiAddressQuestion({
      current: store.settings().runpodBaseUrl,
      isEnvironmentSet,
      problem: (text) => addressProblem(text.trim(), hosts),
    }),
  )
  if (!asked.ok) return asked
  const { value: typed } = asked
  if (typed === null) return ok(false)
  const changed = store.changeSettings({ runpodBaseUrl: typed.trim() === '' ? undefined : typed.trim() })
  return changed.ok ? ok(true) : fail(changed.error.map(({ reason }) => reason).join(' '))
}

function addressProblem(address: string, hosts: HostRule): string | null {
  if (address === '') return null
  const problem = settingProblem('runpodBaseUrl', address)
  if (problem !== null) return settingsText.addressProblem(problem)
  const parsed = parseRunpodUrl(address, hosts)
  return parsed.ok ? null : parsed.error
}
