import type { Monitor } from '../../core/monitor'
import type { Clock } from '../../core/base/clock'
import type { Alert } from '../../core/alerts/alert'
import { WATCH_EVERY_MS } from '../../core/polling/poll-loop'
import { exitCodes } from '../output/exit'
import { alertEvent, createChangeFinder, eventJson, eventText, type WatchEvent } from './changes'
import { frameLines } from './frame'
import type { Screen } from './screen'
import { CTRL_C, CTRL_Z, onKey, onSignals } from '../output/terminal'
import { plainText } from '../../core/base/plain-text'

/** How a watch is told of: on a whole terminal, or in lines. */
export type Show =
  | { readonly kind: 'screen'; readonly screen: Screen; readonly keys: import('node:tty').ReadStream | null }
  | { readonly kind: 'lines'; readonly format: 'text' | 'json'; readonly write: (line: string) => void }

export interface Watch {
  /** Something happened outside of the monitor. */
  tell(event: WatchEvent): void
  alert(alert: Alert): void
  /** Shows the monitor's account until a person ends it; resolves with the exit code. */
  run(monitor: Monitor): Promise<number>
}

const TICK_MS = 1_000
const KEPT_NEWS = 20

/** `roleNote` says why this process does not act, or null. */
export function createWatch(show: Show, clock: Clock, roleNote: () => string | null): Watch {
  const news: string[] = []
  const findChanges = createChangeFinder()
  let redraw = (): void => {}

  function tell(event: WatchEvent): void {
    const atMs = clock.now().wallMs
    if (show.kind === 'lines') {
      show.write(show.format === 'json' ? eventJson(event, atMs) : plainText(eventText(event, atMs)))
      return
    }
    news.push(eventText(event, atMs))
    news.splice(0, news.length - KEPT_NEWS)
    redraw()
  }

  function run(monitor: Monitor): Promise<number> {
    return new Promise((resolve) => {
      const ends: (() => void)[] = []
      const end = (exitCode: number): void => {
        for (const each of ends.splice(0).reverse()) each()
        resolve(exitCode)
      }
      ends.push(onSignals(end))
      if (show.kind === 'screen') ends.push(takeScreen(show.screen, show.keys, monitor, end))
      ends.push(
        monitor.subscribe((snapshot) => {
          const events = findChanges(snapshot)
          // What the table shows from the start is no news.
          const isFirstList = show.kind === 'screen' && events.some(({ event }) => event === 'account')
          for (const event of events)
            if (!isFirstList || event.event === 'notice' || event.event === 'connection') tell(event)
          redraw()
          // It is not asked again, and a log that goes quiet looks like a good night.
          if (show.kind === 'lines' && snapshot.connection.kind === 'key-refused') end(exitCodes.noKey)
        }),
      )
      // Sees to it that a watch which got stuck is begun anew.
      const looking = setInterval(() => monitor.look(), WATCH_EVERY_MS)
      ends.push(() => clearInterval(looking))
      monitor.start()
    })
  }

  function takeScreen(
    screen: Screen,
    keys: import('node:tty').ReadStream | null,
    monitor: Monitor,
    end: (exitCode: number) => void,
  ): () => void {
    redraw = (): void => {
      const { columns, rows } = screen
      screen.draw(
        frameLines({
          snapshot: monitor.snapshot(),
          news,
          roleNote: roleNote(),
          columns,
          rows,
        }),
      )
    }
    const read = (key: string): void => {
      if (key === 'q') end(exitCodes.ok)
      else if (key === CTRL_C) end(exitCodes.interrupted)
      else if (key === CTRL_Z) stepAside()
    }
    let releaseKeys = keys === null ? () => {} : onKey(keys, read)
    /** As a shell's ^Z does: the terminal is the shell's until `fg`. */
    function stepAside(): void {
      releaseKeys()
      screen.leave()
      process.once('SIGCONT', () => {
        releaseKeys = keys === null ? () => {} : onKey(keys, read)
        screen.enter()
        redraw()
      })
      process.kill(process.pid, 'SIGSTOP')
    }
    screen.enter()
    redraw()
    const ticking = setInterval(redraw, TICK_MS)
    process.on('SIGWINCH', redraw)
    return () => {
      clearInterval(ticking)
      process.off('SIGWINCH', redraw)
      releaseKeys()
      screen.leave()
      redraw = (): void => {}
    }
  }

  return { tell, alert: (alert) => tell(alertEvent(alert)), run }
}
