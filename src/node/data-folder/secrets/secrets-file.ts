import { basename, dirname } from 'node:path'
import * as v from 'valibot'
import { errorText } from '../../../core/base/text/error-text'
import { isObject, parseJson } from '../../../core/base/parse-json'
import { fail, ok, type Result } from '../../../core/base/result'
import { fileTakenText } from '../files/file-lock'
import { formatProblem } from '../format/folder-format'
import { changedTo, openSharedFile } from '../shared-file'

/** Encrypts with the system's keyring; errors follow "since". Null: this program has none. */
export interface SecretKeyring {
  encrypt(text: string): Promise<Result<string, string>>
  decrypt(base64: string): Promise<Result<{ readonly text: string }, string>>
}

export type SecretValues = Readonly<Record<string, string>>

/** Secret values by id. Errors are sentences. */
export interface Secrets {
  save(id: string, values: SecretValues): Promise<Result<void, string>>
  load(id: string): Promise<Result<SecretValues, string>>
  /** Never fails: values that stay belong to something that is gone. */
  remove(id: string): void
}

export interface SecretsKind {
  /** The field of the file that holds them. */
  readonly field: string
  readonly id: v.GenericSchema<string, string>
  readonly values: v.GenericSchema<unknown, Record<string, string>>
  readonly text: {
    /** The first three are followed by a reason. */
    readonly notSaved: string
    readonly notRemoved: string
    readonly unreadable: string
    readonly missing: string
    readonly onlyApp: string
    readonly stays: string
  }
}

type SecretEntry = { readonly encrypted: string } | { readonly values: SecretValues }
type SecretEntries = Readonly<Record<string, SecretEntry>>

const MAX_BYTES = 64 * 1_024 * 1_024

/**
 * Secret values in a file (mode 0600). The app encrypts them with the system's keyring; where that takes none, they are
 * kept for the session only. The command line has no keyring and stores them like its keys, readable for this user
 * only. Each program uses what it can read.
 */
export function openSecrets(
  path: string,
  kind: SecretsKind,
  keyring: SecretKeyring | null,
  report: (what: string, cause: unknown) => void,
): Secrets {
  const { field, text } = kind
  const entriesSchema = v.record(
    kind.id,
    v.union([v.object({ encrypted: v.string() }), v.object({ values: kind.values })]),
  )
  const file = openSharedFile<SecretEntries>({
    folder: dirname(path),
    name: basename(path),
    maxBytes: MAX_BYTES,
    empty: {},
    schema: v.pipe(
      v.unknown(),
      v.transform((json) => (isObject(json) && json['version'] === 1 ? json[field] : undefined)),
      entriesSchema,
    ),
    serialize: (entries) => JSON.stringify({ version: 1, [field]: entries }),
    // Whether a folder is migrated is asked by the list that the values belong to.
    folderProblem: formatProblem,
    texts: {
      notRead: text.unreadable,
      notSaved: text.notSaved,
      isTaken: `${text.notSaved}: ${fileTakenText}.`,
      tooLarge: `${text.notSaved}: all of them together are too large.`,
    },
  })
  const damaged = `${path} can’t be read by this version`
  /** Values that the keyring did not take. */
  const ofSession = new Map<string, SecretValues>()

  function read(): SecretEntries {
    const { value, isDamaged } = file.read()
    if (isDamaged) throw new Error(damaged)
    return value
  }

  /** A file that can't be read stays as it is: a keyring may still open what it holds. */
  const change = (edit: (entries: SecretEntries) => SecretEntries): Result<void, string> =>
    file.change((entries, isDamaged) =>
      isDamaged ? fail(`${text.notSaved}: ${damaged}.`) : changedTo(edit(entries)),
    )

  const put = (id: string, entry: SecretEntry): Result<void, string> =>
    change((entries) => ({ ...entries, [id]: entry }))

  function drop(id: string): Result<void, string> {
    try {
      if (read()[id] === undefined) return ok(undefined)
    } catch (cause) {
      return fail(`${text.notRemoved} (${errorText(cause)}).`)
    }
    return change((entries) => Object.fromEntries(Object.entries(entries).filter(([other]) => other !== id)))
  }

  async function load(id: string): Promise<Result<SecretValues, string>> {
    const kept = ofSession.get(id)
    if (kept !== undefined) return ok(kept)
    try {
      const entry = read()[id]
      if (entry === undefined) return fail(text.missing)
      if ('values' in entry) return ok(entry.values)
      if (keyring === null) return fail(text.onlyApp)
      const decrypted = await keyring.decrypt(entry.encrypted)
      if (!decrypted.ok) return fail(`${text.unreadable}, since ${decrypted.error}.`)
      const values = v.safeParse(kind.values, parseJson(decrypted.value.text))
      return values.success ? ok(values.output) : fail(`${text.unreadable}.`)
    } catch (cause) {
      return fail(`${text.unreadable} (${errorText(cause)}).`)
    }
  }

  return {
    async save(id, values) {
      if (keyring === null) return put(id, { values: { ...values } })
      const encrypted = await keyring.encrypt(JSON.stringify(values))
      if (encrypted.ok) {
        const saved = put(id, { encrypted: encrypted.value })
        if (saved.ok) ofSession.delete(id)
        return saved
      }
      // Earlier values would be used after this session.
      const dropped = drop(id)
      if (dropped.ok) ofSession.set(id, values)
      return dropped
    },
    load,
    remove(id) {
      ofSession.delete(id)
      const removed = drop(id)
      if (!removed.ok) report(text.stays, removed.error)
    },
  }
}
