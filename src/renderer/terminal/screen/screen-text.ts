export const screenText = {
  copyRejected: 'Couldn’t copy: your system rejected it.',
  couldNotType: (pod: string, reason: string) => `Couldn’t type in ${pod}: ${reason}`,
  couldNotConnect: (pod: string) => `Couldn’t connect to ${pod}`,
  couldNotOpenLink: 'Couldn’t open the link',
  couldNotPaste: (pod: string) => `Couldn’t paste in ${pod}: its shell isn’t open.`,
  notShown: 'It couldn’t be shown. Close the window and open it again.',
  couldNotClear: 'Couldn’t clear the saved output',
  linkNotOpened: (text: string) => `Not opened, because it isn’t a plain https address: ${text}`,
  linkOpens: (isMac: boolean, url: string) => `${isMac ? '⌘' : 'Ctrl'}-click opens ${url}`,
} as const

/** How many matches a search has. */
export const matchText = {
  invalid: 'invalid pattern',
  none: 'none',
  position: (position: number, count: number) => `${position} of ${count}`,
  many: '1,000 or more',
} as const

/** The shortcuts for display, as this platform writes them. */
export function terminalShortcuts(isMac: boolean): readonly (readonly [stroke: string, what: string])[] {
  const perSystem = (mac: string, other: string): string => (isMac ? mac : other)
  return [
    [perSystem('⌘F', 'Ctrl F, Ctrl Shift F'), 'Search (full-screen programs keep Ctrl F)'],
    [perSystem('⌘C', 'Ctrl Shift C'), 'Copy the selection'],
    [perSystem('⌘V', 'Ctrl Shift V'), 'Paste'],
    [perSystem('⌘T', 'Ctrl Shift T'), 'New tab on this pod'],
    ['Ctrl \\', 'Split right (full-screen programs keep it)'],
    ['Ctrl Shift \\', 'Split down'],
    [perSystem('⌥⌘ Arrow', 'Alt Arrow'), 'Move to the pane on that side'],
    ['Ctrl Shift W', 'Close terminal or pane'],
    ['Ctrl Tab, Ctrl Page Down', 'Next terminal (previous: with Shift or Page Up)'],
    ['Ctrl Shift Page Down', 'Move the tab right (left: with Page Up)'],
    [perSystem('⌘1 … ⌘9', 'Ctrl Shift 1 … 9'), 'Go to a terminal by position'],
    ['Ctrl Shift O', 'Move the tab to its own window, or back'],
    ['F2', 'Rename the focused tab'],
    ['Ctrl Shift L', 'Move the focus to the tab'],
    [perSystem('⌘K', 'Ctrl Shift K'), 'Search or run a command'],
    ['Menu, Shift F10', 'Open the menu (full-screen programs keep Shift F10)'],
    ['Shift Page Up', 'Scroll up (down: with Page Down)'],
  ]
}
