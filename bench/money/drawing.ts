import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { openLedgerFiles } from '../../src/node/data-folder/records/ledger-files'
import { costsText } from '../../src/renderer/money/costs/costs-text'
import { openScene, type Scene } from '../../test/harness/app/start/scene'
import { waitUntil } from '../../test/harness/app/act/wait-until'
import { type Measurement, median, spreadOf } from '../measurement'
import { fillYear, PODS } from './year'

const VISITS = 15
/** The minimum time that a user's pointer is over a button before the press. */
const POINTED_MS = 150

/** Milliseconds of each visit of the page, the first one separate. */
interface Visits {
  readonly first: number
  readonly later: readonly number[]
  /** From requesting the month from the app to receiving it. */
  readonly answers: readonly number[]
}

/**
 * How long the costs page takes in the real window, with a year of 50 pods on disk, compared with an account without
 * pods.
 */
export async function measureDrawing(): Promise<readonly Measurement[]> {
  const scene = await openScene({ pods: [] })
  try {
    const empty = await visits(scene, EMPTY)
    const costs = join(scene.running.dataDir, 'costs')
    const account = await waitUntil('the costs of the account', () => readdirSync(costs)[0])
    await scene.running.close()
    const files = openLedgerFiles(join(costs, account), () => true)
    fillYear(files, Date.now())
    scene.running = await scene.running.relaunch()
    scene.page = await scene.running.popover()
    const full = await visits(scene, FULL)
    return [
      toMeasurement('a year of 50 pods, asked for by a window', full.answers, median(empty.answers), 100),
      toMeasurement('… the page drawn', full.later, median(empty.later), 300),
      toMeasurement(
        `… and for the first time, ${POINTED_MS} ms after the pointer came`,
        [full.first],
        empty.first,
        300,
      ),
    ]
  } finally {
    await scene.close()
  }
}

/** Of the only account. */
const COSTS = 'window.app.snapshot().then(({ value }) => window.app.costs(value.account?.id ?? "", null))'
const EMPTY = `document.querySelector('main').textContent.includes(${JSON.stringify(costsText.nothingYet)})`
/** Every row, and the bars of all past days. */
const FULL = `document.querySelectorAll('.table-room tbody tr').length >= ${PODS} &&
  document.querySelectorAll('.costs-chart .bar').length >= Math.max(1, new Date().getUTCDate() - 1)`
/** A page that is never drawn so ends the measurement, ms. */
const GIVE_UP_MS = 30_000

async function visits(scene: Scene, isDrawn: string): Promise<Visits> {
  await scene.pasteKey()
  await scene.page.evaluate("window.app.openWindow('pods')")
  const page = await scene.running.mainWindow()
  await page.getByRole('heading', { level: 1 }).waitFor()
  // Until its bills were read once, the page doesn't say that nothing was spent.
  await waitUntil('the account to be counted', () =>
    page.evaluate<boolean>(
      `${COSTS}.then(({ ok, value }) => ok && value !== null && value.bills !== 'reading')`,
    ),
  )
  const visit = async (): Promise<number> => {
    await page.evaluate(goTo('Pods', "document.querySelector('.costs') === null"))
    return page.evaluate<number>(goTo('Costs', isDrawn))
  }
  await page.getByRole('button', { name: 'Costs' }).hover()
  await delay(POINTED_MS)
  const first = await visit()
  const later: number[] = []
  const answers: number[] = []
  for (let round = 0; round < VISITS; round++) {
    later.push(await visit())
    answers.push(
      await page.evaluate<number>(
        `(async () => {
          const { value } = await window.app.snapshot()
          const before = performance.now()
          await window.app.costs(value.account.id, null)
          return performance.now() - before
        })()`,
      ),
    )
  }
  return { first, later, answers }
}

/** From the press to the frame after everything was drawn, ms. */
const goTo = (name: string, isDone: string): string => `new Promise((done, fail) => {
  const before = performance.now()
  setTimeout(() => fail(new Error('${name} was not drawn.')), ${GIVE_UP_MS})
  ;[...document.querySelectorAll('nav button')].find((each) => each.textContent.includes('${name}')).click()
  const look = () => requestAnimationFrame(() =>
    (${isDone}) ? setTimeout(() => done(performance.now() - before)) : look())
  look()
})`

function toMeasurement(
  name: string,
  values: readonly number[],
  baseline: number,
  atMost: number,
): Measurement {
  return {
    group: 'money',
    name,
    unit: 'ms',
    value: median(values),
    spread: values.length > 1 ? spreadOf(values) : null,
    baseline,
    beside: 'an account that has cost nothing',
    goal: { kind: 'value', atMost },
  }
}
