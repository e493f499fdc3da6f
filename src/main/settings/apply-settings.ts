import type { Result } from '../../core/base/result'
import type { SettingName, Settings } from '../../core/settings/settings'
import type { SettingsView } from '../../shared/ipc'
import type { AppStore } from './app-store'

/** What the system does for a setting; an error is a sentence for people. */
export interface Desktop {
  setTheme(theme: Settings['theme']): void
  /** `isAskedFor`: a person wants it now; else it is how it was left. */
  setLaunchedAtLogin(isLaunched: boolean, isAskedFor: boolean): Result<void, string>
  /** `keys` as Electron writes them; null: none. */
  setGlobalShortcut(keys: string | null): Result<void, string>
}

export interface SettingsFollower {
  view(): SettingsView
}

/** Lets the system follow the settings, now and after every change, and tells `publish` of every change. */
export function followSettings(
  store: AppStore,
  desktop: Desktop,
  publish: (view: SettingsView) => void,
): SettingsFollower {
  const refusedBySystem: { -readonly [K in keyof SettingsView['refusedBySystem']]: string } = {}

  function note(name: SettingName, result: Result<void, string>): void {
    if (result.ok) delete refusedBySystem[name]
    else refusedBySystem[name] = result.error
  }

  function apply(settings: Settings, before: Settings | null): void {
    if (settings.theme !== before?.theme) desktop.setTheme(settings.theme)
    if (settings.isLaunchedAtLogin !== (before?.isLaunchedAtLogin ?? false))
      note('isLaunchedAtLogin', desktop.setLaunchedAtLogin(settings.isLaunchedAtLogin, before !== null))
    if (settings.globalShortcut !== (before?.globalShortcut ?? null))
      note('globalShortcut', desktop.setGlobalShortcut(settings.globalShortcut))
  }

  const view = (): SettingsView => ({
    settings: store.settings(),
    path: store.path,
    refusedBySystem: { ...refusedBySystem },
  })

  apply(store.settings(), null)
  store.onSettings((settings, before) => {
    apply(settings, before)
    publish(view())
  })
  return { view }
}
