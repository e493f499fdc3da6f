import { keyIdOf } from '../../../core/settings/account-record'
import type { AccountSessionOptions } from '../account-session-options'

/**
 * Clears the clipboard if it still holds `text`, from which the key was taken, and the key is stored encrypted: without a
 * keyring the clipboard may have the only copy.
 */
export async function clearTakenKey(
  {
    store,
    readClipboard,
    writeClipboard,
  }: Pick<AccountSessionOptions, 'store' | 'readClipboard' | 'writeClipboard'>,
  text: string,
  keyId: string,
): Promise<void> {
  const isStored = store.accounts().some((one) => keyIdOf(one) === keyId && one.encryptedKey !== null)
  if (isStored && (await readClipboard()) === text) await writeClipboard('')
}
