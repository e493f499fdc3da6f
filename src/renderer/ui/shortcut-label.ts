/** Whether the command key is ⌘ here. */
export const isMac = (platform = navigator.platform): boolean => platform.startsWith('Mac')

/** How this system writes a stroke with its command key: "Ctrl K", "⌘K". */
export function shortcutLabel(letter: string, platform = navigator.platform): string {
  return isMac(platform) ? `⌘${letter}` : `Ctrl ${letter}`
}
