import type { Locator, Page } from 'playwright-core'

/** Drags files of this computer over an element and drops them there, as the system does. `whileOver`: before the drop. */
export async function dropFiles(
  page: Page,
  target: Locator,
  paths: readonly string[],
  whileOver: () => Promise<void> = async () => {},
): Promise<void> {
  await target.scrollIntoViewIfNeeded()
  const box = await target.boundingBox()
  if (box === null) throw new Error('there is nothing to drop on')
  const [x, y] = [box.x + box.width / 2, box.y + Math.min(box.height / 2, 60)]
  const session = await page.context().newCDPSession(page)
  const data = { items: [], files: [...paths], dragOperationsMask: 1 }
  for (const type of ['dragEnter', 'dragOver'] as const)
    await session.send('Input.dispatchDragEvent', { type, x, y, data })
  await whileOver()
  await session.send('Input.dispatchDragEvent', { type: 'drop', x, y, data })
  await session.detach()
}
