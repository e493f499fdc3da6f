import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { errorText } from '../../../core/base/text/error-text'
import { isObject, parseJson } from '../../../core/base/parse-json'
import { fail, ok, type Result } from '../../../core/base/result'
import type { AccountRecord } from '../../../core/settings/account-record'
import { parseConfig, serializeConfig } from '../../../core/settings/config-schema'
import { replaceFile } from '../files/replace-file'
import { backupFolder, type Migration } from './migration'

/** From one account to several. An unusable file is left as it is: the program that opens it sets it aside. */
export const toFormat2: Migration = {
  from: 1,
  files: ['config.json'],
  migrate(read) {
    const text = read('config.json')
    const parsed = text === null ? null : parseConfig(text)
    return parsed?.ok ? { 'config.json': serializeConfig(parsed.value) } : {}
  },
}

/** Erases the keys of removed accounts in what was kept of format 1. The error is a clause. */
export function eraseKeysInBackups(folder: string, accounts: readonly AccountRecord[]): Result<void, string> {
  const path = join(backupFolder(folder, 1), 'config.json')
  try {
    if (!existsSync(path)) return ok(undefined)
    const config = parseJson(readFileSync(path, 'utf8'))
    if (!isObject(config) || !isObject(config['account'])) return ok(undefined)
    const { account } = config
    const isKept = accounts.some(({ encryptedKey }) => encryptedKey === account['encryptedKey'])
    if (isKept || account['encryptedKey'] === null) return ok(undefined)
    replaceFile(
      path,
      `${JSON.stringify({ ...config, account: { ...account, encryptedKey: null } }, null, 2)}\n`,
    )
    return ok(undefined)
  } catch (cause) {
    return fail(`${path} could not be written (${errorText(cause)})`)
  }
}
