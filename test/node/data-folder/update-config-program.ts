import { readFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { parseConfig, serializeConfig } from '../../../src/core/settings/config-schema'
import { replaceFile } from '../../../src/node/data-folder/replace-file'
import { updateConfig } from '../../../src/node/data-folder/update-config'

/* Adds a setting of its own name and number to the settings of a folder, as often as it is told. Exits with the number of refusals. */
const [, , folder = '', name = '', count = '1'] = process.argv
const path = join(folder, 'config.json')
writeSync(1, 'ready\n')
process.stdin.once('data', () => {
  let refusals = 0
  for (let number = 0; number < Number(count); number += 1) {
    const written = updateConfig(
      folder,
      {
        read: () => parseConfig(readFileSync(path, 'utf8')),
        write: (config) => replaceFile(path, serializeConfig(config)),
      },
      (config) => ({ ...config, settings: { ...config.settings, [`${name}${number}`]: number } }),
    )
    if (!written.ok) refusals += 1
  }
  process.exit(refusals)
})
