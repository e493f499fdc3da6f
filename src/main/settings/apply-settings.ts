import type { Result } from '../../core/base/result'
import type { SettingName, Settings } from '../../core/settings/settings'
import type { SettingsView } from '../../shared/requests/settings-requests'
import type { AppStore } from './app-store'

/** Applies settings to the system; errors are sentences for display. */
export interface Desktop {
  setTheme(theme: Settings['theme']): void
  /** `isUserRequest` is true when the user changed the setting now, and false at startup. */
  setLaunchedAtLogin(isLaunched: boolean, isUserRequest: boolean): Result<void, string>
  /** `keys` in Electron's format; null: none. */
  setGlobalShortcut(keys: string | null): Result<void, string>
}

export interface SettingsApplier {
  view(): SettingsView
}

/** Applies the settings to the system, now and after every change, and calls `publish` after every change. */
export function applySettings(
  store: AppStore,
  desktop: Desktop,
  keyHosts: () => Pick<SettingsView, 'keyHost' | 'labKeyHost'>,
  publish: (view: SettingsView) => void,
): SettingsApplier {
  const refusedBySystem: { -readonly [K in keyof SettingsView['refusedBySystem']]: string } = {}

  function setRefusal(name: SettingName, result: Result<void, string>): void {
    if (result.ok) delete refusedBySystem[name]
    else refusedBySystem[name] = result.error
  }

  function apply(settings: Settings, before: Settings | null): void {
    if (settings.theme !== before?.theme) desktop.setTheme(settings.theme)
    if (settings.isLaunchedAtLogin !== (before?.isLaunchedAtLogin ?? false))
      setRefusal('isLaunchedAtLogin', desktop.setLaunchedAtLogin(settings.isLaunchedAtLogin, before !== null))
    if (settings.globalShortcut !== (before?.globalShortcut ?? null))
      setRefusal('globalShortcut', desktop.setGlobalShortcut(settings.globalShortcut))
  }

  const view = (): SettingsView => ({
    settings: store.settings(),
    path: store.path,
    refusedBySystem: { ...refusedBySystem },
    ...keyHosts(),
  })

  apply(store.settings(), null)
  store.onSettings((settings, before) => {
    apply(settings, before)
    publish(view())
  })
  return { view }
}
