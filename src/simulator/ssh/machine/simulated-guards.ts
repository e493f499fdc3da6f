import { GUARD_VERSION } from '../../../core/pod-guard/guard-script'
import { idleSinceMs } from '../../labs/lab-pod'
import type { World } from '../../world/world'

/** What one computer set in a guard, in simulated ms. */
interface SetByComputer {
  readonly name: string
  /** Null: it wants no guard. */
  readonly settings: string | null
  readonly deadlineAtMs: number | null
  readonly keptUntilMs: number
  readonly leaseUntilMs: number
}

/** A guard, in simulated ms. It belongs to one container of a pod. */
interface SimulatedGuard {
  readonly container: string
  readonly computers: Readonly<Record<string, SetByComputer>>
  readonly startedAtMs: number
  /** When a person last used the pod through a Podkeeper, which told it. */
  readonly usedAtMs: number
  readonly askedAtMs: number | null
  readonly stopping: 'idle' | 'deadline' | 'asked' | null
}

const WARNING_MS = 30 * 60_000
/** After input, for so long, a guard sees a person there. */
const INPUT_MS = 30 * 60_000
const READING_MS = 60_000

/**
 * The guards in the pods of a world: each stops its pod as of when that was due, as the real script does. See
 * docs/product-rules.md#141-guard-in-the-pod.
 */
export class SimulatedGuards {
  readonly #world: World
  readonly #guards = new Map<string, SimulatedGuard>()
  readonly #previous = new Map<string, SimulatedGuard>()

  constructor(world: World) {
    this.#world = world
    world.addRule((nowMs) => {
      for (const [podId, guard] of this.#guards) this.#enforce(podId, guard, nowMs)
    })
  }

  /** Returns what the script prints, for the container that runs now. */
  run(podId: string, container: string, operation: string, value: (name: string) => string): string {
    const nowMs = this.#world.nowMs()
    const known = this.#guards.get(podId)
    if (known !== undefined && known.container !== container) {
      this.#previous.set(podId, known)
      this.#guards.delete(podId)
    }
    const guard = this.#guards.get(podId)
    const computer = value('computer')
    const leaseMs = Number(value('lease') || '0') * 1_000
    const until = (seconds: string): number => nowMs + Number(seconds) * 1_000
    switch (operation) {
      case 'install_guard':
        this.#guards.set(podId, {
          container,
          computers: {
            ...(guard?.computers ?? afterRestart(this.#previous.get(podId))),
            [computer]: {
              name: value('name'),
              settings: value('settings'),
              deadlineAtMs: value('deadline') === '0' ? null : until(value('deadline')),
              keptUntilMs: until(value('keep')),
              leaseUntilMs: nowMs + leaseMs,
            },
          },
          startedAtMs: guard?.startedAtMs ?? nowMs,
          usedAtMs: guard?.usedAtMs ?? 0,
          askedAtMs: null,
          stopping: null,
        })
        break
      case 'read_guard':
        if (guard !== undefined) {
          const leased = leaseMs > 0 ? withSet(guard, computer, { leaseUntilMs: nowMs + leaseMs }) : guard
          const usedMs = value('used') === '' ? 0 : nowMs - Number(value('used')) * 1_000
          this.#guards.set(podId, { ...leased, usedAtMs: Math.max(guard.usedAtMs, usedMs) })
        }
        break
      case 'change_guard':
        if (guard !== undefined) this.#guards.set(podId, changed(guard, value, nowMs))
        break
      case 'remove_guard': {
        const left = guard === undefined ? null : without(guard, computer)
        if (left !== null && Object.values(left.computers).some(({ settings }) => settings !== null)) {
          this.#guards.set(podId, left)
          return 'kept\n'
        }
        this.#guards.delete(podId)
        this.#previous.delete(podId)
        return 'removed\n'
      }
      default:
        return 'failed This pod is simulated.\n'
    }
    return this.#report(podId, container, nowMs, computer)
  }

  #enforce(podId: string, guard: SimulatedGuard, nowMs: number): void {
    const record = this.#world.record(podId)
    const isSameRun = record !== null && guard.container === `${podId}/${record.previousContainers}`
    if (guard.stopping !== null || !isSameRun) return
    const due = this.#due(podId, guard, nowMs)
    if (due === null || due.atMs > nowMs) return
    if (this.#world.stopAt(podId, due.atMs)) this.#guards.set(podId, { ...guard, stopping: due.cause })
  }

  #idleFromMs(podId: string, guard: SimulatedGuard, nowMs: number): number | null {
    const record = this.#world.record(podId)
    const sinceMs = record === null ? null : idleSinceMs(record, this.#world.seed, nowMs)
    return sinceMs === null ? null : Math.max(sinceMs, guard.startedAtMs, guard.usedAtMs + INPUT_MS)
  }

  #due(
    podId: string,
    guard: SimulatedGuard,
    nowMs: number,
  ): { readonly atMs: number; readonly cause: 'idle' | 'deadline' | 'asked'; readonly by: string } | null {
    if (guard.askedAtMs !== null) return { atMs: guard.askedAtMs + READING_MS, cause: 'asked', by: '-' }
    const idleFromMs = this.#idleFromMs(podId, guard, nowMs)
    const heldMs = Math.max(guard.startedAtMs, keptUntilMs(guard))
    const plans = Object.entries(guard.computers).flatMap(([by, set]) => {
      if (consentOf(set) !== 'yes') return []
      const idleAtMs = idleFromMs === null ? Infinity : idleFromMs + idleLimitS(set) * 1_000
      const deadlineAtMs = set.deadlineAtMs ?? Infinity
      const cause = idleAtMs <= deadlineAtMs ? ('idle' as const) : ('deadline' as const)
      const freeMs = Math.max(heldMs, set.leaseUntilMs) + WARNING_MS
      return [{ atMs: Math.max(Math.min(idleAtMs, deadlineAtMs), freeMs), cause, by }]
    })
    const first = plans.sort((a, b) => a.atMs - b.atMs)[0]
    return first === undefined || first.atMs === Infinity ? null : first
  }

