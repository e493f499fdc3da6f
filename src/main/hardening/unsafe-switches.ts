/*
 * Switches that let other programs control a window or disable its protection. They are meant for
 * development; in a packaged app they indicate an attack. `--inspect` and related switches are not listed,
 * because Electron's fuses disable them in a package.
 */
const UNSAFE_SWITCHES = [
  'remote-debugging-port',
  'remote-debugging-pipe',
  'remote-debugging-address',
  'remote-allow-origins',
  'auto-open-devtools-for-tabs',
  'load-extension',
  'disable-web-security',
  'disable-site-isolation-trials',
  'allow-running-insecure-content',
  'ignore-certificate-errors',
  'ignore-certificate-errors-spki-list',
  'unsafely-treat-insecure-origin-as-secure',
  'enable-blink-features',
  'js-flags',
  'browser-subprocess-path',
  'renderer-cmd-prefix',
  'utility-cmd-prefix',
  'gpu-launcher',
]

/** The unsafe switches that the app was started with. */
export function findUnsafeSwitches(isGiven: (name: string) => boolean): readonly string[] {
  return UNSAFE_SWITCHES.filter(isGiven)
}
