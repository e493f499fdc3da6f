import type { Locator } from 'playwright-core'

export interface Point {
  readonly x: number
  readonly y: number
}

/** On the upper or lower half of a row, in px of the window. */
export async function pointOn(row: Locator, half: 'upper' | 'lower'): Promise<Point> {
  const box = await row.boundingBox()
  if (box === null) throw new Error(`${String(row)} is not shown`)
  return { x: box.x + box.width / 3, y: box.y + box.height * (half === 'upper' ? 0.25 : 0.75) }
}

/** Presses the mouse button on a row and moves it there. `meanwhile` happens before it is let go. */
export async function dragRow(
  row: Locator,
  to: Point,
  meanwhile = async (): Promise<void> => {},
): Promise<void> {
  const { mouse } = row.page()
  const from = await pointOn(row, 'lower')
  await mouse.move(from.x, from.y)
  await mouse.down()
  await mouse.move((from.x + to.x) / 2, (from.y + to.y) / 2, { steps: 3 })
  await mouse.move(to.x, to.y, { steps: 3 })
  await meanwhile()
  // A system tells of the pointer all the time, whether it moves or not.
  await mouse.move(to.x + 1, to.y)
  await mouse.up()
}