  #report(podId: string, container: string, nowMs: number, computer: string): string {
    const [guard, previous] = [this.#guards.get(podId), this.#previous.get(podId)]
    if (guard === undefined && previous === undefined) return 'absent\n'
    return [
      `now ${seconds(nowMs)} ${container}`,
      `alive ${guard === undefined ? 'no' : 'yes'}`,
      ...Object.entries(guard?.computers ?? {}).map(([id, set]) => {
        const [idleS, consent] =
          set.settings === null ? ['-', '-'] : [set.settings.split(' ')[0], consentOf(set)]
        const kept = set.keptUntilMs > nowMs ? seconds(set.keptUntilMs) : 0
        const deadline = set.deadlineAtMs === null ? 0 : seconds(set.deadlineAtMs)
        return `computer ${id} ${idleS} ${consent} no ${deadline} ${kept} ${seconds(set.leaseUntilMs)} ${set.name}`
      }),
      `file settings\n${(guard ?? previous)?.computers[computer]?.settings ?? ''}`,
      ...(previous === undefined ? [] : [`file previous\n${this.#status(podId, previous, nowMs)}`]),
      ...(guard === undefined ? [] : [`file status\n${this.#status(podId, guard, nowMs)}`]),
      'complete\n',
    ].join('\n')
  }

