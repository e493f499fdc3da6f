import { type ChoiceSetting, numberSetting, type TextSetting, toggleSetting } from './setting-types'

/** The settings of terminals. See docs/product-rules.md#83-working-in-it. */
export const terminalSettings = {
  terminalFontPx: numberSetting('terminal', 'Text size', 'pixels', [13, 8, 32], 'Of terminals.'),
  terminalFont: {
    kind: 'text',
    group: 'terminal',
    label: 'Typeface',
    default: null,
    none: 'JetBrains Mono',
    problem: fontProblem,
    help: 'A monospaced one that this computer has.',
  } satisfies TextSetting,
  terminalTheme: {
    kind: 'choice',
    group: 'terminal',
    label: 'Colours',
    default: 'app',
    options: { app: 'As the window', dark: 'Always dark', light: 'Always light' },
    help: 'Of terminals. Programs choose among sixteen of them.',
  } satisfies ChoiceSetting,
  terminalScrollbackLines: numberSetting(
    'terminal',
    'Keep of each terminal',
    'lines',
    [10_000, 100, 100_000],
    'Lines that have scrolled away. Ten thousand take about 17 MB, in the window and once more in the app.',
  ),
  isTerminalCopyOnSelect: toggleSetting(
    'terminal',
    'Copy what is selected',
    false,
    'At once, without a key.',
  ),
  isTerminalCursorBlinking: toggleSetting(
    'terminal',
    'Blinking cursor',
    false,
    'Only while the terminal has the focus.',
  ),
  isTerminalForScreenReaders: toggleSetting(
    'terminal',
    'Screen reader mode',
    false,
    'Reads output aloud as it comes. Costs some speed.',
  ),
  mayTerminalsSetClipboard: {
    kind: 'choice',
    group: 'terminal',
    label: 'Programs on a pod may copy to the clipboard',
    default: 'ask',
    options: { ask: 'Ask once in each terminal', never: 'Never' },
    help: 'By the escape sequence OSC 52. None can ever read the clipboard.',
  } satisfies ChoiceSetting,
  sshKeyFile: {
    kind: 'text',
    group: 'terminal',
    label: 'Private key',
    default: null,
    none: 'agent, ~/.ssh/config, usual files',
    changedIn: 'file-dialog',
    problem: keyFileProblem,
    help: 'The path of a file to try first. It is never copied.',
  } satisfies TextSetting,
} as const

/** Rejects text that CSS could parse as more than one name. */
function fontProblem(text: string): string | null {
  return /^[\p{L}\p{N} ._-]{1,60}$/u.test(text) ? null : 'has to be the name of one typeface'
}

function keyFileProblem(text: string): string | null {
  return /^(~?\/|[A-Za-z]:\\|~\\)[^\0\n\r]{1,1000}$/.test(text) ? null : 'has to be a whole path, from / or ~'
}
