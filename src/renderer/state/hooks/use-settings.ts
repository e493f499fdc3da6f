import type { Bridge } from '../../../shared/ipc'
import type { SettingsView } from '../../../shared/requests/settings-requests'
import { requestText } from '../state-text'
import { usePushedView } from './use-pushed-view'

const read = (bridge: Bridge) => bridge.settings()

/** The settings from the main process; null until they arrive. */
export const useSettings = (): SettingsView | null =>
  usePushedView('settings', read, requestText.couldNotReadSettings)
