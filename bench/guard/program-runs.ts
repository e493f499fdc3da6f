import { SECOND_MS } from '../../src/core/base/time/time'
import type { Oracle } from './oracle'
import { type Program, type ProgramAccount, type ProgramOptions, startProgram } from './program'
import type { RunClock, SettableClock } from './virtual-clock'

/** The runs of the program on one data folder: one that is active, and sometimes another one that waits for its end. */
export interface ProgramRuns {
  /** Null while none runs. */
  active(): Program | null
  alive(): readonly Program[]
  /** Starts a program on the same data folder, which waits. */
  startWaiting(): void
  /** Ends the active program in favor of the one that waits, if there is one. */
  handOver(): void
  /** Crashes the active program at the `afterCalls`th call from now on; another one starts `downMs` later. */
  scheduleCrash(afterCalls: number, isBefore: boolean, downMs: number): void
}

export interface ProgramRunsOptions extends Omit<
  ProgramOptions,
  'runClock' | 'isActive' | 'accounts' | 'onCrash'
> {
  readonly clock: SettableClock
  /** Those of all accounts. */
  readonly oracles: readonly Pick<
    Oracle,
    'onRestart' | 'onHandOver' | 'onCrash' | 'onWaitingStart' | 'onEnding'
  >[]
  readonly log: (podId: string | null, text: string) => void
  /** Makes what each run has anew. `isActive`: whether that run alerts and acts. */
  readonly makeAccounts: (runClock: RunClock, isActive: () => boolean) => readonly ProgramAccount[]
}

/** How long an orderly end takes, until the data folder is free. */
const END_MS = SECOND_MS

export function createProgramRuns(options: ProgramRunsOptions): ProgramRuns {
  const { clock, log } = options
  const tell = (event: (oracle: (typeof options.oracles)[number]) => void): void =>
    options.oracles.forEach(event)
  let active: Program | null = null
  let waiting: Program | null = null
  let downMs = 0

  function start(isActive: boolean): Program {
    const runClock = clock.beginRun()
    const accounts = options.makeAccounts(runClock, () => program.isActive())
    const program = startProgram({
      ...options,
      accounts,
      runClock,
      isActive,
      onCrash(isDuringAlerts) {
        log(null, 'the program is killed')
        tell((oracle) => oracle.onCrash(isDuringAlerts))
        for (const { provider } of accounts) provider.abortReads()
        active = null
        if (waiting === null) clock.at(clock.trueMs() + downMs, startActive)
        else takeOver(waiting)
      },
    })
    return program
  }

  function startActive(): void {
    tell((oracle) => oracle.onRestart())
    log(null, 'the program starts')
    active = start(true)
  }

  function takeOver(successor: Program): void {
    tell((oracle) => oracle.onHandOver())
    log(null, 'the other program takes over')
    waiting = null
    active = successor
    successor.takeOver()
  }

  startActive()
  return {
    active: () => active,
    alive: () => [active, waiting].filter((program) => program !== null),
    startWaiting() {
      if (waiting !== null || active === null) return
      log(null, 'another program starts on the same data folder')
      tell((oracle) => oracle.onWaitingStart())
      waiting = start(false)
    },
    handOver() {
      if (waiting === null || active === null || active.isCrashScheduled()) return
      log(null, 'the active program ends')
      const [ending, successor] = [active, waiting]
      active = null
      tell((oracle) => oracle.onEnding())
      void ending.end()
      clock.at(clock.trueMs() + END_MS, () => {
        if (waiting === successor) takeOver(successor)
      })
    },
    scheduleCrash(afterCalls, isBefore, forMs) {
      downMs = forMs
      active?.scheduleCrash(afterCalls, isBefore)
    },
  }
}
