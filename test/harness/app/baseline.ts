import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import pixelmatch from 'pixelmatch'
import type { Page } from 'playwright-core'
import { PNG } from 'pngjs'
import { indexedPng } from './indexed-png'

/*
 * Kept pictures of what people see. They are compared, with a tolerance for what a font renderer may do differently, and
 * written anew only on purpose: PODKEEPER_UPDATE_BASELINES=1 npm run test:e2e -- states
 */

const KEPT = resolve(import.meta.dirname, '../../e2e/baselines')
const SEEN = resolve(import.meta.dirname, '../../../screenshots/baselines')
/** How different one pixel's colour may be, 0..1, as pixelmatch counts; anti-aliased edges are not counted. */
const PIXEL_TOLERANCE = 0.15
/** How much of a picture may differ: a changed word of 11 px text is about 0.05 % of a window. */
const AREA_TOLERANCE = 0.0003

/** The Chromium that the kept pictures were made with. Others draw letters a little differently, everywhere. */
const MADE_WITH = { platform: 'linux', chromium: '114' }

const isUpdating = process.env['PODKEEPER_UPDATE_BASELINES'] === '1'

export interface KeptPictures {
  /** What is wrong with `seen`, a PNG, beside the kept picture `name`; null: nothing, or it cannot be compared here. */
  problem(name: string, seen: Buffer): string | null
}

/** The kept pictures, for `page`'s browser; says so once where it cannot be compared with them. */
export async function openKeptPictures(page: Page): Promise<KeptPictures> {
  const chromium = await page.evaluate('/Chrome\\/(\\d+)/.exec(navigator.userAgent)?.[1]')
  const canCompare = process.platform === MADE_WITH.platform && chromium === MADE_WITH.chromium
  if (!canCompare)
    console.warn(
      `Kept pictures are of Chromium ${MADE_WITH.chromium} on Linux; those of this one go to ${SEEN}, uncompared.`,
    )
  return {
    problem(name, seen) {
      if (canCompare) return problemOf(name, PNG.sync.read(seen))
      write(join(SEEN, `${name}.png`), PNG.sync.read(seen))
      return null
    },
  }
}

function problemOf(name: string, seen: PNG): string | null {
  const path = join(KEPT, `${name}.png`)
  if (isUpdating) {
    // One that did not change is not written: its bytes stay what they are.
    if (!existsSync(path) || compare(PNG.sync.read(readFileSync(path)), seen))
      writeFile(path, indexedPng(seen))
    return null
  }
  if (!existsSync(path))
    return `${name}: no picture is kept. Look at it, then: PODKEEPER_UPDATE_BASELINES=1 npm run test:e2e -- states`
  const difference = compare(PNG.sync.read(readFileSync(path)), seen)
  if (difference === null) return null
  write(join(SEEN, `${name}-seen.png`), seen)
  if (difference.picture) write(join(SEEN, `${name}-difference.png`), difference.picture)
  return `${name}: ${difference.words} Look at screenshots/baselines.`
}

interface Difference {
  readonly words: string
  readonly picture: PNG | null
}

/** Null when two pictures are the same but for the tolerance. */
export function compare(kept: PNG, seen: PNG): Difference | null {
  const { width, height } = kept
  if (seen.width !== width || seen.height !== height)
    return { words: `${seen.width} × ${seen.height} px instead of ${width} × ${height}.`, picture: null }
  const picture = new PNG({ width, height })
  const count = pixelmatch(kept.data, seen.data, picture.data, width, height, { threshold: PIXEL_TOLERANCE })
  const share = count / (width * height)
  if (share <= AREA_TOLERANCE) return null
  return { words: `${(share * 100).toFixed(2)} % of the picture changed.`, picture }
}

function write(path: string, picture: PNG): void {
  writeFile(path, PNG.sync.write(picture))
}

function writeFile(path: string, bytes: Buffer): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, bytes)
}
