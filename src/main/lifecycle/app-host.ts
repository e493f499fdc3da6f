/**
 * What only Electron can do for the requests of windows, apart from `AppParts`' own. What answers them otherwise runs on
 * Node alone, as it does in tests of pages.
 */
export interface AppHost {
  /** Podkeeper's version. */
  readonly version: string
  /** The environment that the program was started with. */
  readonly env: NodeJS.ProcessEnv
  readonly readClipboard: () => Promise<string>
  readonly writeClipboard: (text: string) => Promise<void>
  /** Only for addresses that were checked; see `browserOpener`. */
  readonly openExternal: (address: string) => Promise<void>
  /** Null where the system doesn't say. */
  readonly isScreenLocked: () => boolean | null
  /** Whether the system can show notifications. None is shown for that. */
  readonly areNotificationsSupported: () => boolean
}
