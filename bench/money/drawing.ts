import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { openLedgerFiles } from '../../src/node/data-folder/ledger-files'
import { openScene, type Scene } from '../../test/harness/app/scene'
import { until } from '../../test/harness/app/waiting'
import { type Figure, medianOf, spreadOf } from '../figure'
import { fillYear, PODS } from './year'

const VISITS = 15
/** How long a person's pointer is on a button before it is pressed, at least. */
const POINTED_MS = 150

/** Milliseconds of each visit of the page, the first one apart. */
interface Visits {
  readonly first: number
  readonly later: readonly number[]
  /** From asking the app for the month to having its answer. */
  readonly answers: readonly number[]
}

/** What the page of costs takes in the real window: with a year of 50 pods on the disk, beside an account without any. */
export async function drawingFigures(): Promise<readonly Figure[]> {
  const scene = await openScene({ pods: [] })
  try {
    const empty = await visits(scene, EMPTY)
    const costs = join(scene.running.dataDir, 'costs')
    const account = await until('the costs of the account', () => readdirSync(costs)[0])
    await scene.running.close()
    const files = openLedgerFiles(join(costs, account), () => true)
    fillYear(files, Date.now())
    scene.running = await scene.running.relaunch()
    scene.page = await scene.running.popover()
    const full = await visits(scene, FULL)
    return [
      figureOf('a year of 50 pods, asked for by a window', full.answers, medianOf(empty.answers), 100),
      figureOf('… the page drawn', full.later, medianOf(empty.later), 300),
      figureOf(
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

const EMPTY = "document.querySelector('main').textContent.includes('Nothing was spent')"
/** Every row, and the bars of all days that are over. */
const FULL = `document.querySelectorAll('.table-room tbody tr').length >= ${PODS} &&
  document.querySelectorAll('.costs-chart .billed, .costs-chart .estimated').length > 20`

async function visits(scene: Scene, isDrawn: string): Promise<Visits> {
  await scene.pasteKey()
  await scene.page.evaluate("window.app.openWindow('pods')")
  const page = await scene.running.mainWindow()
  await page.getByRole('heading', { level: 1 }).waitFor()
  await until('the account to be counted', () =>
    page.evaluate<boolean>('window.app.costs(300).then(({ ok, value }) => ok && value !== null)'),
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
        '(async () => { const before = performance.now(); await window.app.costs(null); return performance.now() - before })()',
      ),
    )
  }
  return { first, later, answers }
}

/** From the press to the frame after everything stands there, ms. */
const goTo = (name: string, isDone: string): string => `new Promise((done) => {
  const before = performance.now()
  ;[...document.querySelectorAll('nav button')].find((each) => each.textContent.includes('${name}')).click()
  const look = () => requestAnimationFrame(() =>
    (${isDone}) ? setTimeout(() => done(performance.now() - before)) : look())
  look()
})`

function figureOf(name: string, values: readonly number[], baseline: number, atMost: number): Figure {
  return {
    group: 'money',
    name,
    unit: 'ms',
    value: medianOf(values),
    spread: values.length > 1 ? spreadOf(values) : null,
    baseline,
    beside: 'an account that has cost nothing',
    goal: { kind: 'value', atMost },
  }
}
