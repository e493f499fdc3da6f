import type { Bridge, EventName } from '../../../src/shared/ipc'
import type { ConfirmationBridge } from '../../../src/shared/confirmation'
import { decodePlainData, encodePlainData } from './plain-data-codec'

/*
 * The preload script of a window in a test. It runs in the window's frame before the page does, builds what
 * `src/preload` builds in the app, passes requests on to the test as text, and gives the page the time of the scene.
 */

/** What the test provides to the frame, which has the name of its link. */
export interface FrameLink {
  readonly requestNames: readonly string[]
  readonly locale: string
  readonly nowMs: () => number
  /** Both are plain data as text. */
  readonly request: (name: string, args: string) => Promise<string>
  /** Events are plain data as text. */
  readonly subscribe: (name: string, listener: (payload: string) => void) => () => void
  /** Something that must not happen. */
  readonly reportFault: (text: string) => void
  /** Whether it is the window in front, which has the focus. */
  isInFront: boolean
  /** Called when it comes to the front again. */
  onFront: () => void
  /** Brings it to the front, as a click on a window does. */
  readonly bringToFront: () => void
  /** Called after time has passed. */
  onTime: () => void
}

declare global {
  interface Window {
    frameLinks?: Map<string, FrameLink>
  }
}

const link = (window.parent as Window).frameLinks?.get(window.name)
if (link === undefined) throw new Error('This page is for tests.')

followSceneTime(link)
reportFaults(link)
leaveFocusInFront(link)
addEventListener('pointerdown', link.bringToFront, true)
exposeBridge(link)

function exposeBridge({ requestNames, locale, request, subscribe }: FrameLink): void {
  const requests = Object.fromEntries(
    requestNames.map((name) => [
      name,
      async (...args: readonly unknown[]) => decodePlainData(await request(name, encodePlainData(args))),
    ]),
  )
  const on = (name: EventName, listener: (payload: unknown) => void): (() => void) =>
    subscribe(name, (payload) => listener(decodePlainData(payload)))
  const exposed = location.pathname.endsWith('/confirm.html')
    ? { confirmation: requests as unknown as ConfirmationBridge }
    : { app: { ...requests, on, locale } as unknown as Bridge }
  Object.assign(window, exposed)
}

/** Dates are those of the scene, and timers of a second or more wait for its time to pass. */
function followSceneTime(time: FrameLink): void {
  const LONG_MS = 1_000
  /** Above the ids of real timers. */
  let lastId = 1_000_000_000
  interface Timer {
    dueMs: number
    readonly everyMs: number | null
    readonly run: () => void
  }
  const timers = new Map<number, Timer>()
  const real = {
    setTimeout: window.setTimeout.bind(window),
    setInterval: window.setInterval.bind(window),
    clearTimeout: window.clearTimeout.bind(window),
  }
  const add = (run: () => void, ms: number, everyMs: number | null): number => {
    timers.set((lastId += 1), { dueMs: time.nowMs() + ms, everyMs, run })
    return lastId
  }
  const clear = (id?: number): void => {
    if (id === undefined || !timers.delete(id)) real.clearTimeout(id)
  }
  type Run = (...args: readonly unknown[]) => void
  Object.assign(window, {
    setTimeout: (run: Run, ms = 0, ...args: readonly unknown[]) =>
      ms < LONG_MS ? real.setTimeout(run, ms, ...args) : add(() => run(...args), ms, null),
    setInterval: (run: Run, ms = 0, ...args: readonly unknown[]) =>
      ms < LONG_MS ? real.setInterval(run, ms, ...args) : add(() => run(...args), ms, ms),
    clearTimeout: clear,
    clearInterval: clear,
  })
  window.Date = class extends Date {
    constructor(...given: readonly unknown[]) {
      // What is given has the types of Date's own constructor.
      super(...((given.length === 0 ? [time.nowMs()] : given) as [number]))
    }
    static override now(): number {
      return time.nowMs()
    }
  } as DateConstructor
  time.onTime = () => {
    const due = [...timers].filter(([, { dueMs }]) => dueMs <= time.nowMs())
    for (const [id, timer] of due.sort(([, a], [, b]) => a.dueMs - b.dueMs)) {
      if (!timers.has(id)) continue
      // An interval that was missed for long fires once, as after a sleep.
      if (timer.everyMs === null) timers.delete(id)
      else timer.dueMs = time.nowMs() + timer.everyMs
      timer.run()
    }
  }
}

/** A window in the background can't take the focus from the one in front; it gets it when it comes to the front. */
function leaveFocusInFront(front: FrameLink): void {
  const { prototype } = HTMLElement
  const focus = Object.getOwnPropertyDescriptor(prototype, 'focus')?.value as (options?: FocusOptions) => void
  prototype.focus = function (this: HTMLElement, options?: FocusOptions) {
    front.onFront = () => focus.call(this, options)
    if (front.isInFront) front.onFront()
  }
}

/** Errors of the page, what it writes to the console, and what its policy blocks. */
function reportFaults({ reportFault }: FrameLink): void {
  window.addEventListener('error', ({ message, error }) => {
    // Not an error: the rest is delivered with the next frame.
    if (message.startsWith('ResizeObserver loop')) return
    reportFault(`Uncaught in the page: ${error instanceof Error ? error.stack : message}`)
  })
  window.addEventListener('unhandledrejection', ({ reason }) => {
    reportFault(`Unhandled in the page: ${reason instanceof Error ? reason.stack : String(reason)}`)
  })
  document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sample }) => {
    reportFault(`The page's policy ${violatedDirective} blocked ${blockedURI} ${sample}`)
  })
  for (const level of ['error', 'warn'] as const) {
    console[level] = (...what: readonly unknown[]) => reportFault(`console.${level}: ${format(what)}`)
  }
}

/** Puts the values in the place of `%s`, as a console does. */
function format([first, ...values]: readonly unknown[]): string {
  const texts = values.map((value) =>
    value instanceof Error ? (value.stack ?? value.message) : String(value),
  )
  const text = String(first).replaceAll(/%[sdo]/g, () => texts.shift() ?? '')
  return [text, ...texts].join(' ')
}
