import { writeSync } from 'node:fs'
import { openAppStore } from '../../../src/main/settings/app-store'

/*
 * Uses the store of a folder from a separate process. `write-on` writes endlessly and prints the number of
 * each confirmed write; `write-once` writes once and prints the result.
 */
const [, , mode, folder = ''] = process.argv
const store = openAppStore(folder, () => 1, { warn: () => {} })
const say = (text: string): number => writeSync(1, `${text}\n`)

/** Number and padding belong together, so that a mix of two writes would be detected. */
const accountOf = (number: number) => ({
  id: String(number),
  name: 'Runpod',
  color: 'blue' as const,
  baseUrl: 'https://x.test/',
  keyEnding: 'cess',
  encryptedKey: String(number % 10).repeat(1 + ((number * 7_919) % 20_000)),
})

const storedNumber = (): number => Number(store.accounts()[0]?.id ?? 0)

if (mode === 'write-on') {
  for (let number = storedNumber() + 1; ; number++)
    if (store.saveAccount(accountOf(number), null, String(storedNumber())).ok) say(String(number))
} else {
  const results = [store.saveAccount(accountOf(9_999), null), store.changeSettings({ undoS: 9 })]
  say(JSON.stringify({ results, account: store.accounts()[0] ?? null, undoS: store.settings().undoS }))
}
