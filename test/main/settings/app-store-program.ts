import { writeSync } from 'node:fs'
import { openStore } from '../../../src/main/settings/app-store'

/*
 * Uses the store of a folder from a process of its own. `write-on` writes without end and says the number of each
 * write that was confirmed; `write-once` tries once and says what came of it.
 */
const [, , mode, folder = ''] = process.argv
const store = openStore(folder, () => 1, { warn: () => {} })
const say = (text: string): number => writeSync(1, `${text}\n`)

/** Numbers and filling go together, so that half of one write and half of another would show. */
const accountOf = (number: number) => ({
  id: String(number),
  baseUrl: 'https://x.test/',
  keyEnding: 'cess',
  encryptedKey: String(number % 10).repeat(1 + ((number * 7_919) % 20_000)),
})

if (mode === 'write-on') {
  for (let number = Number(store.account()?.id ?? 0) + 1; ; number++)
    if (store.saveAccount(accountOf(number)).ok) say(String(number))
} else {
  const results = [store.saveAccount(accountOf(9_999)), store.changeSettings({ undoS: 9 })]
  say(JSON.stringify({ results, account: store.account(), undoS: store.settings().undoS }))
}
