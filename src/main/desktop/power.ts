/** The part of Electron's powerMonitor that is used. */
export interface PowerSource {
  on(event: 'suspend' | 'resume' | 'unlock-screen', listener: () => void): unknown
  on(event: 'shutdown', listener: (event?: { preventDefault(): void }) => void): unknown
}

export interface PowerHandlers {
  readonly onSuspend: () => void
  readonly onResume: () => void
  /** Somebody is back at the screen. */
  readonly onUnlock: () => void
  /** The session ends: a few seconds are left. */
  readonly onShutdown: () => void
}

export function watchPower(power: PowerSource, handlers: PowerHandlers): void {
  power.on('suspend', handlers.onSuspend)
  power.on('resume', handlers.onResume)
  power.on('unlock-screen', handlers.onUnlock)
  power.on('shutdown', (event) => {
    // Asks the system for the time that an orderly end takes.
    event?.preventDefault()
    handlers.onShutdown()
  })
}
