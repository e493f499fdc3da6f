import { newPhoneState, type PhoneState } from '../../core/phone/offer/phone'
import { type StoredPhones, storedPhonesSchema } from '../../core/phone/phone-codec'
import type { Result } from '../../core/base/result'
import { changedTo, openSharedFile, sharedFileTexts } from '../data-folder/shared-file'

/** What is remembered of phone channels, in `phone.json`, by `phoneKeyOf`. Errors are sentences. */
export interface PhoneFile {
  readonly load: (key: string) => PhoneState
  readonly change: (key: string, make: (state: PhoneState) => PhoneState) => Result<void, string>
  /** Keeps what is remembered under these keys. Null: the file can't be read. */
  readonly keys: () => readonly string[] | null
  readonly remove: (keys: readonly string[]) => Result<void, string>
  /** Another program may have written the file. */
  readonly reload: () => void
}

const MAX_BYTES = 16 * 1_024 * 1_024

/** Only the holder of the data folder writes it. */
export function openPhoneFile(folder: string): PhoneFile {
  const file = openSharedFile<StoredPhones>({
    folder,
    name: 'phone.json',
    maxBytes: MAX_BYTES,
    empty: {},
    schema: storedPhonesSchema,
    serialize: (channels) => JSON.stringify({ version: 1, channels }),
    texts: sharedFileTexts('answers from the phone'),
  })
  let known: StoredPhones | null = null

  function read(): StoredPhones | null {
    if (known !== null) return known
    try {
      known = file.read().value
    } catch {
      // Without it no button is known, so nothing is done.
      return null
    }
    return known
  }

  function write(make: (phones: StoredPhones) => StoredPhones): Result<void, string> {
    let next: StoredPhones = {}
    const written = file.change((phones) => changedTo((next = make(phones))))
    if (written.ok) known = next
    return written
  }

  return {
    load: (key) => read()?.[key] ?? newPhoneState,
    change: (key, make) =>
      write((phones) => {
        const before = phones[key] ?? newPhoneState
        const next = make(before)
        return next === before && key in phones ? phones : { ...phones, [key]: next }
      }),
    keys() {
      const phones = read()
      return phones && Object.keys(phones)
    },
    remove: (keys) =>
      write((phones) => Object.fromEntries(Object.entries(phones).filter(([key]) => !keys.includes(key)))),
    reload() {
      known = null
    },
  }
}
