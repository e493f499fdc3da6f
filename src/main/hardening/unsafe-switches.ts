/*
 * A packaged app starts with these switches only: Chromium has hundreds that open a window to other programs, weaken
 * its protection or run a program, and each version brings new ones.
 */
const SAFE_SWITCHES = new Set([
  'hidden',
  // Of the menu of the app's icon. See src/main/lifecycle/launches.ts.
  'pause-alerts',
  'quit',
  // Said in the window.
  'user-data-dir',
  // Graphics and desktop.
  'disable-gpu',
  'force-device-scale-factor',
  'high-dpi-support',
  'ozone-platform',
  'ozone-platform-hint',
  'gtk-version',
  'class',
  'lang',
  // Which keyring is used. The app reports one that protects nothing.
  'password-store',
  // Electron's fuses disable them in a package. See docs/decisions/0009-fuses.md.
  'inspect',
  'inspect-brk',
])

export interface OpeningArguments {
  /** Everything after the executable. */
  readonly args: readonly string[]
  readonly platform: NodeJS.Platform
  readonly isRoot: boolean
}

/** The names of the switches among the arguments that a packaged app must not be started with. */
export function findUnsafeSwitches({ args, platform, isRoot }: OpeningArguments): readonly string[] {
  // As Chromium reads them: without surrounding spaces, one dash or two, on Windows a slash as well, up to the first
  // "--".
  const isSwitch = platform === 'win32' ? /^(--?|\/)(?=\w)/ : /^--?(?=.)/
  const trimmed = args.map((argument) => argument.trim())
  const end = trimmed.indexOf('--')
  return trimmed
    .slice(0, end === -1 ? trimmed.length : end)
    .filter((argument) => isSwitch.test(argument) && !isSystemArgument(argument, platform))
    .map((argument) => argument.replace(isSwitch, '').split('=', 1)[0] ?? '')
    .filter((name) => !SAFE_SWITCHES.has(name) && !(name === 'no-sandbox' && platform === 'linux' && isRoot))
}

/** What macOS passes to every program: a process number, and settings that Chromium doesn't read. */
const isSystemArgument = (argument: string, platform: NodeJS.Platform): boolean =>
  platform === 'darwin' && /^-(psn_|NS|Apple)\w/.test(argument)
