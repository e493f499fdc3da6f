import type { Bridge } from '../shared/ipc'

declare global {
  interface Window {
    readonly app: Bridge
  }
}

/** The app behind this window. Nothing else touches `window.app`. */
export const bridge: Bridge = window.app
