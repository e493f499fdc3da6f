import { homedir } from 'node:os'
import { join } from 'node:path'

/** The app's data folder, shared with the command line: Electron's user folder of Podkeeper. */
export function appDataFolder(
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform = process.platform,
  home: string = homedir(),
): string {
  return join(configFolder(env, platform, home), 'Podkeeper')
}

function configFolder(
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
  home: string,
): string {
  switch (platform) {
    case 'win32':
      return env['APPDATA'] ?? join(home, 'AppData', 'Roaming')
    case 'darwin':
      return join(home, 'Library', 'Application Support')
    default:
      return env['XDG_CONFIG_HOME'] || join(home, '.config')
  }
}
