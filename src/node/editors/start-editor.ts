import { spawn } from 'node:child_process'
import { errorText } from '../../core/base/text/error-text'
import { fail, ok, type Result } from '../../core/base/result'
import { editorArguments } from '../../core/editors/editors'
import type { FoundEditor } from './find-editor'

export interface StartEditorOptions {
  /** The name of the pod for OpenSSH. */
  readonly alias: string
  /** Full path of a folder on the pod. */
  readonly folder: string
  readonly home: string
  readonly env: NodeJS.ProcessEnv
  /** How long the program may run before it counts as started, ms. Default: 3 s. */
  readonly settleMs?: number
}

const SETTLE_MS = 3_000

/** What tells another program of this one's inside, or of its keys. */
const OWN_VARIABLE = /^(?:ELECTRON_|NODE_OPTIONS$|RUNPOD_|HUBIFY_|PODKEEPER_)/i

/**
 * Starts an editor on a folder of a pod, without a shell. It stays when this program ends. Fails with a sentence if it
 * could not be started, or ended at once with an error.
 */
export function startEditor(
  { name, program, id, custom }: FoundEditor,
  { alias, folder, home, env, settleMs = SETTLE_MS }: StartEditorOptions,
): Promise<Result<void, string>> {
  return new Promise((resolve) => {
    const child = spawn(program, editorArguments(id, alias, folder, custom), {
      cwd: home,
      env: Object.fromEntries(Object.entries(env).filter(([variable]) => !OWN_VARIABLE.test(variable))),
      detached: true,
      stdio: 'ignore',
    })
    const timer = setTimeout(() => resolve(ok(undefined)), settleMs)
    child.once('error', (cause) => {
      clearTimeout(timer)
      resolve(fail(`${name} could not be started: ${errorText(cause)}.`))
    })
    child.once('exit', (code, signal) => {
      clearTimeout(timer)
      resolve(
        code === 0
          ? ok(undefined)
          : fail(`${name} ended at once with ${signal ?? `exit code ${code ?? '?'}`}.`),
      )
    })
    child.unref()
  })
}
