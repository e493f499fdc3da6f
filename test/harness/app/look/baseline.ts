import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import pixelmatch from 'pixelmatch'
import type { Page } from 'playwright-core'
import { PNG } from 'pngjs'
import { indexedPng, MAX_ROUNDING, pixelsOf, readIndexedPng, readScreenshot } from './indexed-png'

/*
 * Baseline screenshots. They are compared with a tolerance for font rendering and updated only on purpose:
 * PODKEEPER_UPDATE_BASELINES=1 npm run t -- pictures
 */

const BASELINE_FOLDER = resolve(import.meta.dirname, '../../../e2e/baselines')
const ACTUAL_FOLDER = resolve(import.meta.dirname, '../../../../screenshots/baselines')
/** How much one pixel's color may differ, 0..1, as defined by pixelmatch; anti-aliased edges don't count. */
const PIXEL_TOLERANCE = 0.15
/** The share of a screenshot that may differ. One changed word of 11 px text is about 0.05% of a window. */
const AREA_TOLERANCE = 0.0003

/** The Chromium version of the baselines. Other versions render text slightly differently everywhere. */
const MADE_WITH = { platform: 'linux', chromium: '114' }

const isUpdating = process.env['PODKEEPER_UPDATE_BASELINES'] === '1'

export interface BaselineImages {
  /** How `seen`, a PNG, differs from the baseline `name`; null if it doesn't. */
  problem(name: string, seen: Buffer): string | null
}

/** The baselines. Throws if they were drawn by another browser than `page`'s, and so cannot be compared. */
export async function openBaselines(page: Page): Promise<BaselineImages> {
  const chromium = await page.evaluate<string>('/Chrome\\/(\\d+)/.exec(navigator.userAgent)?.[1]')
  if (process.platform !== MADE_WITH.platform || chromium !== MADE_WITH.chromium)
    throw new Error(
      `The baselines are of Chromium ${MADE_WITH.chromium} on ${MADE_WITH.platform}, not of ${chromium} on ${process.platform}.`,
    )
  return { problem: (name, seen) => problemOf(name, readScreenshot(seen)) }
}

function problemOf(name: string, seen: PNG): string | null {
  const path = join(BASELINE_FOLDER, `${name}.png`)
  if (isUpdating) {
    // An unchanged baseline is not rewritten, so that its bytes stay the same.
    if (!existsSync(path) || compare(readIndexedPng(readFileSync(path)), seen))
      writeFile(path, indexedPng(seen))
    return null
  }
  if (!existsSync(path))
    return `${name}: no picture is kept. Look at it, then: PODKEEPER_UPDATE_BASELINES=1 npm run t -- pictures`
  const difference = compare(readIndexedPng(readFileSync(path)), seen)
  if (difference === null) return null
  write(join(ACTUAL_FOLDER, `${name}-seen.png`), seen)
  if (difference.image) write(join(ACTUAL_FOLDER, `${name}-difference.png`), difference.image)
  return `${name}: ${difference.words} Look at screenshots/baselines.`
}

interface Difference {
  readonly words: string
  readonly image: PNG | null
}

/** Null if two screenshots are equal within the tolerance. */
export function compare(kept: PNG, seen: PNG): Difference | null {
  const { width, height } = kept
  if (seen.width !== width || seen.height !== height)
    return { words: `${seen.width} × ${seen.height} px instead of ${width} × ${height}.`, image: null }
  if (differsByRounding(kept, seen)) return null
  const image = new PNG({ width, height })
  const count = pixelmatch(kept.data, seen.data, image.data, width, height, { threshold: PIXEL_TOLERANCE })
  const share = count / (width * height)
  if (share <= AREA_TOLERANCE) return null
  return { words: `${(share * 100).toFixed(2)}% of the picture changed.`, image }
}

/** Whether no channel differs by more than the rounding of a baseline, which is far below the tolerance of a pixel. */
function differsByRounding(kept: PNG, seen: PNG): boolean {
  const [keptPixels, seenPixels] = [pixelsOf(kept), pixelsOf(seen)]
  // Most pixels are as the one before.
  let [lastKept, lastSeen] = [0, 0]
  for (let at = 0; at < keptPixels.length; at++) {
    const [one, other] = [keptPixels[at]!, seenPixels[at]!]
    if (one === lastKept && other === lastSeen) continue
    for (let bits = 0; bits < 32; bits += 8)
      if (Math.abs(((one >>> bits) & 0xff) - ((other >>> bits) & 0xff)) > MAX_ROUNDING) return false
    lastKept = one
    lastSeen = other
  }
  return true
}

function write(path: string, image: PNG): void {
  writeFile(path, PNG.sync.write(image))
}

function writeFile(path: string, bytes: Buffer): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, bytes)
}
