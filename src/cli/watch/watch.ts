import type { Monitor } from '../../core/monitor/monitor-types'
import type { Clock } from '../../core/base/time/clock'
import type { Snapshot } from '../../core/view/snapshot'
import type { Alert } from '../../core/alerts/alert'
import { WATCHDOG_INTERVAL_MS } from '../../core/polling/poll-loop'
import { createNetworkWatch } from '../../node/network-watch'
import { createTimeZoneWatch } from '../../node/time-zone-watch'
import { exitCodes } from '../output/exit'
import type { NamedAccount } from '../output/json'
import { alertEvent, createChangeDetector, eventJson, eventText, type WatchEvent } from './changes'
import type { CliProcess } from '../output/cli-process'
import { renderFrame } from './frame'
import type { WatchScreen } from './screen'
import { CTRL_C, CTRL_Z, onKey, type Keyboard, type OnSignal } from '../output/terminal'
import { plainText } from '../../core/base/text/plain-text'

/** How a watch is displayed: full-screen or as lines. */
export type WatchOutput =
  | {
      readonly kind: 'screen'
      readonly screen: WatchScreen
      readonly keyboard: Keyboard | null
    }
  | { readonly kind: 'lines'; readonly format: 'text' | 'json'; readonly write: (line: string) => void }

/** What a watch uses of its process. */
export interface WatchProcess extends Pick<CliProcess, 'events' | 'suspend'> {
  readonly stderr: { write(text: string): unknown }
  readonly onSignal: OnSignal
}

/** An account that is shown. */
export interface ShownAccount extends NamedAccount {
  readonly monitor: Monitor
}

export interface WatchOptions {
  readonly watchOutput: WatchOutput
  readonly process: WatchProcess
  readonly clock: Clock
  /** Why this process is read-only, or null. */
  readonly roleNote: () => string | null
  /** Called every 20 s. */
  readonly onCheck?: () => void
  /** Ends the watch, like a signal. */
  readonly ending?: AbortSignal
  /** What this computer is called. */
  readonly computer: () => string
  /** Texts name the account that they are about. */
  readonly hasSeveral: boolean
}

export interface Watch {
  /** Something happened, to this account or outside of all. */
  report(event: WatchEvent, account?: NamedAccount): void
  /** Null: it is about all accounts. */
  alert(alert: Alert, account: NamedAccount | null): void
  /** Starts the account's monitor and shows it. */
  add(account: ShownAccount): void
  /** Shows the accounts until the user ends it; resolves with the exit code. */
  run(shown: ShownWatchAccounts): Promise<number>
  /** Ends the watch with this exit code, also one that didn't run yet. */
  readonly end: (exitCode: number) => void
}

export interface ShownWatchAccounts {
  readonly snapshot: () => Snapshot
  /** Called once all is ready to show. */
  readonly start: () => void
}

const TICK_MS = 1_000
const MAX_RECENT_EVENTS = 20

