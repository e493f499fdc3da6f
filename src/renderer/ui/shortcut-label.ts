/** Whether shortcuts use ⌘ on this platform. */
export const isMac = (platform = navigator.platform): boolean => platform.startsWith('Mac')

/** A shortcut as this platform writes it: "Ctrl K", "⌘K". */
export function shortcutLabel(letter: string, platform = navigator.platform): string {
  return isMac(platform) ? `⌘${letter}` : `Ctrl ${letter}`
}

/** A shortcut in a terminal, where Ctrl alone belongs to the shell: "Ctrl Shift C", "⌘C". */
export function terminalShortcutLabel(letter: string, platform = navigator.platform): string {
  return isMac(platform) ? `⌘${letter}` : `Ctrl Shift ${letter}`
}
