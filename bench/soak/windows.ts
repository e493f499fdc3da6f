import type { Measurement } from '../measurement'
import { openScene } from '../../test/harness/app/start/scene'
import { type HeapSample, slopeOf } from './slope'

const OPENINGS = 1_000
const SAMPLES = 20
/** What one of the app's windows may leave behind beyond a bare one: less than its smallest closure. */
const MAX_SLOPE_B = 1_000

export interface WindowSoak {
  readonly openings: number
  readonly slopeB: number
  /** Slope for bare windows in the same process. */
  readonly baselineSlopeB: number
  /** Listeners of Electron's objects and timers, at the first and at the last measurement. */
  readonly handleCount: readonly [number, number]
}

/** Opens and destroys the popover in the real app, and then bare windows in the same process. */
export async function measureWindowSoak(): Promise<readonly Measurement[]> {
  const { slopeB, baselineSlopeB, handleCount } = await soakWindows(OPENINGS)
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
      value: handleCount[1],
      baseline: handleCount[0],
      beside: 'after the first openings',
      goal: { kind: 'difference', atMost: 0 },
    },
  ]
}

interface WindowSample extends HeapSample {
  readonly handleCount: number
}

export async function soakWindows(openings: number): Promise<WindowSoak> {
  const scene = await openScene({ pods: [{ name: 'a', mode: 'training' }] })
  try {
    await scene.pasteKey()
    await scene.page.getByRole('article').waitFor()
    const every = Math.max(1, Math.floor(openings / SAMPLES))
    const own: WindowSample[] = []
    const bare: WindowSample[] = []
    // Split into batches, so that no single request to the app takes minutes.
    for (let done = every; done <= openings; done += every) own.push(await open(every, done, true))
    for (let done = every; done <= openings; done += every) bare.push(await open(every, done, false))
    return {
      openings,
      slopeB: slopeOf(own),
      baselineSlopeB: slopeOf(bare),
      handleCount: [own[0]?.handleCount ?? 0, own.at(-1)?.handleCount ?? 0],
    }
  } finally {
    await scene.close()
  }

  /** Opens and destroys `count` windows in the app, the app's or bare ones, and measures its heap. */
  function open(count: number, done: number, isOurs: boolean): Promise<WindowSample> {
    return scene.running.app.evaluate(
      async ({ app, BrowserWindow, ipcMain, nativeTheme, powerMonitor, screen, session }, stretch) => {
        for (const window of BrowserWindow.getAllWindows()) window.destroy()
        for (let opened = 0; opened < stretch.count; opened += 1) {
          if (stretch.isOurs) app.emit('second-instance', {}, [])
          else
            void new BrowserWindow({ show: false, webPreferences: { sandbox: true } }).loadURL('about:blank')
          const [window] = BrowserWindow.getAllWindows()
          if (window === undefined) throw new Error('no window was opened')
          await new Promise<void>((settle) => window.webContents.once('did-finish-load', () => settle()))
          window.destroy()
        }
        // This function is sent over a debugger, where nothing can be imported.
        const main = process.mainModule
        if (main === undefined) throw new Error('the app has no main module')
        const { setFlagsFromString } = main.require('node:v8') as typeof import('node:v8')
        const { runInNewContext } = main.require('node:vm') as typeof import('node:vm')
        setFlagsFromString('--expose-gc')
        const collect = runInNewContext('gc') as () => void
        for (let round = 0; round < 3; round += 1) {
          // Destroyed windows are released slightly later.
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
          handleCount: listeners.reduce((sum, one) => sum + one, 0) + timers.length,
        }
      },
      { count, done, isOurs },
    )
  }
}
