import { type ApiAddress, chooseApiAddress, chooseHubifyAddress } from './account/api-address'
import type { FileDialogs } from './ipc/file-dialogs'
import type { AppHost } from './lifecycle/app-host'
import type { RuntimeLimits } from './lifecycle/runtime'
import type { AppStore } from './settings/app-store'
import { applySettings, type Desktop } from './settings/apply-settings'
import { changeApiAddress } from './settings/change-api-address'
import {
  createChangeSetting,
  createSettingsHandlers,
  type SettingsHandlers,
  type SettingsHandlersOptions,
} from './settings/settings-handlers'
import type { Ask } from '../core/confirmation/question-queue'
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
    changeApiAddress: () => changeApiAddress({ store, ask, hosts, isEnvironmentSet }),
  })
  return { settingsHandlers, changeSetting }
}
