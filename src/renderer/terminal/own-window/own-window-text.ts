/** Of a window that shows one tab of terminals. */
export const ownWindowText = {
  /** `tab`: null unless it has a name of its own; `account`: undefined where there is only one. */
  title: (tab: string | null, pod: string, account: string | undefined) =>
    `${[tab, pod, account].filter((part) => part !== null && part !== undefined).join(' · ')} – Podkeeper`,
} as const
