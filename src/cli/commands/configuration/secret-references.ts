import { errorText } from '../../../core/base/text/error-text'
import { fail, ok, type Result } from '../../../core/base/result'
import type { SecretReference } from '../../../core/configuration/configuration'
import { readDataFile } from '../../../node/data-folder/files/read-data-file'
import { configurationText } from './configuration-text'

const MAX_BYTES = 10_000

/** The secret that a file of configuration refers to; the error is a sentence without it. */
export function readSecret(reference: SecretReference, env: NodeJS.ProcessEnv): Result<string, string> {
  if ('env' in reference) {
    const value = env[reference.env]?.trim() ?? ''
    return value === '' ? fail(configurationText.noVariable(reference.env)) : ok(value)
  }
  const { file } = reference
  try {
    const value = readDataFile(file, MAX_BYTES)?.trim()
    if (value === undefined) return fail(configurationText.missingSecretFile(file))
    return value === '' ? fail(configurationText.emptySecretFile(file)) : ok(value)
  } catch (cause) {
    return fail(configurationText.noSecretFile(file, errorText(cause)))
  }
}
