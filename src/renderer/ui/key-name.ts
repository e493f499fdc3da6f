/** How this system writes a stroke with its command key: "Ctrl K", "⌘K". */
export function keyName(letter: string, platform = navigator.platform): string {
  return platform.startsWith('Mac') ? `⌘${letter}` : `Ctrl ${letter}`
}
