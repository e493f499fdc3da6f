import { fail, ok, type Result } from '../base/result'
import { scriptStart, reading as processes } from '../queue/host/job-script-text'
import { byteLength } from '../base/text/byte-length'
import { chunksOf, escapeText } from '../queue/host/shell-escape'
import type { Computer } from './guard-computers'
import operations from './guard-operations.sh?raw'
import { GUARD_VERSION } from './guard-script'

/*
 * The scripts that do on a pod what `PodGuardHost` says, for POSIX `sh`. They are sent over standard input. Values are
 * lines `put NAME 'ESCAPED'`, and the last line names the operation, so that a simulated pod needs no shell.
 */

/** For how long a Podkeeper that looked after a pod decides instead of its guard. */
export const LEASE_S = 15 * 60

/** Where a guard is, and who asks for it. */
export interface GuardPlace {
  /** See `jobsRootOf`. */
  readonly root: string
  readonly podId: string
  readonly computer: Computer
  /** For tests: see `imageHooks`. */
  readonly hooks?: ImageHooks
}

/** The script that an image runs at each start of the container, once everything else was started, and what runs it. */
export interface ImageHooks {
  readonly postStart: string
  readonly starter: string
}

/** Of Runpod's own images, and of those that are made from them. */
const imageHooks: ImageHooks = { postStart: '/post_start.sh', starter: '/start.sh' }

export interface GuardInstallation {
  /** See `guardScript`. */
  readonly guard: string
  /** The line of its settings; see `settingsLine`. */
  readonly settings: string
  /** Seconds from now; 0: none. */
  readonly deadlineS: number
  /** For how many seconds the pod is to be kept running; 0: not at all. */
  readonly keepS: number
  /** Starts it anew even if it runs. */
  readonly isFresh: boolean
  readonly takesLease: boolean
}

/** Writes the guard, starts it, and prints what `parseGuardReport` reads. */
export function installScript(place: GuardPlace, plan: GuardInstallation): Result<string, string> {
  const guard = plan.guard.endsWith('\n') ? plan.guard : `${plan.guard}\n`
  const values = {
    guard,
    bytes: String(byteLength(guard)),
    settings: plan.settings,
    deadline: String(plan.deadlineS),
    keep: String(plan.keepS),
    fresh: plan.isFresh ? 'yes' : '',
    lease: String(plan.takesLease ? LEASE_S : 0),
  }
  return script(place, values, 'install_guard')
}

/** Prints what `parseGuardReport` reads. `usedAgoS`: see `PodGuardHost`. */
export function readGuardScript(
  place: GuardPlace,
  takesLease: boolean,
  usedAgoS: number | null = null,
): Result<string, string> {
  const lease = String(takesLease ? LEASE_S : 0)
  const used = usedAgoS === null ? '' : String(Math.round(usedAgoS))
  return script(place, { lease, used }, 'read_guard')
}

/**
 * `stop-now`: the guard stops the pod, if it may, within so many seconds. `post-start`: the image starts it, or, with 0,
 * does not, unless another computer wants it. `check`: the guard reads its pod again at its next reading; `seconds` mean
 * nothing.
 */
export type GuardChange = 'deadline' | 'keep' | 'stop-now' | 'post-start' | 'check'

/** Rewrites one file of this computer, `seconds` from now (0: none), and prints what `parseGuardReport` reads. */
export const changeScript = (
  place: GuardPlace,
  change: GuardChange,
  seconds: number,
): Result<string, string> => script(place, { change, seconds: String(seconds) }, 'change_guard')

/** Removes all that another computer set (`IN_THE_POD`: what was asked for there). Prints the same. */
export const forgetScript = (place: GuardPlace, whose: string): Result<string, string> =>
  script(place, { change: 'forget', whose }, 'change_guard')

/** Removes what this computer set, and all of the guard where no other one wants it. */
export const removeScript = (place: GuardPlace): Result<string, string> => script(place, {}, 'remove_guard')

export const isGuardedPodId = (podId: string): boolean => /^[A-Za-z0-9_-]{1,64}$/.test(podId)

function script(
  { root, podId, computer, hooks = imageHooks }: GuardPlace,
  values: Readonly<Record<string, string>>,
  operation: string,
): Result<string, string> {
  if (!isGuardedPodId(podId)) return fail('The pod has an id that can’t name a folder.')
  if (!root.startsWith('/') || root.length > 4_096 || /[\p{Cc}\p{Cs}]/u.test(root))
    return fail("The path of the pod's volume is invalid.")
  const places = {
    root,
    pod: podId,
    version: String(GUARD_VERSION),
    computer: computer.id,
    name: computer.name,
    post_start: hooks.postStart,
    starter: hooks.starter,
  }
  const lines = Object.entries({ ...places, ...values }).flatMap(([name, value]) => [
    `unset ${name}`,
    ...chunksOf(escapeText(value)).map((chunk) => `put ${name} '${chunk}'`),
    // An empty value has no chunk.
    ...(value === '' ? [`${name}=`] : []),
  ])
  return ok(`${scriptStart}${processes}${operations}${lines.join('\n')}\n${operation}`)
}
