import { beforeAll, describe, expect, test } from 'vitest'
import { accessibilityTree } from '../../harness/app/look/accessibility-tree'
import { capture } from '../../harness/app/look/capture'
import { type PictureApp, resetPages } from '../../harness/app/look/picture-app'
import { sampleActions, sampleActivity } from '../../harness/app/states/sample-activity'
import { serveActivity } from '../../harness/app/states/show-activity'
import { showState } from '../../harness/app/states/show-state'
import { windowStates } from '../../harness/app/states/window-states'

type Look = `${number}-${'light' | 'dark'}`

/** The activity page in every state, and what screen readers are told of it. See also test/browser/activity-page.test.ts. */
export function describeActivity(app: () => PictureApp): void {
  describe('activity', () => {
    beforeAll(() => resetPages(app()))

    const toPage = (name: string): Promise<void> =>
      app().main.getByRole('navigation').getByRole('button', { name }).click()

    /** Opens the page over these entries; null: they can't be read. */
    async function open(entries: Parameters<typeof serveActivity>[1]): Promise<void> {
      const state = windowStates.find(({ name, window }) => name === 'no-pods' && window === 'main')!
      await toPage('Pods')
      await serveActivity(app().running.app, entries)
      await showState(app().running.app, app().main, state)
      await toPage('Activity')
    }

    async function expectPictures(name: string, looks: readonly Look[]): Promise<void> {
      const { main, baselines } = app()
      // No row is hovered.
      await main.mouse.move(90, 500)
      for (const look of looks) {
        const [width, colorScheme] = look.split('-') as [string, 'light' | 'dark']
        await main.setViewportSize({ width: Number(width), height: 800 })
        await main.emulateMedia({ colorScheme })
        expect(baselines.problem(`activity-${name}-${look}`, await capture(main))).toBeNull()
      }
      expect(app().consoleMessages()).toEqual([])
    }

    test('entries match their baselines, and a screen reader hears each with its date and its pod', async () => {
      await open(sampleActivity)
      await expect.poll(() => app().main.locator('.entry').count()).toBe(sampleActivity.length - 1)
      await expectPictures('all', ['360-light', '900-light', '900-dark'])
      const [today] =
        /region "Today"[^]*(?=\n *region "Yesterday")/.exec(await accessibilityTree(app().main)) ?? []
      expect(`\n${today}\n`).toMatchInlineSnapshot(`
        "
        region "Today"
              heading "Today" level=2
              list
                listitem level=1
                  text "Warning"
                  time "Tuesday, November 24, 2026 at 14:03:00 UTC"
                    text "14:03"
                  button "comfy-scratch stops in 5 min. Quiet for 5 h 55 min; the volume stays, the container disk is lost."
                  button "Show only comfy-scratch"
                  text "Alert"
                listitem level=1
                  text "Warning"
                  time "Tuesday, November 24, 2026 at 13:38:00 UTC"
                    text "13:38"
                  button "mcmc-planck has been idle for 15 min. GPU 0–2%, CPU 1%, memory unchanged since 13:23 (61 samples) · $1.00 so far at $3.99/hr"
                  button "Show only mcmc-planck"
                  text "Alert"
                listitem level=1
                  time "Tuesday, November 24, 2026 at 13:25:00 UTC"
                    text "13:25"
                  button "Stop of eval-sweep-b failed. Runpod: the pod is locked. You requested it."
                  button "Show only eval-sweep-b"
                  text "Action"
                listitem level=1
                  text "Good"
                  time "Tuesday, November 24, 2026 at 11:05:00 UTC"
                    text "11:05"
                  button "Runpod responded again after 6 min."
                  text "Connection"
        "
      `)
    })

    test('an action matches its baselines closed and open, and a screen reader hears that it is open', async () => {
      const { main } = app()
      await open(sampleActions)
      const row = main.getByRole('button', { name: /^Podkeeper stopped comfy-scratch/ })
      await row.waitFor()
      await main.getByRole('searchbox').focus()
      await expectPictures('actions', ['360-dark', '900-light'])
      await main.setViewportSize({ width: 900, height: 800 })
      await row.press('Enter')
      await expectPictures('expanded', ['360-light', '900-dark'])
      expect(await accessibilityTree(main)).toContain(
        'button "Podkeeper stopped comfy-scratch (idle for 6 h). It took 12 s." focused expanded',
      )
    })

    test('an empty and an unreadable log match their baselines', async () => {
      const { main } = app()
      await open([])
      await main.getByRole('heading', { name: 'No activity yet' }).waitFor()
      await main.getByRole('searchbox').focus()
      await expectPictures('empty', ['900-light'])
      await open(null)
      await main.getByRole('alert').waitFor()
      await main.getByRole('searchbox').focus()
      await expectPictures('unreadable', ['900-dark'])
    })
  })
}
