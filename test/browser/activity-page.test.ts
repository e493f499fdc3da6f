import { describe, expect, test } from 'vitest'
import { commands, type Locator, userEvent } from 'vitest/browser'
import type { ListedAuditEntry } from '../../src/core/audit-log/audit-log'
import { observedText } from '../../src/core/audit-log/audit-text'
import type { Snapshot } from '../../src/core/view/snapshot'
import { sampleActionCount, sampleActions, sampleActivity } from '../harness/app/states/sample-activity'
import { windowStates } from '../harness/app/states/window-states'
import { expectGoodLook } from '../harness/browser/expect-look'
import { openWindow, type TestWindow } from '../harness/browser/open-window'
import { focusedName, textsOf } from '../harness/browser/pods-scene'
import { type BrowserScene, openScene } from '../harness/browser/scene'
import { accountEntry, NOW_MS, snapshotOfAccounts } from '../harness/samples/pod-views'

/* The activity page over samples of the log. Its pictures are in test/e2e/pictures/activity.ts. */

const noPods = windowStates.find(({ name, window }) => name === 'no-pods' && window === 'main')!.snapshot
/** Two of its entries are about one stop. */
const sampleRowCount = sampleActivity.length - 1

interface ActivityScene {
  readonly scene: BrowserScene
  readonly window: TestWindow
  /** What the log has from now on, newest first, read in pages of `limit`; null: it can't be read. */
  readonly serve: (entries: readonly ListedAuditEntry[] | null, limit?: number) => void
  /** The window when the log has `lastSeq` entries, of which these are alerts. */
  readonly showLog: (lastSeq: number, alertSeqs?: readonly number[]) => void
  readonly rowCount: () => number
  readonly button: (name: string | RegExp) => Locator
  /** By keyboard. */
  readonly press: (button: Locator, keys?: string) => Promise<void>
  readonly toPage: (name: 'Pods' | 'Activity') => Promise<void>
}

async function openActivity(
  entries: readonly ListedAuditEntry[] | null,
  {
    limit,
    snapshot = noPods,
    shown = 'activity',
  }: {
    readonly limit?: number
    readonly snapshot?: Snapshot
    readonly shown?: 'pods' | 'activity'
  } = {},
): Promise<ActivityScene> {
  const scene = await openScene({ isConnected: false, startsAtMs: NOW_MS })
  const serve: ActivityScene['serve'] = (served, size = 100) =>
    scene.bridge.replyWith('auditPage', (before, filter) => {
      if (served === null)
        return { ok: false, error: { message: 'Something went wrong in Podkeeper. Try again.' } }
      const found = served.filter(
        ({ seq, accountId, podId, kind }) =>
          (before === null || seq < before) &&
          (filter.accountId === undefined || accountId === filter.accountId) &&
          (filter.podKey === undefined || `${accountId}/${podId}` === filter.podKey) &&
          (filter.kind === undefined || kind === filter.kind),
      )
      const part = found.slice(0, size)
      const last = part.at(-1)
      return {
        ok: true,
        value: {
          entries: part,
          companions: [],
          before: found.length > part.length && last ? last.seq : null,
          looked: { lines: part.length, toMs: last?.atMs ?? null },
        },
      }
    })
  serve(entries, limit)
  const window = await openWindow(scene, 'main', { page: shown, width: 900, height: 800 })
  const showLog: ActivityScene['showLog'] = (lastSeq, alertSeqs = []) =>
    scene.bridge.showSnapshot({ ...snapshot, auditLog: { lastSeq, alertSeqs } })
  showLog(entries?.[0]?.seq ?? 0)
  const rowCount = () => window.document.querySelectorAll('.entry').length
  return {
    scene,
    window,
    serve,
    showLog,
    rowCount,
    button: (name) => window.getByRole('button', { name }),
    async press(button, keys = '{Enter}') {
      await expect.element(button).toBeVisible()
      window.focusOn(button)
      await userEvent.keyboard(keys)
    },
    toPage: (name) => window.getByRole('navigation').getByRole('button', { name }).click(),
  }
}

const expectGoodLookOf = (window: TestWindow): Promise<void> =>
  expectGoodLook(window, { widths: [360, 900, 2_000] })

