import type { Page } from 'playwright-core'
import type { RunnerTask, RunnerTestFile, RunnerTestSuite } from 'vitest'

/* What the windows showed when a test failed, which the test report prints: a failure on another machine is seen once. */

declare module 'vitest' {
  interface TaskMeta {
    /** Of the file's tests that failed. */
    failureRecords?: string[]
  }
}

const MAX_CHARS = 1_500
/** Of the end of a page, where its messages are. */
const END_CHARS = 500
/** Chromium's complaints about a desktop without all services. */
const CHROMIUM_LINE = /^\[\d+:\d+\/[\d.]+:[A-Z]+:/

interface ObservedApp {
  readonly windows: () => readonly Page[]
  /** What it wrote so far. */
  readonly output: () => string
  /** How it ended, such as "SIGSEGV" or "exit code 1", or null while it runs. */
  readonly end: () => string | null
}

let file: RunnerTestSuite | RunnerTestFile | undefined
const recorded = new WeakSet<RunnerTask>()
const apps = new Set<ObservedApp>()

/** Called before the tests of each file. */
export function observeFailures(observed: RunnerTestSuite | RunnerTestFile): void {
  file = observed
}

/** Called with each app that is started. */
export function observeApp(app: ObservedApp): void {
  apps.add(app)
}

/**
 * Called after each test, before later ones change what is shown, and before an app ends, for what failed in a hook.
 */
export async function recordFailures(): Promise<void> {
  const observed = [...apps]
  for (const app of observed) if (app.end() !== null) apps.delete(app)
  const failed = file === undefined ? [] : failedTasks(file)
  if (failed.length === 0) return
  for (const task of failed) recorded.add(task)
  const texts = await Promise.all(observed.map(describeApp))
  const names = failed.filter(({ type }) => type === 'test').map(({ name }) => name)
  // Not added to the error, which has been reported before the hooks that close the app.
  if (file) (file.meta.failureRecords ??= []).push(`${names.join(', ')}\n${texts.join('\n')}`)
}

async function describeApp({ windows, output, end }: ObservedApp): Promise<string> {
  const howItEnded = end()
  const texts =
    howItEnded === null ? await Promise.all(windows().map(describe)) : [`The app has ended: ${howItEnded}.`]
  const lines = output()
    .split('\n')
    .filter((line) => !CHROMIUM_LINE.test(line))
  return [...texts, `The app wrote: ${lines.join('\n').slice(-MAX_CHARS)}`].join('\n')
}

function failedTasks(task: RunnerTask): RunnerTask[] {
  const within = 'tasks' in task ? task.tasks.flatMap(failedTasks) : []
  return task.result?.state === 'fail' && !recorded.has(task) ? [task, ...within] : within
}

async function describe(window: Page): Promise<string> {
  const shown = window.evaluate<string>('`${document.visibilityState}: ${document.body.innerText}`')
  const text = await Promise.race([
    shown.catch(String),
    new Promise<string>((resolve) => setTimeout(() => resolve('no answer'), 2_000)),
  ])
  const end = text.slice(Math.max(MAX_CHARS, text.length - END_CHARS))
  return `${window.url()} shows (${text.slice(0, MAX_CHARS)}${end === '' ? '' : ` … ${end}`})`
}
