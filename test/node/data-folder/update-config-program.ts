import { readFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { Result } from '../../../src/core/base/result'
import { type AppConfig, parseConfig, serializeConfig } from '../../../src/core/settings/config-schema'
import { replaceFile } from '../../../src/node/data-folder/files/replace-file'
import { type ConfigAccess, updateConfig } from '../../../src/node/data-folder/update-config'

/*
 * Adds settings of its own name, one by one, to those of a folder, as many as it is told. One that is refused, since
 * others are always faster, is tried again. Exits with 1 for any other refusal.
 */
const [, , folder = '', name = '', count = '1'] = process.argv
const path = join(folder, 'config.json')
const access: ConfigAccess = {
  read: () => parseConfig(readFileSync(path, 'utf8')),
  write: (config) => replaceFile(path, serializeConfig(config)),
}

function add(number: number): Result<AppConfig, string> {
  return updateConfig(folder, access, (config) => ({
    ...config,
    settings: { ...config.settings, [`${name}${number}`]: number },
  }))
}

writeSync(1, 'ready\n')
process.stdin.once('data', () => {
  for (let number = 0; number < Number(count); number += 1) {
    let added = add(number)
    while (!added.ok && added.error.includes('another Podkeeper')) added = add(number)
    if (!added.ok) process.exit(1)
  }
  process.exit(0)
})
