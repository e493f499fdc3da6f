import { expect, test } from 'vitest'
import { openWindow } from '../harness/browser/open-window'
import { openScene } from '../harness/browser/scene'

/* What `test/harness/app/look/axe-source.mts` leaves out of later runs hides no fault. */

test('a text is measured again where its color, its size or what is behind it differs', async () => {
  const window = await openWindow(await openScene({ isConnected: false }), 'popover')
  const { document } = window
  const add = (to: Element, name: string, style: string): HTMLElement => {
    const element = to.appendChild(document.createElement(name))
    element.style.cssText = style
    return element
  }
  const faultsOf = async (style: string, around = ''): Promise<readonly string[]> => {
    document.body.replaceChildren()
    const place = add(add(document.body, 'main', 'background: #fff'), 'div', around)
    add(place, 'p', `font-size: 14px; ${style}`).textContent = 'Some text'
    return window.axeFaults('contrast')
  }
  const FAULT = expect.stringContaining('Some text')
  const GRAY = 'color: #767676'
  expect(await faultsOf(GRAY)).toEqual([])
  expect(await faultsOf(GRAY)).toEqual([])
  expect(await faultsOf('color: #777')).toEqual([FAULT])
  expect(await faultsOf('color: #777')).toEqual([FAULT])
  expect(await faultsOf(GRAY, 'background: #eee')).toEqual([FAULT])
  expect(await faultsOf(GRAY, 'background: rgb(0 0 0 / 10%)')).toEqual([FAULT])
  expect(await faultsOf(GRAY, 'opacity: 0.8')).toEqual([FAULT])
  // Over the page instead of what it is in, which is empty.
  expect(await faultsOf(GRAY, 'position: absolute')).toEqual([FAULT])
  expect(await faultsOf('color: #949494; font-size: 30px')).toEqual([])
  expect(await faultsOf('color: #949494')).toEqual([FAULT])
})
