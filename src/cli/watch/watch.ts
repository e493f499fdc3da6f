import type { Monitor } from '../../core/monitor-types'
import type { Clock } from '../../core/base/clock'
import type { Alert } from '../../core/alerts/alert'
import { WATCHDOG_INTERVAL_MS } from '../../core/polling/poll-loop'
import { exitCodes } from '../output/exit'
import { alertEvent, createChangeDetector, eventJson, eventText, type WatchEvent } from './changes'
import { renderFrame } from './frame'
import type { WatchScreen } from './screen'
import { CTRL_C, CTRL_Z, onKey, onSignals } from '../output/terminal'
import { plainText } from '../../core/base/plain-text'

/** How a watch is displayed: full-screen or as lines. */
export type WatchOutput =
  | {
      readonly kind: 'screen'
      readonly screen: WatchScreen
      readonly keyboard: import('node:tty').ReadStream | null
    }
  | { readonly kind: 'lines'; readonly format: 'text' | 'json'; readonly write: (line: string) => void }

export interface Watch {
  /** Something happened outside of the monitor. */
  report(event: WatchEvent): void
  alert(alert: Alert): void
  /** Shows the monitor's account until the user ends it; resolves with the exit code. */
  run(monitor: Monitor): Promise<number>
}

const TICK_MS = 1_000
const MAX_RECENT_EVENTS = 20

/** `roleNote` says why this process is read-only, or null. */
export function createWatch(watchOutput: WatchOutput, clock: Clock, roleNote: () => string | null): Watch {
  const recentEvents: string[] = []
  const detectChanges = createChangeDetector()
  let render = (): void => {}

  function report(event: WatchEvent): void {
    const atMs = clock.now().wallMs
    if (watchOutput.kind === 'lines') {
      watchOutput.write(
        watchOutput.format === 'json' ? eventJson(event, atMs) : plainText(eventText(event, atMs)),
      )
      return
    }
    recentEvents.push(eventText(event, atMs))
    recentEvents.splice(0, recentEvents.length - MAX_RECENT_EVENTS)
    render()
  }

  function run(monitor: Monitor): Promise<number> {
    return new Promise((resolve) => {
      const cleanups: (() => void)[] = []
      const finish = (exitCode: number): void => {
        for (const each of cleanups.splice(0).reverse()) each()
        resolve(exitCode)
      }
      cleanups.push(onSignals(finish))
      if (watchOutput.kind === 'screen')
        cleanups.push(attachScreen(watchOutput.screen, watchOutput.keyboard, monitor, finish))
      cleanups.push(
        monitor.subscribe((snapshot) => {
          const events = detectChanges(snapshot)
          // Whatever the table shows from the start is not an event.
          const isFirstList = watchOutput.kind === 'screen' && events.some(({ event }) => event === 'account')
          for (const event of events)
            if (!isFirstList || event.event === 'notice' || event.event === 'connection') report(event)
          render()
          // A rejected key is not retried, and a log without output would look as if all were well.
          if (watchOutput.kind === 'lines' && snapshot.connection.kind === 'key-refused')
            finish(exitCodes.noKey)
        }),
      )
      // Restarts polling if it got stuck.
      const watchdogTimer = setInterval(() => monitor.checkWatchdog(), WATCHDOG_INTERVAL_MS)
      cleanups.push(() => clearInterval(watchdogTimer))
      monitor.start()
    })
  }

  function attachScreen(
    screen: WatchScreen,
    keyboard: import('node:tty').ReadStream | null,
    monitor: Monitor,
    finish: (exitCode: number) => void,
  ): () => void {
    render = (): void => {
      const { columns, rows } = screen
      screen.draw(
        renderFrame({
          snapshot: monitor.snapshot(),
          recentEvents,
          roleNote: roleNote(),
          columns,
          rows,
        }),
      )
    }
    const onKeyPress = (key: string): void => {
      if (key === 'q') finish(exitCodes.ok)
      else if (key === CTRL_C) finish(exitCodes.interrupted)
      else if (key === CTRL_Z) suspend()
    }
    let stopKeys = keyboard === null ? () => {} : onKey(keyboard, onKeyPress)
    /** Like ^Z in a shell: the shell owns the terminal until `fg`. */
    function suspend(): void {
      stopKeys()
      screen.leave()
      process.once('SIGCONT', () => {
        stopKeys = keyboard === null ? () => {} : onKey(keyboard, onKeyPress)
        screen.enter()
        render()
      })
      process.kill(process.pid, 'SIGSTOP')
    }
    screen.enter()
    render()
    const tickTimer = setInterval(render, TICK_MS)
    process.on('SIGWINCH', render)
    return () => {
      clearInterval(tickTimer)
      process.off('SIGWINCH', render)
      stopKeys()
      screen.leave()
      render = (): void => {}
    }
  }

  return { report, alert: (alert) => report(alertEvent(alert)), run }
}
