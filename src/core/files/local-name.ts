import { encodeName, isWellFormed } from './file-name'

/** Where a file is to be stored; others count as `linux`. */
export type NamePlatform = 'linux' | 'darwin' | 'win32'

const MAX_NAME_BYTES = 255
/** Names that Windows gives to devices, with any ending. */
const devices = /^(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³]) *(\.|$)/i
/** A file that is not whole yet. */
const partialName = /^\.podkeeper-[0-9a-f]{56}\.part$/

export const toNamePlatform = (platform: string): NamePlatform =>
  platform === 'win32' || platform === 'darwin' ? platform : 'linux'

export const isPartialName = (name: string): boolean => partialName.test(name)

/**
 * Why a name that a pod gave can't be that of a file in a folder of this computer, as a clause; null: it can. See
 * docs/product-rules.md#133-files.
 */
export function localNameProblem(name: string, platform: NamePlatform): string | null {
  const bytes = encodeName(name)
  if (name === '' || name === '.' || name === '..' || /[/\0]/.test(name) || bytes === null)
    return 'its name would lead out of the folder'
  if (isPartialName(name)) return 'it is a file that is not whole'
  if (bytes.length > MAX_NAME_BYTES) return 'its name is too long'
  if (platform === 'linux') return null
  if (!isWellFormed(name)) return 'its name is no text that this computer can store'
  if (platform === 'darwin') return null
  const isUsable = !/[\p{Cc}<>:"\\|?*]/u.test(name) && !/[. ]$/.test(name) && !devices.test(name)
  return isUsable ? null : 'Windows can’t store its name'
}

/** Equal for names that can be the same file where case and accents are not told apart. */
export const foldedName = (name: string, platform: NamePlatform): string =>
  platform === 'linux' ? name : name.normalize('NFC').toLowerCase()
