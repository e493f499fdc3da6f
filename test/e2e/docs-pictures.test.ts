import { writeFile } from 'node:fs/promises'
import { PNG } from 'pngjs'
import type { Page } from 'playwright-core'
import { describe, test } from 'vitest'
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../src/core/base/time/time'
import { noBudgets } from '../../src/core/money/money-view'
import type { PodView, Snapshot } from '../../src/core/view/snapshot'
import { launch } from '../harness/app/start/launch'
import { sampleKeys, sampleTerminals } from '../harness/app/states/sample-terminals'
import { serveTerminals, showTerminals } from '../harness/app/states/show-terminals'
import { prepareForStates, showState } from '../harness/app/states/show-state'
import { statePods } from '../harness/app/states/state-pods'
import { moneyView } from '../harness/samples/money-views'
import { guardViewWith, idleFor, NOW_MS, snapshotOf } from '../harness/samples/pod-views'

/*
 * The pictures of README.md: the app with invented pods. They are drawn only on request, since no two computers draw
 * quite the same: PODKEEPER_DOCS_PICTURES=1 npm test -- --only build,e2e docs-pictures
 */

const quietFor = (minutes: number): Partial<PodView> => ({
  activity: idleFor(minutes),
  guard: guardViewWith({ kind: 'watching', dueAtMs: NOW_MS + 6 * HOUR_MS - minutes * MINUTE_MS }),
})
const pods: readonly PodView[] = [
  { ...statePods.busy, startedAtMs: NOW_MS - 6.2 * HOUR_MS, costSinceStartUsd: 66.71 },
  { ...statePods.idle, ...quietFor(24), idleCostUsd: 1.6 },
  {
    ...statePods.idleLong,
    guard: guardViewWith({
      kind: 'watching',
      dueAtMs: null,
      held: { cause: 'quiet', why: 'nothing would survive a stop' },
    }),
  },
  {
    ...statePods.creating,
    createdAtMs: NOW_MS - 2 * MINUTE_MS,
    creating: { sinceMs: NOW_MS - 2 * MINUTE_MS, isAtLeast: false },
  },
  statePods.stopped,
]
const perHourUsd = 10.76 + 3.99 + 0.69 + 2.78 + 0.03

const snapshot: Snapshot = snapshotOf(pods, {
  account: {
    id: 'account',
    isDemo: false,
    host: 'api.runpod.io',
    keyStorage: 'system-keyring',
    isMonitorOnly: false,
  },
  listedAtMs: NOW_MS - 4 * SECOND_MS,
  burn: { perHourUsd, isAtLeast: false },
  balance: { kind: 'known', usd: 164.2, spendPerHourUsd: null, atMs: NOW_MS },
  runwayMs: (164.2 / perHourUsd) * HOUR_MS,
  idleCount: 2,
  quota: { requests: 54 },
  guard: { autoStop: 'ticked', areAutoStopsPaused: false, isDryRun: false },
  money: moneyView(
    450.18,
    {
      forecast: { usd: 620, atBurnUsd: 450.18 + perHourUsd * 24 * 6, perHourUsd: 1.15 },
      monthEndsAtMs: NOW_MS + 6 * DAY_MS,
    },
    { ...noBudgets, monthlyUsd: 500 },
  ),
})

const prompt = '\u001B[32mroot@llama-70b-sft\u001B[0m:\u001B[94m/workspace\u001B[0m# '
const step = (number: number, loss: string, eta: string): string =>
  `step ${number}/20000 loss \u001B[33m${loss}\u001B[0m lr 8.1e-06 tok/s 41.2k eta 02:57:${eta}`
const screen = [
  `${prompt}nvidia-smi --query-gpu=index,name,utilization.gpu --format=csv,noheader`,
  ...[94, 92, 93, 91].map((percent, index) => `${index}, NVIDIA H100 80GB HBM3, ${percent} %`),
  `${prompt}tail -n 3 train.log`,
  step(14_218, '1.0803', '31'),
  step(14_219, '1.0797', '27'),
  step(14_220, '1.0791', '24'),
  prompt,
].join('\r\n')

const save = (name: string, picture: Uint8Array): Promise<void> => writeFile(`docs/${name}.png`, picture)

/** Both pictures beside each other, with 24 px between them. */
function sideBySide(left: PNG, right: PNG): Uint8Array {
  const both = new PNG({ width: left.width + 24 + right.width, height: left.height })
  PNG.bitblt(left, both, 0, 0, left.width, left.height, 0, 0)
  PNG.bitblt(right, both, 0, 0, right.width, right.height, left.width + 24, 0)
  return PNG.sync.write(both)
}

describe.runIf(process.env['PODKEEPER_DOCS_PICTURES'] === '1')('the pictures of the README', () => {
  test('are drawn', async () => {
    const running = await launch({ env: { TZ: 'UTC', LC_ALL: 'en_US.UTF-8' } })
    try {
      const popover = await running.popover()
      await popover.evaluate("window.app.openWindow('pods')")
      const window = await running.mainWindow()
      const show = async (page: Page, kind: 'popover' | 'main', width: number, height: number) => {
        await page.setViewportSize({ width, height })
        await prepareForStates(running.app, page)
        await showState(running.app, page, { name: 'docs', window: kind, snapshot })
      }
      const picture = async (page: Page, colorScheme: 'light' | 'dark'): Promise<PNG> => {
        await page.emulateMedia({ colorScheme })
        await page.evaluate('document.activeElement.blur()')
        return PNG.sync.read(await page.screenshot({ animations: 'disabled' }))
      }
      await show(popover, 'popover', 400, 720)
      await save('popover', sideBySide(await picture(popover, 'dark'), await picture(popover, 'light')))
      await show(window, 'main', 1_180, 820)
      await save('window', PNG.sync.write(await picture(window, 'dark')))
      await serveTerminals(running.app, { screen, keys: sampleKeys })
      await showTerminals(running.app, window, sampleTerminals['open'] ?? [])
      await window.locator('.xterm-rows').getByText('step 14220').waitFor()
      await save('terminal', PNG.sync.write(await picture(window, 'dark')))
    } finally {
      await running.close()
    }
  })
})
