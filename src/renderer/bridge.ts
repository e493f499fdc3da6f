import type { Bridge } from '../shared/ipc'

declare global {
  interface Window {
    readonly app: Bridge
  }
}

/** The bridge to the main process. No other file uses `window.app`. */
export const bridge: Bridge = window.app