/** Tools and rows of a narrow page are arranged in another way. */
async function expectNoFaultWhileNarrow(window: TestWindow): Promise<void> {
  window.resize(360)
  await window.nextFrame()
  expect(await window.axeFaults('all')).toEqual([])
  window.resize(900)
  await window.nextFrame()
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim()

test('the button of the page has the number of new alerts until the page is opened', async () => {
  const { window, showLog, toPage } = await openActivity(sampleActivity, { shown: 'pods' })
  showLog(9, [9, 8, 2])
  const way = window.getByRole('navigation').getByRole('button', { name: /Activity/ })
  await expect.element(way).toHaveTextContent(/^Activity3 new alerts$/)
  await toPage('Activity')
  await expect.element(way).toHaveTextContent(/^Activity$/)
  await toPage('Pods')
  showLog(10, [10, 9, 8, 2])
  await expect.element(way).toHaveTextContent(/^Activity1 new alert$/)
})

describe('the list', () => {
  test('has entries under their days with the full date, and filters for one pod or kind by keyboard', async () => {
    const { window, rowCount, button, press } = await openActivity(sampleActivity)
    await expect.poll(rowCount).toBe(sampleRowCount)
    // Whether the date has a comma depends on the system's locale data.
    expect(textsOf(window, 'main h2').map((day) => day.replace(',', ''))).toEqual([
      'Today',
      'Yesterday',
      'Sunday November 22',
      'Monday October 20, 2025',
    ])
    const [first] = window.document.querySelectorAll('.entry')
    expect(first?.textContent).toContain('comfy-scratch stops in 5 min.')
    const time = first?.querySelector('time')
    expect(time?.textContent).toBe('14:03')
    expect(time?.title).toMatch(/November 24, 2026.*14:03:00/)
    await expectGoodLookOf(window)
    await expectNoFaultWhileNarrow(window)

    const isInPage = () => window.document.querySelector('.activity')?.contains(window.document.activeElement)
    await press(button('Show only mcmc-planck'))
    await expect.poll(rowCount).toBe(1)
    expect(isInPage()).toBe(true)
    await press(button('Clear filters'))
    await expect.poll(rowCount).toBe(sampleRowCount)
    expect(isInPage()).toBe(true)
    const choose = async (option: string) => {
      await press(button(/Kind$/))
      await press(window.getByRole('option', { name: option, exact: true }))
    }
    await choose('Actions')
    await expect.poll(rowCount).toBe(1)
    await choose('Rules')
    await press(button('Show all activity'))
    await expect.poll(rowCount).toBe(sampleRowCount)
  })

  test('gets new entries without a reload, and earlier ones stay', async () => {
    const opened = await openActivity(sampleActivity.slice(2), { limit: 3 })
    const { window, serve, showLog, rowCount, button } = opened
    await expect.poll(rowCount).toBe(2)
    await button('Show earlier').click()
    await expect.poll(rowCount).toBe(5)
    serve(sampleActivity.slice(1), 3)
    showLog(8)
    await expect.poll(rowCount).toBe(6)
    expect(textsOf(window, '.entry')[0]).toContain('mcmc-planck has been idle')
    await button('Show earlier').click()
    await expect.poll(rowCount).toBe(7)
    await expect.element(button('Show earlier')).not.toBeInTheDocument()
  })

  test('keeps the focus on the page when the button for earlier entries goes away', async () => {
    const { window, button, press } = await openActivity(sampleActivity, { limit: 6 })
    await press(button('Show earlier'))
    await expect.element(button('Show earlier')).not.toBeInTheDocument()
    await expect.poll(() => focusedName(window)).toContain('Watching the account')
  })

  test('says what it is for while it is empty, and can be read again when that failed', async () => {
    const { window, serve, showLog, rowCount, button } = await openActivity([])
    await expect.element(window.getByRole('heading', { name: 'No activity yet' })).toBeVisible()
    await expectGoodLookOf(window)
    serve(null)
    showLog(13)
    await expect.element(window.getByRole('alert')).toHaveTextContent('Couldn’t read the activity log')
    await expectGoodLookOf(window)
    serve(sampleActivity)
    await button('Try again').click()
    await expect.poll(rowCount).toBe(sampleRowCount)
  })

  test('names the account of each row where there are several, also under forced colors', async () => {
    const long = 'W'.repeat(40)
    const accounts = ['account', 'b'].map((id) => ({
      entry: accountEntry({ id, name: id === 'b' ? long : 'Personal' }),
      pods: [],
    }))
    const ofBoth = sampleActions.map((entry) => ({
      ...entry,
      accountId: entry.seq % 2 === 0 ? 'b' : 'account',
      computer: entry.seq % 2 === 0 ? 'lab-server' : 'Anna’s laptop',
    }))
    const { window, rowCount } = await openActivity(ofBoth, { snapshot: snapshotOfAccounts(accounts) })
    // The entries of an action in two accounts are two actions.
    await expect.poll(rowCount).toBe(2 * sampleActionCount)
    const labels = textsOf(window, '.entry .account-label').map((label) => label.replace(/^.*Account /, ''))
    expect(new Set(labels)).toEqual(new Set(['Personal', long]))
    expect(new Set(textsOf(window, '.entry .of > bdi'))).toEqual(new Set(['lab-server', 'Anna’s laptop']))
    await expectGoodLookOf(window)
    await expectNoFaultWhileNarrow(window)
    await commands.emulateMedia({ forcedColors: 'active' })
    const styleOf = (part: string, pseudo?: string) =>
      window.global.getComputedStyle(window.document.querySelector(part)!, pseudo)
    const { backgroundColor } = styleOf('body')
    expect(styleOf('.entry p').color).not.toBe(backgroundColor)
    expect(styleOf('.entry', '::after').borderBottomColor).not.toBe(backgroundColor)
    await commands.emulateMedia({ forcedColors: 'none' })
  })
})

describe('an action', () => {
  test('is one row with who asked, what became of it and how long it took; the keyboard opens its entries', async () => {
    const { window, rowCount, button, press } = await openActivity(sampleActions)
    await expect.poll(rowCount).toBe(sampleActionCount)
    // Rows have no text of their own until they are drawn.
    const sentences = () =>
      [...window.document.querySelectorAll<HTMLElement>('.entry p')].map((each) => oneLine(each.innerText))
    await expect
      .poll(sentences)
      .toEqual([
        'Stopping vllm-8b… · requested by you',
        'You stopped mcmc-planck · 9 s',
        'Podkeeper stopped comfy-scratch (idle for 6 h) · 12 s',
        'Restart of eval-sweep-b undone, nothing was sent · requested by you',
        'Stop of eval-sweep-b failed. Runpod: the pod is locked. You requested it.',
        'Stop of anomaly-v3-with-a-name-of-sixty-characters-which-is-very-long was sent but not observed within 10 min. The pod is still running. You requested it on the command line.',
        'The command line started llama-70b-sft · 1 min',
        'You terminated <b>bold</b> & \u05d0\u05d1\u05d2 · 4 s',
        'The outcome of the start of gone-quiet is not in the log · requested by you',
      ])
    await expectGoodLookOf(window)
    await expectNoFaultWhileNarrow(window)
    const row = button(/^Podkeeper stopped comfy-scratch/)
    await press(row)
    await expect.element(row).toHaveAttribute('aria-expanded', 'true')
    const steps = `[id="${row.element().getAttribute('aria-controls')}"]`
    expect(textsOf(window, `${steps} p`)).toEqual([
      'comfy-scratch is being stopped automatically. It has been quiet for 6 h. Its volume stays.',
      'Auto-stop requested a stop of comfy-scratch.',
      'The stop of comfy-scratch was sent to Runpod.',
      'Runpod accepted the stop of comfy-scratch.',
      'comfy-scratch stopped.',
    ])
    await expectGoodLookOf(window)
    await expect.element(row).toHaveFocus()
    await userEvent.keyboard(' ')
    await expect.element(row).toHaveAttribute('aria-expanded', 'false')
    expect(window.document.querySelector(steps)).toBeNull()
    await userEvent.keyboard('{Tab}')
    await expect.poll(() => focusedName(window)).toBe('Show only comfy-scratch')
  })

  test('whose entries are on two pages joins in its place, under the focus', async () => {
    const cut = sampleActions.findIndex(
      ({ what, podName }) => what === 'stop accepted' && podName === 'comfy-scratch',
    )
    const { window, rowCount, button, press } = await openActivity(sampleActions, { limit: cut + 1 })
    const stepCount = () => window.document.querySelectorAll('.entry-step').length
    const row = button(/^Podkeeper stopped comfy-scratch \(idle\)/)
    await press(row)
    await expect.poll(stepCount).toBe(2)
    const [count, { top }] = [rowCount(), row.element().getBoundingClientRect()]
    // Without the focus, which is on the row.
    window.document.querySelector<HTMLElement>('.earlier button')?.click()
    await expect.poll(stepCount).toBe(5)
    expect(rowCount()).toBeGreaterThan(count)
    const joined = button(/^Podkeeper stopped comfy-scratch \(idle for 6 h\)/)
    await expect.poll(() => joined.element().getBoundingClientRect().top).toBe(top)
    await expect.element(joined).toHaveAttribute('aria-expanded', 'true')
    await expect.element(joined).toHaveFocus()
  })

  test('that ends while it is shown stays in its place, under the focus', async () => {
    const begun = [{ ...sampleActivity[0]!, seq: 101 }, ...sampleActions]
    const { window, serve, showLog, button } = await openActivity(begun)
    const row = button(/^Stopping vllm-8b…/)
    await expect.element(row).toBeVisible()
    window.focusOn(row)
    const [latest] = sampleActions
    serve([
      {
        ...latest!,
        seq: 102,
        what: 'stop observed',
        text: observedText('stop', 'vllm-8b'),
        intent: { ...latest!.intent!, elapsedMs: 8_000 },
        tone: 'good',
      },
      ...begun,
    ])
    showLog(102)
    const ended = button(/^You stopped vllm-8b\. It took 8 s\./)
    await expect.element(ended).toBeVisible()
    expect(textsOf(window, '.entry')[1]).toContain('You stopped vllm-8b')
    await expect.element(ended).toHaveFocus()
  })
})
