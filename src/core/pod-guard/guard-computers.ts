import { computerName } from '../base/text/computer-name'

/*
 * What each computer set for the guard in a pod, as the pod's files say it. They are hostile. See
 * docs/product-rules.md#141-guard-in-the-pod.
 */

/** A data folder of Podkeeper as the guards in pods know it. */
export interface Computer {
  /** 16 hexadecimal digits, which never change. */
  readonly id: string
  /** As a person calls it; see `computerName`. */
  readonly name: string
}

/** What one computer set. Times are seconds since the machine started. */
export interface GuardComputer extends Computer {
  /** Null: it wants no guard. */
  readonly idleLimitS: number | null
  readonly mayStop: boolean
  /** It wants the image to start the guard. */
  readonly isPostStarted: boolean
  readonly deadlineS: number | null
  readonly keptUntilS: number | null
  readonly leaseUntilS: number | null
  /** Something of it can't be read, so the guard stops nothing. */
  readonly isUnreadable: boolean
}

/** Whose the hold is that was asked for in the pod itself (`podkeeper-keep`). */
export const IN_THE_POD = 'pod'

/** More are not read; the guard then stops nothing. */
const MAX_COMPUTERS = 32

export const isComputerId = (text: string): boolean => /^[0-9a-z]{1,16}$/.test(text)

const LINE =
  /^computer ([0-9a-z]{1,16}) (-|\?|\d{1,9}) (-|\?|yes|no) (yes|no) (\?|\d{1,12}) (\?|\d{1,12}) (\?|\d{1,12}) (.{0,200})$/

/** Those that set anything. A line that is not exactly as expected, and a second one of a computer, are left out. */
export function parseComputers(lines: readonly string[]): readonly GuardComputer[] {
  const found = new Map<string, GuardComputer>()
  for (const line of lines) {
    const [, id, idle = '', consent, postStart, deadline = '', keep = '', lease = '', name = ''] =
      LINE.exec(line) ?? []
    if (id === undefined || found.has(id) || found.size === MAX_COMPUTERS) continue
    const isUnreadable = [idle, consent, deadline, keep, lease].includes('?')
    const [deadlineS, keptUntilS, leaseUntilS] = [deadline, keep, lease].map((time) => Number(time) || null)
    const idleLimitS = idle === '-' ? null : Number(idle) || 0
    const computer: GuardComputer = {
      id,
      name: nameOf(id, name),
      idleLimitS,
      mayStop: consent === 'yes',
      isPostStarted: postStart === 'yes',
      deadlineS: deadlineS ?? null,
      keptUntilS: keptUntilS ?? null,
      leaseUntilS: leaseUntilS ?? null,
      isUnreadable,
    }
    const isEmpty =
      idleLimitS === null && (deadlineS ?? keptUntilS ?? leaseUntilS ?? null) === null && !isUnreadable
    if (!isEmpty) found.set(id, computer)
  }
  return [...found.values()]
}

function nameOf(id: string, name: string): string {
  if (id === IN_THE_POD) return 'the pod itself'
  return computerName(name) || `computer ${id.slice(0, 4)}`
}
