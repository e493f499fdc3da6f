/*
 * Switches that open a window's insides to another program, or switch off what keeps it shut. They are for
 * developing; given to a package, they mean that somebody else drives it. `--inspect` and its kin are not here:
 * in a package Electron's fuses make them do nothing.
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

/** Those of the switches above that the app was started with. */
export function findUnsafeSwitches(isGiven: (name: string) => boolean): readonly string[] {
  return UNSAFE_SWITCHES.filter(isGiven)
}
