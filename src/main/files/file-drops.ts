import * as v from 'valibot'
import { requestFailedText } from '../../core/base/text/error-text'
import type { Result } from '../../core/base/result'
import { isAbsolutePodPath, MAX_PATH_CHARS } from '../../core/files/files-view'
import { type FileDrop, MAX_DROPPED } from '../../shared/file-drop'
import { podKeySchema } from '../../shared/requests/field-schemas'
import { isAppUrl } from '../hardening/app-pages'
import { createRequestGate, type GateRules, type Sender } from '../hardening/request-gate'
import { filesText } from './files-text'

export interface FileDropsOptions {
  /** A monotonic clock, ms. */
  readonly nowMs: () => number
  readonly report: (what: string, cause: unknown) => void
  /** The error is a sentence. */
  readonly onDrop: (drop: FileDrop) => Promise<Result<unknown, string>>
  /** `message`: a sentence. */
  readonly onFailed: (message: string) => void
}

const path = v.pipe(
  v.string(),
  v.minLength(1),
  v.maxLength(MAX_PATH_CHARS),
  v.check((text) => !text.includes('\0')),
)

const rules: GateRules = {
  schemas: {
    fileDrop: v.tuple([
      v.strictObject({
        podKey: podKeySchema,
        folder: v.nullable(v.pipe(v.string(), v.check(isAbsolutePodPath))),
        terminalId: v.nullable(v.pipe(v.string(), v.minLength(1), v.maxLength(200))),
        paths: v.pipe(v.array(path), v.maxLength(MAX_DROPPED)),
        isShownThere: v.boolean(),
      }),
    ]) satisfies v.GenericSchema<unknown, [FileDrop]>,
  },
  rates: { fileDrop: { burst: 10, perSecond: 0.5 } },
  isAllowedPage: isAppUrl,
}

/** Whether it names so many files that it may have been refused for that. */
const isOfMany = ([drop]: readonly unknown[]): boolean =>
  v.is(v.looseObject({ paths: v.pipe(v.array(v.string()), v.minLength(MAX_DROPPED / 2)) }), drop)

/** Takes drops from the preload script of the app's windows. What they name is asked about before it is read. */
export function createFileDrops(
  options: FileDropsOptions,
): (sender: Sender, args: readonly unknown[]) => Promise<void> {
  const gate = createRequestGate(options.nowMs, rules)
  return async (sender, args) => {
    const admission = gate.admit('fileDrop', sender, args)
    if (!admission.ok) return options.onFailed(isOfMany(args) ? filesText.tooManyDropped : admission.error)
    try {
      const [drop] = admission.value as [FileDrop]
      const done = await options.onDrop(drop)
      if (!done.ok) options.onFailed(done.error)
    } catch (cause) {
      options.report('A drop of files failed', cause)
      options.onFailed(requestFailedText)
    }
  }
}
