import type { WebPreferences } from 'electron'

/**
 * The preferences of every window, listed completely, so that a changed default in Electron cannot weaken
 * one. docs/security.md names the item of Electron's checklist for each line.
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

/**
 * `preload`: the path of the bridge. Developer tools are available only when not packaged. `partition`: the name of
 * a session of its own.
 */
export function webPreferences(
  preload: string,
  isPackaged: boolean,
  more: Pick<WebPreferences, 'partition' | 'additionalArguments'> = {},
): WebPreferences {
  return { ...LOCKED, preload, devTools: !isPackaged, ...more }
}
