import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { errorText } from '../../core/base/text/error-text'
import { fail, ok, type Result } from '../../core/base/result'
import { errorCode } from '../data-folder/files/error-code'

const MAX_TRIES = 1_000

/** Makes a new folder in `folder` that is named like `label`, and returns its path. The error is a sentence. */
export function makeResultFolder(folder: string, label: string): Result<string, string> {
  const name = label.replaceAll(/[^\w.-]+/g, '-').replaceAll(/^[.-]+|[.-]+$/g, '') || 'results'
  try {
    mkdirSync(folder, { recursive: true })
    for (let tries = 1; tries <= MAX_TRIES; tries += 1) {
      const path = join(folder, tries === 1 ? name : `${name}-${tries}`)
      try {
        mkdirSync(path)
        return ok(path)
      } catch (cause) {
        if (errorCode(cause) !== 'EEXIST') throw cause
      }
    }
    return fail(`${folder} has too many folders named ${name}.`)
  } catch (cause) {
    return fail(`No folder for the results can be made in ${folder} (${errorText(cause)}).`)
  }
}