export function createWatch(options: WatchOptions): Watch {
  const { watchOutput, clock, roleNote, computer, hasSeveral, ending } = options
  const { suspend: suspendProcess, onSignal } = options.process
  const recentEvents: string[] = []
  const shown: ShownAccount[] = []
  let render = (): void => {}
  let endedWith: number | null = null
  let endRun = (exitCode: number): void => void (endedWith = exitCode)

  function report(event: WatchEvent, account?: NamedAccount): void {
    // An alert already begins with the account's name.
    const isNamed = hasSeveral && account !== undefined && event.event !== 'alert'
    const { text } = event
    write({
      ...event,
      text: isNamed ? `${account.name}: ${text}` : text,
      fields: account === undefined ? event.fields : { ...event.fields, ...accountFields(account) },
    })
  }

  function write(event: WatchEvent): void {
    const atMs = clock.now().wallMs
    if (watchOutput.kind === 'lines') {
      // Where nothing takes an alert, a service manager may still show this.
      if (isObstacle(event)) options.process.stderr.write(`${plainText(eventText(event, atMs))}\n`)
      watchOutput.write(
        watchOutput.format === 'json'
          ? eventJson(event, atMs, computer())
          : plainText(eventText(event, atMs)),
      )
      return
    }
    recentEvents.push(eventText(event, atMs))
    recentEvents.splice(0, recentEvents.length - MAX_RECENT_EVENTS)
    render()
  }

  function add(account: ShownAccount): void {
    const detectChanges = createChangeDetector()
    shown.push(account)
    account.monitor.subscribe((snapshot) => {
      const events = detectChanges(snapshot)
      // Whatever the table shows from the start is not an event.
      const isFirstList = watchOutput.kind === 'screen' && events.some(({ event }) => event === 'account')
      for (const event of events)
        if (
          !isFirstList ||
          event.event === 'notice' ||
          event.event === 'obstacle' ||
          event.event === 'connection'
        )
          report(event, account)
      render()
    })
    account.monitor.start()
  }

  function run(accounts: ShownWatchAccounts): Promise<number> {
    // It may be ended while its folder and accounts are still being opened.
    if (endedWith !== null) return Promise.resolve(endedWith)
    if (ending?.aborted === true) return Promise.resolve(exitCodes.ok)
    return new Promise((resolve) => {
      const cleanups: (() => void)[] = []
      const end = (exitCode: number): void => {
        for (const each of cleanups.splice(0).reverse()) each()
        resolve(exitCode)
      }
      endRun = end
      cleanups.push(onSignal(end))
      ending?.addEventListener('abort', () => end(exitCodes.ok), { once: true })
      if (watchOutput.kind === 'screen')
        cleanups.push(attachScreen(watchOutput.screen, watchOutput.keyboard, accounts.snapshot, end))
      const timeZone = createTimeZoneWatch(() => render())
      const network = createNetworkWatch(() => {
        for (const { monitor } of shown) monitor.wake()
      })
      // Restarts polling if it got stuck.
      const watchdogTimer = setInterval(() => {
        for (const { monitor } of shown) monitor.checkWatchdog()
        options.onCheck?.()
        network.check()
        timeZone.check()
      }, WATCHDOG_INTERVAL_MS)
      cleanups.push(() => clearInterval(watchdogTimer))
      accounts.start()
    })
  }

  function attachScreen(
    screen: WatchScreen,
    keyboard: Keyboard | null,
    snapshot: () => Snapshot,
    end: (exitCode: number) => void,
  ): () => void {
    render = (): void => {
      const { columns, rows } = screen
      screen.draw(
        renderFrame({
          snapshot: snapshot(),
          recentEvents,
          roleNote: roleNote(),
          columns,
          rows,
        }),
      )
    }
    const onKeyPress = (key: string): void => {
      if (key === 'q') end(exitCodes.ok)
      else if (key === CTRL_C) end(exitCodes.interrupted)
      else if (key === CTRL_Z) suspend()
    }
    let stopKeys = keyboard === null ? () => {} : onKey(keyboard, onKeyPress)
    /** Like ^Z in a shell: the shell owns the terminal until `fg`. */
    function suspend(): void {
      stopKeys()
      screen.leave()
      options.process.events.once('SIGCONT', () => {
        stopKeys = keyboard === null ? () => {} : onKey(keyboard, onKeyPress)
        screen.enter()
        render()
      })
      suspendProcess()
    }
    screen.enter()
    render()
    const tickTimer = setInterval(render, TICK_MS)
    options.process.events.on('SIGWINCH', render)
    return () => {
      clearInterval(tickTimer)
      options.process.events.off('SIGWINCH', render)
      stopKeys()
      screen.leave()
      render = (): void => {}
    }
  }

  return {
    report,
    alert: (alert, account) => report(alertEvent(alert), account ?? undefined),
    add,
    run,
    end: (exitCode) => endRun(exitCode),
  }
}

const isObstacle = ({ event, fields }: WatchEvent): boolean =>
  event === 'obstacle' || (event === 'role' && fields['role'] === 'reading')

const accountFields = ({ id, name }: NamedAccount) => ({ account: id, accountName: name })
