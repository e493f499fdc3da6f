import { writeStoredKey } from '../../../src/cli/account/key-file'

/* Saves keys of accounts of its own, one after the other. */

const [path = '', writer = ''] = process.argv.slice(2)
for (let number = 0; number < 20; number++)
  writeStoredKey(path, {
    baseUrl: 'https://x.test/',
    key: `rpa_${writer}_${number}`,
    accountId: `${writer}-${number}`,
  })
