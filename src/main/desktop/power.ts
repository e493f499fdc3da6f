/** The part of Electron's powerMonitor that is used. */
export interface PowerSource {
  on(event: 'suspend' | 'resume' | 'lock-screen' | 'unlock-screen', listener: () => void): unknown
  on(event: 'shutdown', listener: (event?: { preventDefault(): void }) => void): unknown
}

export interface PowerHandlers {
  readonly onSuspend: () => void
  readonly onResume: () => void
  /** The user left the screen. Not reported on Linux. */
  readonly onLock: () => void
  /** The user returned to the screen. */
  readonly onUnlock: () => void
  /** The session ends within a few seconds. */
  readonly onShutdown: () => void
}

export function watchPower(power: PowerSource, handlers: PowerHandlers): void {
  power.on('suspend', handlers.onSuspend)
  power.on('resume', handlers.onResume)
  power.on('lock-screen', handlers.onLock)
  power.on('unlock-screen', handlers.onUnlock)
  power.on('shutdown', (event) => {
    // Asks the system to wait for an orderly shutdown.
    event?.preventDefault()
    handlers.onShutdown()
  })
}