  #status(podId: string, guard: SimulatedGuard, nowMs: number): string {
    const idleFromMs = this.#idleFromMs(podId, guard, nowMs)
    const agreed = Object.values(guard.computers).filter((set) => consentOf(set) === 'yes')
    const idleS = Math.min(...(agreed.length > 0 ? agreed : Object.values(guard.computers)).map(idleLimitS))
    const deadlines = agreed.flatMap(({ deadlineAtMs }) => deadlineAtMs ?? [])
    const leases = agreed.map(({ leaseUntilMs }) => leaseUntilMs)
    const hold =
      agreed.length === 0
        ? 'report'
        : keptUntilMs(guard) > nowMs
          ? 'keep'
          : leases.every((leaseUntilMs) => leaseUntilMs > nowMs)
            ? 'lease'
            : '-'
    const due = this.#due(podId, guard, nowMs)
    const isNear = hold === '-' && due !== null && due.atMs - nowMs <= WARNING_MS
    return [
      `podkeeper-guard ${GUARD_VERSION}`,
      `run ${guard.container}`,
      `beat ${seconds(nowMs)}`,
      `idle ${idleFromMs === null ? 0 : seconds(Math.max(0, nowMs - idleFromMs))} ${Number.isFinite(idleS) ? idleS : 0}`,
      `seen ${idleFromMs === null ? 'busy a GPU' : 'rest -'}`,
      'figures - - - - -',
      'armed 1 200',
      `hold ${hold}`,
      `due ${due?.cause ?? '-'} ${due === null ? '-' : seconds(due.atMs - nowMs)} ${isNear ? seconds(due.atMs) : '-'}`,
      `by ${due?.by ?? '-'}`,
      'warned - -',
      `deadline ${deadlines.length === 0 ? 0 : seconds(Math.min(...deadlines))}`,
      `keep ${keptUntilMs(guard) > nowMs ? seconds(keptUntilMs(guard)) : 0}`,
      `lease ${seconds(Math.max(0, ...leases))}`,
      guard.stopping === null ? 'stopping - - 0' : `stopping ${guard.stopping} sent 1`,
      'skipped 0',
      'end',
    ].join('\n')
  }
}

const seconds = (ms: number): number => Math.floor(ms / 1_000)

const idleLimitS = ({ settings }: SetByComputer): number => Number(settings?.split(' ')[0] ?? '0') || Infinity

const consentOf = ({ settings }: SetByComputer): string => settings?.split(' ')[4] ?? 'no'

const keptUntilMs = ({ computers }: SimulatedGuard): number =>
  Math.max(0, ...Object.values(computers).map((set) => set.keptUntilMs))

const nothingSet: SetByComputer = {
  name: '',
  settings: null,
  deadlineAtMs: null,
  keptUntilMs: 0,
  leaseUntilMs: 0,
}

/** What computers set outlives the container, except deadlines and leases. */
const afterRestart = (previous: SimulatedGuard | undefined): SimulatedGuard['computers'] =>
  Object.fromEntries(
    Object.entries(previous?.computers ?? {}).map(([id, set]) => [
      id,
      { ...set, deadlineAtMs: null, leaseUntilMs: 0 },
    ]),
  )

function withSet(guard: SimulatedGuard, id: string, changes: Partial<SetByComputer>): SimulatedGuard {
  const set = { ...nothingSet, ...guard.computers[id], ...changes }
  return { ...guard, computers: { ...guard.computers, [id]: set } }
}

function without(guard: SimulatedGuard, id: string): SimulatedGuard {
  const { [id]: _, ...computers } = guard.computers
  return { ...guard, computers }
}

function changed(guard: SimulatedGuard, value: (name: string) => string, nowMs: number): SimulatedGuard {
  const [computer, name, forS] = [value('computer'), value('name'), Number(value('seconds'))]
  const untilMs = nowMs + forS * 1_000
  switch (value('change')) {
    case 'deadline':
      return withSet(guard, computer, { name, deadlineAtMs: forS === 0 ? null : untilMs })
    case 'keep':
      return withSet(guard, computer, { name, keptUntilMs: untilMs })
    case 'forget':
      return without(guard, value('whose'))
    case 'stop-now':
      return { ...guard, askedAtMs: nowMs }
    default:
      // Nothing is restarted in a simulated container, and its guard is armed.
      return guard
  }
}

const registry = new WeakMap<World, SimulatedGuards>()

/** Those of a world, which begin with the first that is asked for. */
export function guardsOf(world: World): SimulatedGuards {
  const known = registry.get(world)
  if (known !== undefined) return known
  const guards = new SimulatedGuards(world)
  registry.set(world, guards)
  return guards
}
