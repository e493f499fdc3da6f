import type { WebPreferences } from 'electron'

/**
 * What every window of Podkeeper may do, said in full: a default that changes with Electron must not open a
 * window. docs/security.md names the point of Electron's list that each line answers.
 */
const LOCKED = {
  sandbox: true,
  contextIsolation: true,
  nodeIntegration: false,
  nodeIntegrationInWorker: false,
  nodeIntegrationInSubFrames: false,
  webSecurity: true,
  allowRunningInsecureContent: false,
  experimentalFeatures: false,
  enableBlinkFeatures: '',
  webviewTag: false,
  plugins: false,
  navigateOnDragDrop: false,
  disableDialogs: true,
  safeDialogs: true,
  spellcheck: false,
  autoplayPolicy: 'user-gesture-required',
} as const satisfies WebPreferences

/** `preload`: the path of the bridge. Developer tools are for the checkout; a package has none. */
export function webPreferences(preload: string, isPackaged: boolean): WebPreferences {
  return { ...LOCKED, preload, devTools: !isPackaged }
}
