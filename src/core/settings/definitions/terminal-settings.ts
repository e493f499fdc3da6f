import { editorCommandProblem } from './editor-command'
import { type ChoiceSetting, numberSetting, type TextSetting, toggleSetting } from './setting-types'

/** The settings of terminals. See docs/product-rules.md#83-working-in-it. */
export const terminalSettings = {
  terminalFontPx: numberSetting(
    'terminal-look',
    'Terminal font size',
    'pixels',
    [13, 8, 32],
    'For text in terminals',
    'text zoom',
  ),
  terminalFont: {
    kind: 'text',
    group: 'terminal-look',
    label: 'Terminal font',
    default: null,
    none: 'JetBrains Mono',
    problem: fontProblem,
    help: 'A monospaced font on this computer',
    keywords: 'typeface family',
  } satisfies TextSetting,
  terminalTheme: {
    kind: 'choice',
    group: 'terminal-look',
    label: 'Terminal colors',
    default: 'app',
    options: { app: 'Match window', dark: 'Dark', light: 'Light' },
    help: 'Programs choose among sixteen of them',
    keywords: 'theme mode',
  } satisfies ChoiceSetting,
  isTerminalCursorBlinking: toggleSetting(
    'terminal-look',
    'Blinking cursor',
    false,
    'While the terminal has the focus',
  ),
  terminalScrollbackLines: numberSetting(
    'terminal-use',
    'Scrollback',
    'lines',
    [10_000, 100, 100_000],
    '10,000 lines take about 17 MB, in the window and again in the app',
    'history buffer',
  ),
  areTerminalSessionsKept: toggleSetting(
    'terminal-use',
    'Keep sessions (tmux)',
    true,
    'On the pod, through lost connections and restarts of Podkeeper',
    'durable persistent reconnect attach screen detach',
  ),
  isTerminalCopyOnSelect: toggleSetting(
    'terminal-use',
    'Copy on select',
    false,
    'Copies selected text at once',
    'clipboard',
  ),
  mayTerminalsSetClipboard: {
    kind: 'choice',
    group: 'terminal-use',
    label: 'Clipboard access',
    default: 'ask',
    options: { ask: 'Ask once per terminal', never: 'Never' },
    help: 'Whether programs on a pod may copy to your clipboard (OSC 52). None can read it',
    keywords: 'paste permission',
  } satisfies ChoiceSetting,
  isTerminalForScreenReaders: toggleSetting(
    'terminal-use',
    'Screen reader mode',
    false,
    'Announces output as it arrives, at some cost in speed',
    'accessibility voice',
  ),
  sshKeyFile: {
    kind: 'text',
    group: 'ssh',
    label: 'SSH private key',
    default: null,
    none: 'Agent, ~/.ssh/config and usual files',
    changedIn: 'file-dialog',
    problem: keyFileProblem,
    help: 'Tried first. Podkeeper never copies it',
    keywords: 'identity file id_ed25519 id_rsa',
  } satisfies TextSetting,
  areSshKeysDroppedAtLock: toggleSetting(
    'ssh',
    'Lock keys with screen',
    false,
    'On Linux; elsewhere always. Looks and jobs then wait for a passphrase',
    'passphrase forget drop unlocked agent screensaver',
  ),
  editorCommand: {
    kind: 'text',
    group: 'ssh',
    label: 'Other editor',
    default: null,
    none: 'None',
    changedIn: 'own-window',
    problem: editorCommandProblem,
    help: 'For “Edit with”: a program and its arguments, with {alias} and {folder}',
    keywords: 'ide vscode cursor zed vim emacs remote ssh custom command open',
  } satisfies TextSetting,
} as const

/** Rejects text that CSS could parse as more than one name. */
function fontProblem(text: string): string | null {
  return /^[\p{L}\p{N} ._-]{1,60}$/u.test(text) ? null : 'must be the name of one font'
}

function keyFileProblem(text: string): string | null {
  return /^(~?\/|[A-Za-z]:\\|~\\)[^\0\n\r]{1,1000}$/.test(text)
    ? null
    : 'must be a full path, starting with / or ~'
}
