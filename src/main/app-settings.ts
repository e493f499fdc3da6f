import { createDesktop } from './desktop/desktop-integration'
import { systemFileDialogs } from './ipc/file-dialogs'
import type { AppStore } from './settings/app-store'
import { applySettings } from './settings/apply-settings'
import { createSettingsHandlers, type SettingsHandlers } from './settings/settings-handlers'
import type { Windows } from './windows/windows'

/** Lets the system and the windows follow the settings; returns what windows may ask of them. */
export function createAppSettings(
  store: AppStore,
  windows: Pick<Windows, 'showPopover' | 'send'>,
): SettingsHandlers {
  const desktop = createDesktop(() => windows.showPopover())
  const applier = applySettings(store, desktop, (view) => windows.send('settings', view))
  return createSettingsHandlers(store, applier, systemFileDialogs)
}
