import { fail, ok, type Result } from '../core/base/result'
import { apiAddressQuestion } from '../core/confirmation/account-questions'
import { type ApiAddress, chooseApiAddress, chooseHubifyAddress } from './account/api-address'
import type { FileDialogs } from './ipc/file-dialogs'
import type { AppHost } from './lifecycle/app-host'
import type { RuntimeLimits } from './lifecycle/runtime'
import type { AppStore } from './settings/app-store'
import { applySettings, type Desktop } from './settings/apply-settings'
import {
  createChangeSetting,
  createSettingsHandlers,
  type SettingsHandlers,
  type SettingsHandlersOptions,
} from './settings/settings-handlers'
import { type Ask, askWhether } from '../core/confirmation/question-queue'
import { allowClipboardQuestion } from '../core/confirmation/terminal-questions'
import { settingProblem } from '../core/settings/settings'
import type { HostRule } from '../providers/http/base-url'
import { parseRunpodUrl } from '../providers/runpod/runpod-url'
import { settingsText } from './settings/settings-text'
import type { Windows } from './windows/windows'

export interface AppSettings {
  readonly settingsHandlers: SettingsHandlers
  /** Also changes what windows may not: for commands of the same user. */
  readonly changeSetting: SettingsHandlersOptions['changeSetting']
}

export interface SettingsHost extends Pick<AppHost, 'env'> {
  readonly createDesktop: (onShortcut: () => void) => Desktop
  readonly fileDialogs: FileDialogs
}

/** Applies the settings to the system and the windows. */
export function createAppSettings(
  store: AppStore,
  windows: Pick<Windows, 'showPopover' | 'send'>,
  ask: Ask,
  { hosts }: Pick<RuntimeLimits, 'hosts'>,
  host: SettingsHost,
): AppSettings {
  const fromEnvironment = host.env['RUNPOD_API_BASE_URL']
  const hostOf = ({ url }: ApiAddress): string | null => (url.ok ? url.value.host : null)
  const keyHosts = () => ({
    keyHost: hostOf(chooseApiAddress(fromEnvironment, store.settings().runpodBaseUrl, hosts)),
    labKeyHost: hostOf(chooseHubifyAddress(host.env['HUBIFY_API_BASE_URL'], hosts)),
  })
  const desktop = host.createDesktop(() => windows.showPopover())
  const applier = applySettings(store, desktop, keyHosts, (view) => windows.send('settings', view))
  const isEnvironmentSet = fromEnvironment !== undefined
  const changeSetting = createChangeSetting(store, applier)
  const settingsHandlers = createSettingsHandlers({
    store,
    applier,
    changeSetting,
    dialogs: host.fileDialogs.settings,
    mayAllowClipboard: () => askWhether(ask, allowClipboardQuestion),
    changeApiAddress: () => changeApiAddress({ store, ask, hosts, isEnvironmentSet }),
  })
  return { settingsHandlers, changeSetting }
}

interface ChangeApiAddressOptions {
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
