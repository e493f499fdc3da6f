import type { Figure } from '../figure'
import { openScene } from '../../test/harness/app/scene'
import { type HeapLook, slopeOf } from './slope'

const OPENINGS = 1_000
const LOOKS = 20
/** What a window of ours may leave behind beyond a bare one: less than the smallest of its closures. */
const MAX_SLOPE_B = 1_000

export interface WindowSoak {
  readonly openings: number
  readonly slopeB: number
  /** Of bare windows in the same process. */
  readonly baselineSlopeB: number
  /** Listeners of Electron's objects and timers, at the first look and at the last. */
  readonly held: readonly [number, number]
}

/** The popover opened and destroyed in the real app, and bare windows in the same process after it. */
export async function windowFigures(): Promise<readonly Figure[]> {
  const { slopeB, baselineSlopeB, held } = await soakWindows(OPENINGS)
  const common = { group: 'soak', spread: null }
  return [
    {
      ...common,
      name: `growth of the heap per opening, ${OPENINGS} openings`,
      unit: 'B',
      value: slopeB,
      baseline: baselineSlopeB,
      beside: 'bare windows',
      goal: { kind: 'difference', atMost: MAX_SLOPE_B },
    },
    {
      ...common,
      name: 'listeners and timers after the openings',
      unit: '',
      value: held[1],
      baseline: held[0],
      beside: 'after the first openings',
      goal: { kind: 'difference', atMost: 0 },
    },
  ]
}

interface Look extends HeapLook {
  readonly held: number
}

export async function soakWindows(openings: number): Promise<WindowSoak> {
  const scene = await openScene({ pods: [{ name: 'a', mode: 'training' }] })
  try {
    await scene.pasteKey()
    await scene.page.getByRole('article').waitFor()
    const every = Math.max(1, Math.floor(openings / LOOKS))
    const own: Look[] = []
    const bare: Look[] = []
    // In stretches, so that no single question to the app takes minutes.
    for (let done = every; done <= openings; done += every) own.push(await open(every, done, true))
    for (let done = every; done <= openings; done += every) bare.push(await open(every, done, false))
    return {
      openings,
      slopeB: slopeOf(own),
      baselineSlopeB: slopeOf(bare),
      held: [own[0]?.held ?? 0, own.at(-1)?.held ?? 0],
    }
  } finally {
    await scene.close()
  }

  /** Opens and destroys `count` windows in the app, ours or bare ones, and looks at its heap. */
  function open(count: number, done: number, isOurs: boolean): Promise<Look> {
    return scene.running.app.evaluate(
      async ({ app, BrowserWindow, ipcMain, nativeTheme, powerMonitor, screen, session }, stretch) => {
        for (const window of BrowserWindow.getAllWindows()) window.destroy()
        for (let opened = 0; opened < stretch.count; opened += 1) {
          if (stretch.isOurs) app.emit('second-instance')
          else
            void new BrowserWindow({ show: false, webPreferences: { sandbox: true } }).loadURL('about:blank')
          const [window] = BrowserWindow.getAllWindows()
          if (window === undefined) throw new Error('no window was opened')
          await new Promise<void>((settle) => window.webContents.once('did-finish-load', () => settle()))
          window.destroy()
        }
        // What runs here comes over a debugger, where nothing can be imported.
        const main = process.mainModule
        if (main === undefined) throw new Error('the app has no main module')
        const { setFlagsFromString } = main.require('node:v8') as typeof import('node:v8')
        const { runInNewContext } = main.require('node:vm') as typeof import('node:vm')
        setFlagsFromString('--expose-gc')
        const collect = runInNewContext('gc') as () => void
        for (let round = 0; round < 3; round += 1) {
          // What was destroyed is let go of a little later.
          await new Promise((settle) => setTimeout(settle, 50))
          collect()
        }
        const emitters: readonly NodeJS.EventEmitter[] = [
          app,
          ipcMain,
          nativeTheme,
          powerMonitor,
          screen,
          session.defaultSession,
          process,
        ]
        const listeners = emitters.flatMap((one) => one.eventNames().map((name) => one.listenerCount(name)))
        const timers = process.getActiveResourcesInfo().filter((name) => name === 'Timeout')
        return {
          done: stretch.done,
          bytes: process.memoryUsage().heapUsed,
          held: listeners.reduce((sum, one) => sum + one, 0) + timers.length,
        }
      },
      { count, done, isOurs },
    )
  }
}
