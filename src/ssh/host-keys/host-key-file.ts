import { readFileSync, renameSync } from 'node:fs'
import { replaceFile } from '../../node/data-folder/replace-file'
import {
  findPin,
  type HostKeyPin,
  parsePins,
  type PinScope,
  pinsToText,
  seenAgain,
  withoutPin,
  withPin,
} from './host-key-pins'
import { isSameKey } from '../keys/public-key'

export interface HostKeyFileOptions {
  readonly path: string
  readonly nowMs: () => number
  /** A sentence for people: what became of the file. */
  readonly onProblem: (words: string) => void
}

/** The keys by which servers are known, in a file of our own; read when first needed, written with every change. */
export class HostKeyFile {
  readonly #options: HostKeyFileOptions
  #pins: readonly HostKeyPin[] | null = null
  /** False: what lies there could not be read, so it is not overwritten either. */
  #mayWrite = true

  constructor(options: HostKeyFileOptions) {
    this.#options = options
  }

  find(scope: PinScope): HostKeyPin | null {
    return findPin(this.#all(), scope)
  }

  pin(pin: HostKeyPin): void {
    this.#change(withPin(this.#all(), pin))
  }

  /** A known key was seen again, the pod having started then. What was forgotten meanwhile stays forgotten. */
  see({ scope, key }: HostKeyPin, startedAtMs: number | null): void {
    const pin = this.find(scope)
    if (pin === null || !isSameKey(pin.key.blob, key.blob)) return
    const seen = seenAgain(pin, startedAtMs)
    if (seen !== pin) this.pin(seen)
  }

  forget(scope: PinScope): void {
    this.#change(withoutPin(this.#all(), scope))
  }

  #all(): readonly HostKeyPin[] {
    this.#pins ??= this.#read()
    return this.#pins
  }

  #read(): readonly HostKeyPin[] {
    const { path, nowMs, onProblem } = this.#options
    let text: string
    try {
      text = readFileSync(path, 'utf8')
    } catch (cause) {
      if (isAbsent(cause)) return []
      this.#mayWrite = false
      onProblem(
        `The known host keys (${path}) cannot be read. Servers are asked about again, until they can be.`,
      )
      return []
    }
    const pins = parsePins(text)
    if (pins !== null) return pins
    const aside = `${path}.damaged-${nowMs()}`
    try {
      renameSync(path, aside)
      onProblem(
        `The known host keys were damaged and are set aside as ${aside}. Servers are asked about again.`,
      )
    } catch {
      this.#mayWrite = false
      onProblem(`The known host keys (${path}) are damaged, and could not be set aside.`)
    }
    return []
  }

  /** Holds for this run also when the disk does not take it. */
  #change(pins: readonly HostKeyPin[]): void {
    this.#pins = pins
    if (!this.#mayWrite) return
    try {
      replaceFile(this.#options.path, pinsToText(pins))
    } catch {
      this.#options.onProblem(
        `The known host keys (${this.#options.path}) could not be written: they hold until Podkeeper ends.`,
      )
    }
  }
}

const isAbsent = (cause: unknown): boolean =>
  cause instanceof Error && 'code' in cause && cause.code === 'ENOENT'
