import { app } from 'electron'
import { localeOfEnvironment } from '../../core/base/text/format'

/** The locale of the system's dates and numbers, such as "de-DE"; empty when it has none. */
export function systemLocale(): string {
  // On Linux, Electron leaves out LC_TIME, which desktops set to the chosen region.
  const ofEnvironment = process.platform === 'linux' ? localeOfEnvironment(process.env) : null
  return ofEnvironment ?? app.getSystemLocale()
}
