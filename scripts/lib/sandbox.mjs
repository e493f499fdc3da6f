import { readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { log, UserError } from './log.mjs'

/**
 * The switches that Chromium's sandbox needs on this system. Only root runs without a sandbox, since Chromium
 * refuses to start otherwise; where the system forbids the sandbox to ordinary users, the error says what to
 * change.
 */
export function sandboxSwitches(electron) {
  if (process.platform !== 'linux') return []
  if (process.getuid() === 0) {
    log(
      'Started as root, so without the sandbox of the windows (--no-sandbox): better start it as an ordinary user.',
    )
    return ['--no-sandbox']
  }
  const launcher = join(dirname(electron), 'chrome-sandbox')
  if (areUserNamespacesAllowed() || isSetuidRoot(launcher)) return []
  throw new UserError(
    `This system lets no ordinary program sandbox its windows. To allow it for this Electron:\n  sudo chown root:root '${launcher}' && sudo chmod 4755 '${launcher}'`,
  )
}

function areUserNamespacesAllowed() {
  const isSet = (name, value) => {
    try {
      return readFileSync(`/proc/sys/${name}`, 'utf8').trim() === value
    } catch {
      return false
    }
  }
  return !(
    isSet('kernel/apparmor_restrict_unprivileged_userns', '1') ||
    isSet('kernel/unprivileged_userns_clone', '0') ||
    isSet('user/max_user_namespaces', '0')
  )
}

function isSetuidRoot(file) {
  try {
    const { uid, mode } = statSync(file)
    return uid === 0 && (mode & 0o4000) !== 0
  } catch {
    return false
  }
}
