/*
 * Allowlist of the environment variables passed to the app. A denylist would be incomplete: shells hold
 * tokens and passwords, which a crash report or a child process could leak.
 */
const ALLOWED = new Set(
  [
    'PATH HOME USER LOGNAME SHELL LANG LANGUAGE TZ TMPDIR',
    'DISPLAY XAUTHORITY WAYLAND_DISPLAY DBUS_SESSION_BUS_ADDRESS DESKTOP_SESSION',
    // Paths: the SSH agent's socket for terminals, and custom CA certificates.
    'SSH_AUTH_SOCK NODE_EXTRA_CA_CERTS SSL_CERT_FILE SSL_CERT_DIR',
    'RUNPOD_API_BASE_URL',
    // Windows
    'SYSTEMROOT SYSTEMDRIVE WINDIR COMSPEC PATHEXT TEMP TMP USERNAME USERPROFILE',
    'APPDATA LOCALAPPDATA PROGRAMDATA PROGRAMFILES HOMEDRIVE HOMEPATH',
  ].flatMap((names) => names.split(' ')),
)
const ALLOWED_PREFIXES = ['LC_', 'XDG_', 'GTK_', 'GDK_', 'XCURSOR_', 'PODKEEPER_']

/** The part of `environment` on the allowlist. */
export function appEnvironment(environment = process.env) {
  return Object.fromEntries(
    Object.entries(environment).filter(([name]) => {
      const upper = process.platform === 'win32' ? name.toUpperCase() : name
      return ALLOWED.has(upper) || ALLOWED_PREFIXES.some((prefix) => upper.startsWith(prefix))
    }),
  )
}
