import { describe, expect, test } from 'vitest'
import { userEvent } from 'vitest/browser'
import { demoPods } from '../../src/simulator/demo-pods'
import { openWindow, type TestWindow } from '../harness/browser/open-window'
import { focusedName, idlePods } from '../harness/browser/pods-scene'
import { openScene } from '../harness/browser/scene'
import { showPage } from '../harness/browser/volumes-scene'

const pages = ['Pods', 'Queue', 'Costs', 'Terminals', 'Ports', 'Volumes', 'Activity', 'Settings'] as const

const tooltip = ({ document }: TestWindow): string | null => {
  const shown = document.querySelector('.tooltip:not([hidden])')
  return shown === null ? null : Array.from(shown.children, (part) => part.textContent).join(' ')
}

/** Whether a part of it has words that are drawn. */
function hasWords(button: Element): boolean {
  const drawn = (part: Element): boolean =>
    part.checkVisibility() && part.closest('.unseen') === null && part.getClientRects().length > 0
  return [button, ...button.querySelectorAll('*')].some(
    (part) =>
      drawn(part) &&
      Array.from(part.childNodes).some(
        (node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim() !== '',
      ),
  )
}

function hover(window: TestWindow, target: Element): void {
  target.dispatchEvent(new window.global.PointerEvent('pointerover', { bubbles: true, pointerType: 'mouse' }))
}

/** The buttons without words that the pointer learns nothing of, by their HTML, and how many others there are. */
async function namelessButtons(window: TestWindow): Promise<readonly string[]> {
  const nameless: string[] = []
  // After a key, whatever gets the focus shows it.
  await userEvent.keyboard('{Tab}')
  for (const button of window.document.querySelectorAll('button, [role=button]')) {
    if (!button.checkVisibility() || hasWords(button) || button.closest('[title]') !== null) continue
    ;(button as HTMLElement).focus()
    if ((tooltip(window) ?? '').trim() === '') nameless.push(button.outerHTML.slice(0, 200))
  }
  return nameless
}

/** The buttons that can't be pressed and don't say why, by their HTML. */
const unexplainedButtons = ({ document }: TestWindow): readonly string[] =>
  [...document.querySelectorAll('button:disabled')]
    .filter((button) => {
      const ids = button.getAttribute('aria-describedby')?.split(' ') ?? []
      return !ids.some((id) => (document.getElementById(id)?.textContent ?? '').trim() !== '')
    })
    .map((button) => button.outerHTML.slice(0, 200))

describe('a button without words', () => {
  test.each(pages)(
    'has a name and a tooltip, and one that can’t be pressed says why, on the page %s',
    async (name) => {
      const scene = await openScene({ pods: demoPods })
      await scene.advance(60_000)
      const window = await openWindow(scene)
      await showPage(window, name)
      expect(await namelessButtons(window)).toEqual([])
      expect(unexplainedButtons(window)).toEqual([])
    },
  )

  test('has them in the popover, and in a narrow window, where words give way to icons', async () => {
    const scene = await openScene({ pods: demoPods })
    await scene.advance(60_000)
    expect(await namelessButtons(await openWindow(scene, 'popover'))).toEqual([])
    const narrow = await openWindow(scene, 'main', { width: 400 })
    expect(await namelessButtons(narrow)).toEqual([])
  })

  test('shows its name and shortcut while the pointer rests on it, and at once where the keyboard is', async () => {
    const scene = await openScene({ pods: idlePods(['alpha']) })
    const window = await openWindow(scene)
    const menu = window.getByRole('button', { name: 'Actions of alpha' })
    await expect.element(menu).toBeVisible()
    hover(window, menu.element())
    expect(tooltip(window)).toBeNull()
    // Its card may move to another section, with another button.
    const rest = (): string | null => {
      hover(window, menu.element())
      return tooltip(window)
    }
    await expect.poll(rest, { timeout: 5_000 }).toBe('Actions of alpha')
    await userEvent.keyboard('{Escape}')
    expect(tooltip(window)).toBeNull()
    await userEvent.keyboard('?')
    const close = window.getByRole('dialog').getByRole('button', { name: 'Close' })
    await expect.element(close).toBeVisible()
    window.focusOn(close)
    await expect.poll(() => tooltip(window)).toBe('Close Esc')
    await userEvent.keyboard('{Escape}')
    // One that says what it is needs none.
    window.focusOn(window.getByRole('button', { name: 'Stop alpha' }))
    expect(tooltip(window)).toBeNull()
  })
})

test('the words beside a switch switch it, and those of a switch that is off limits don’t', async () => {
  const scene = await openScene({ pods: demoPods })
  const window = await openWindow(scene, 'main', { page: 'settings' })
  const toggle = window.getByRole('switch').first()
  await expect.element(toggle).toBeInTheDocument()
  const wasOn = (toggle.element() as HTMLInputElement).checked
  const words = toggle.element().closest('.setting')?.querySelector<HTMLElement>('.label-like')
  words?.click()
  await expect.poll(() => (toggle.element() as HTMLInputElement).checked).toBe(!wasOn)
})

describe('Tab', () => {
  test('reaches the content at one press of a link, the names of pods, and the filter that is chosen', async () => {
    const scene = await openScene({ pods: idlePods(['alpha', 'beta']) })
    const window = await openWindow(scene)
    await expect.element(window.getByRole('article').first()).toBeVisible()
    window.document.body.focus()
    await userEvent.keyboard('{Tab}')
    expect(focusedName(window)).toBe('Skip to content')
    await userEvent.keyboard('{Enter}')
    expect(window.document.activeElement?.tagName).toBe('MAIN')
    const seen: string[] = []
    for (let step = 0; step < 20; step++) {
      await userEvent.keyboard('{Tab}')
      seen.push(focusedName(window))
    }
    expect(seen.filter((name) => /^(All|Idle|Running|Stopped)\b/.test(name))).toEqual(['All 2'])
    expect(seen).toContain('alpha')
    expect(seen).toContain('beta')
  })
})
