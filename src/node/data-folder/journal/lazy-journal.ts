import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { errorText } from '../../../core/base/text/error-text'
import { fail } from '../../../core/base/result'
import {
  type JournalFile,
  type OpenCreates,
  openCreates,
  type OpenJournalOf,
  type OpenOutbox,
  openOutbox,
  type OpenQueue,
  openQueue,
} from './journal'
import type { Recorded } from './journal-kinds'

/**
 * The journal of creates. The file is made by the first create, so a folder without any stays as it is; one that cannot
 * be opened keeps nothing else from acting. See docs/decisions/0026-creates-have-a-journal-of-their-own.md.
 */
export const openCreatesFile = (path: string, nowMs: () => number): OpenCreates =>
  openLazily(path, () => openCreates(path, nowMs()), 'creates', 'no pod can be created')

export const queuePath = (folder: string): string => join(folder, 'queue.jsonl')

/** The same of the queue of jobs. */
export const openQueueFile = (path: string, nowMs: () => number): OpenQueue =>
  openLazily(path, () => openQueue(path, nowMs()), 'jobs', 'the queue can’t be used')

/** The same of the messages to channels, in `outbox.jsonl`. */
export const openOutboxFile = (path: string, nowMs: () => number): OpenOutbox =>
  openLazily(path, () => openOutbox(path, nowMs()), 'messages', 'messages to channels are not kept')

function openLazily<T extends Recorded>(
  path: string,
  openFile: () => JournalFile<T>,
  of: string,
  consequence: string,
): OpenJournalOf<T> {
  let file: JournalFile<T> | null = null
  let problem: string | null = null

  function open(): JournalFile<T> | null {
    try {
      file ??= openFile()
      problem = null
    } catch (cause) {
      problem = `The journal of ${of} cannot be opened (${errorText(cause)}), so ${consequence}.`
    }
    return file
  }

  if (existsSync(path)) open()
  return {
    record: (recorded) =>
      open()?.record(recorded) ?? fail(problem ?? `the journal of ${of} cannot be opened`),
    latest: () => file?.latest() ?? [],
    get problems() {
      return problem === null ? (file?.problems ?? []) : [problem]
    },
    close: () => file?.close(),
  }
}
