import { renameSync } from 'node:fs'
import { dirname } from 'node:path'
import { writeProblem } from '../../node/data-folder/format/folder-format'
import { readDataFile } from '../../node/data-folder/files/read-data-file'
import { replaceFile } from '../../node/data-folder/files/replace-file'
import {
  findPin,
  type HostKeyPin,
  parsePins,
  pinsOfOthers,
  type PinScope,
  serializePins,
  withoutPin,
  withPin,
  withStartTime,
} from './host-key-pins'
import { isSameKey } from '../keys/public-key'

export interface HostKeyFileOptions {
  readonly path: string
  readonly nowMs: () => number
  /** Another program owns the file: nothing is written. */
  readonly isReadOnly?: boolean
  /** Receives a user-facing sentence about what happened to the file. */
  readonly onProblem: (text: string) => void
}

/** Well above what the most pins take. */
const MAX_BYTES = 64 * 1_024 * 1_024

/** Pinned host keys in Podkeeper's own file. It is read on first use and written on every change. */
export class HostKeyFile {
  readonly #options: HostKeyFileOptions
  #pins: readonly HostKeyPin[] | null = null
  /** The file holds something that could not be read, so it is not replaced. */
  #isUnread = false

  constructor(options: HostKeyFileOptions) {
    this.#options = options
  }

  /** Checked at each write, because another program may bring the folder to a newer format meanwhile. */
  #mayWrite(): boolean {
    const { path, isReadOnly = false } = this.#options
    return !isReadOnly && !this.#isUnread && writeProblem(dirname(path)) === null
  }

  find(scope: PinScope): HostKeyPin | null {
    return findPin(this.#load(), scope)
  }

  /** See `pinsOfOthers`. */
  findOfOthers(scope: PinScope): readonly HostKeyPin[] {
    return pinsOfOthers(this.#load(), scope)
  }

  pin(pin: HostKeyPin): void {
    this.#save(withPin(this.#load(), pin))
  }

  /**
   * Records that a known key was seen again with the pod's current start time. A key that was forgotten in
   * the meantime stays forgotten.
   */
  recordSeen({ scope, key }: HostKeyPin, startedAtMs: number | null): void {
    const pin = this.find(scope)
    if (pin === null || !isSameKey(pin.key.blob, key.blob)) return
    const updated = withStartTime(pin, startedAtMs)
    if (updated !== pin) this.pin(updated)
  }

  forget(scope: PinScope): void {
    this.#save(withoutPin(this.#load(), scope))
  }

  #load(): readonly HostKeyPin[] {
    this.#pins ??= this.#read()
    return this.#pins
  }

  #read(): readonly HostKeyPin[] {
    const { path, nowMs, onProblem } = this.#options
    let text: string | null
    try {
      text = readDataFile(path, MAX_BYTES)
    } catch {
      this.#isUnread = true
      onProblem(
        `The saved host keys (${path}) cannot be read. Until they can, Podkeeper asks about servers again.`,
      )
      return []
    }
    const pins = text === null ? [] : parsePins(text)
    if (pins !== null) return pins
    if (!this.#mayWrite()) {
      onProblem(`The saved host keys (${path}) are damaged. None of them is used.`)
      return []
    }
    const backupPath = `${path}.damaged-${nowMs()}`
    try {
      renameSync(path, backupPath)
      onProblem(
        `The saved host keys were damaged and have been moved to ${backupPath}. Podkeeper asks about servers again.`,
      )
    } catch {
      this.#isUnread = true
      onProblem(`The saved host keys (${path}) are damaged and could not be moved.`)
    }
    return []
  }

  /** The pin stays valid for this run even if it cannot be saved. */
  #save(pins: readonly HostKeyPin[]): void {
    this.#pins = pins
    if (!this.#mayWrite()) return
    try {
      replaceFile(this.#options.path, serializePins(pins))
    } catch {
      this.#options.onProblem(
        `The saved host keys (${this.#options.path}) could not be written. They are valid until Podkeeper quits.`,
      )
    }
  }
}
