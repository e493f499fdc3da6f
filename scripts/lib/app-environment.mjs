/*
 * What of the shell's environment the app is given. A list of what to pass, since nobody can list what to hold
 * back: tokens and passwords lie about in shells, and a crash report or a child process would carry them on.
 */
const ALLOWED = new Set(
  [
    'PATH HOME USER LOGNAME SHELL LANG LANGUAGE TZ TMPDIR',
    'DISPLAY XAUTHORITY WAYLAND_DISPLAY DBUS_SESSION_BUS_ADDRESS DESKTOP_SESSION',
    // Paths: the agent's socket for the terminal, and certificates of the person's own network.
    'SSH_AUTH_SOCK NODE_EXTRA_CA_CERTS SSL_CERT_FILE SSL_CERT_DIR',
    'RUNPOD_API_BASE_URL',
    // Windows
    'SYSTEMROOT SYSTEMDRIVE WINDIR COMSPEC PATHEXT TEMP TMP USERNAME USERPROFILE',
    'APPDATA LOCALAPPDATA PROGRAMDATA PROGRAMFILES HOMEDRIVE HOMEPATH',
  ].flatMap((names) => names.split(' ')),
)
const ALLOWED_PREFIXES = ['LC_', 'XDG_', 'GTK_', 'GDK_', 'XCURSOR_', 'PODKEEPER_']

/** The part of `environment` that the app may see: no token, no password. */
export function appEnvironment(environment = process.env) {
  return Object.fromEntries(
    Object.entries(environment).filter(([name]) => {
      const upper = process.platform === 'win32' ? name.toUpperCase() : name
      return ALLOWED.has(upper) || ALLOWED_PREFIXES.some((prefix) => upper.startsWith(prefix))
    }),
  )
}
