import { writeStoredKey } from '../../../src/cli/account/key-file'

/* Saves keys of accounts of its own, one after the other. */

const [path = '', writer = ''] = process.argv.slice(2)
for (let number = 0; number < 10; number++) save(number)

/** Tries again where others write for longer than a command waits. */
function save(number: number): void {
  try {
    writeStoredKey(path, {
      baseUrl: 'https://x.test/',
      key: `rpa_${writer}_${number}`,
      accountId: `${writer}-${number}`,
    })
  } catch {
    save(number)
  }
}
