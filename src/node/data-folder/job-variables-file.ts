import * as v from 'valibot'
import { errorText } from '../../core/base/error-text'
import { parseJson } from '../../core/base/parse-json'
import { fail, ok, type Result } from '../../core/base/result'
import { jobIdSchema, jobVariablesSchema } from '../../core/queue/jobs/job-codec'
import type { JobSecrets } from '../../core/queue/queue-ports'
import { withFileLock } from './files/file-lock'
import { readDataFile } from './files/read-data-file'
import { replaceFile } from './files/replace-file'

/** Encrypts with the system's keyring; errors follow "since". Null: this program has none. */
export interface VariableKeyring {
  encrypt(text: string): Promise<Result<string, string>>
  decrypt(base64: string): Promise<Result<{ readonly text: string }, string>>
}

type Values = Readonly<Record<string, string>>

const fileSchema = v.object({
  version: v.literal(1),
  jobs: v.record(
    jobIdSchema,
    v.union([v.object({ encrypted: v.string() }), v.object({ values: jobVariablesSchema })]),
  ),
})
type Stored = v.InferOutput<typeof fileSchema>

const MAX_BYTES = 64 * 1_024 * 1_024

/**
 * The values of the variables of jobs, in `job-variables.json` (mode 0600). The app encrypts them with the system's
 * keyring; where that takes none, they are kept for the session only. The command line has no keyring and stores them
 * like its keys, readable for this user only. Each program uses what it can read.
 */
export function openJobVariables(
  path: string,
  keyring: VariableKeyring | null,
  report: (what: string, cause: unknown) => void,
): JobSecrets {
  /** Values that the keyring did not take. */
  const ofSession = new Map<string, Values>()

  function read(): Stored {
    const text = readDataFile(path, MAX_BYTES)
    if (text === null) return { version: 1, jobs: {} }
    const parsed = v.safeParse(fileSchema, parseJson(text))
    if (!parsed.success) throw new Error(`${path} can’t be read by this version`)
    return parsed.output
  }

  function change(edit: (jobs: Stored['jobs']) => Stored['jobs']): Result<void, string> {
    try {
      const changed = withFileLock(`${path}.lock`, () => {
        const text = `${JSON.stringify({ version: 1, jobs: edit(read().jobs) })}\n`
        // It could not be read again.
        if (Buffer.byteLength(text) > MAX_BYTES) throw new Error('all of them together are too large')
        replaceFile(path, text)
      })
      return changed.ok ? changed : fail(`The values of variables were not saved, because ${changed.error}.`)
    } catch (cause) {
      return fail(`The values of variables were not saved (${errorText(cause)}).`)
    }
  }

  const put = (jobId: string, entry: Stored['jobs'][string]): Result<void, string> =>
    change((jobs) => ({ ...jobs, [jobId]: entry }))

  function drop(jobId: string): Result<void, string> {
    try {
      if (read().jobs[jobId] === undefined) return ok(undefined)
    } catch (cause) {
      return fail(`Earlier values of variables were not removed (${errorText(cause)}).`)
    }
    return change((jobs) => Object.fromEntries(Object.entries(jobs).filter(([id]) => id !== jobId)))
  }

  async function load(jobId: string): Promise<Result<Values, string>> {
    const kept = ofSession.get(jobId)
    if (kept !== undefined) return ok(kept)
    try {
      const entry = read().jobs[jobId]
      if (entry === undefined)
        return fail('The values of its variables are missing. Edit the job and enter them again.')
      if ('values' in entry) return ok(entry.values)
      if (keyring === null)
        return fail(
          'The app keeps the values of its variables in the system keyring, so only the app can start this job.',
        )
      const decrypted = await keyring.decrypt(entry.encrypted)
      if (!decrypted.ok) return fail(`The values of its variables can’t be read, since ${decrypted.error}.`)
      const values = v.safeParse(jobVariablesSchema, parseJson(decrypted.value.text))
      return values.success ? ok(values.output) : fail('The values of its variables can’t be read.')
    } catch (cause) {
      return fail(`The values of its variables can’t be read (${errorText(cause)}).`)
    }
  }

  return {
    async save(jobId, values) {
      if (keyring === null) return put(jobId, { values: { ...values } })
      const encrypted = await keyring.encrypt(JSON.stringify(values))
      if (encrypted.ok) {
        const saved = put(jobId, { encrypted: encrypted.value })
        if (saved.ok) ofSession.delete(jobId)
        return saved
      }
      // Earlier values would be used after this session.
      const dropped = drop(jobId)
      if (dropped.ok) ofSession.set(jobId, values)
      return dropped
    },
    load,
    remove(jobId) {
      ofSession.delete(jobId)
      const removed = drop(jobId)
      if (!removed.ok) report('The values of the variables of a removed job stay', removed.error)
    },
  }
}
