export interface DesktopSession {
  readonly env: Readonly<Record<string, string>>
  readonly startPanel: () => Promise<void>
  readonly stopPanel: () => Promise<void>
  readonly close: () => Promise<void>
}

export function openDesktopSession(options?: { readonly hasPanel?: boolean }): Promise<DesktopSession>
