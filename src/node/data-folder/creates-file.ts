import { existsSync } from 'node:fs'
import { errorText } from '../../core/base/error-text'
import { fail } from '../../core/base/result'
import { type JournalFile, type OpenCreates, openCreates } from './journal'
import type { CreateIntent } from '../../core/creation/create-intent'

/**
 * The journal of creates. The file is made by the first create, so a folder without any stays as it is; one that cannot
 * be opened keeps nothing else from acting. See docs/decisions/0026-creates-have-a-journal-of-their-own.md.
 */
export function openCreatesFile(path: string, nowMs: () => number): OpenCreates {
  let file: JournalFile<CreateIntent> | null = null
  let problem: string | null = null

  function open(): JournalFile<CreateIntent> | null {
    try {
      file ??= openCreates(path, nowMs())
      problem = null
    } catch (cause) {
      problem = `The journal of creates cannot be opened (${errorText(cause)}), so no pod can be created.`
    }
    return file
  }

  if (existsSync(path)) open()
  return {
    record: (create) => open()?.record(create) ?? fail(problem ?? 'the journal of creates cannot be opened'),
    latest: () => file?.latest() ?? [],
    get problems() {
      return problem === null ? (file?.problems ?? []) : [problem]
    },
    close: () => file?.close(),
  }
}
