import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { inProject } from './project.mjs'
import { renderIcon } from './render-icon.mjs'

// Those of common panels, at normal and high density.
const TRAY_SIZES_PX = [16, 22, 24, 32, 44, 48]
const APP_SIZES_PX = [256, 512]

/** Renders the SVG icons to `folder` as NAME-SIZE.png, because trays need bitmaps. */
export function renderIcons(folder) {
  mkdirSync(folder, { recursive: true })
  const tray = inProject('resources/tray')
  if (existsSync(tray))
    for (const name of readdirSync(tray).filter((each) => each.endsWith('.svg')))
      render(join(tray, name), TRAY_SIZES_PX)
  const icon = inProject('resources/icon.svg')
  if (existsSync(icon)) render(icon, APP_SIZES_PX)

  function render(file, sizes) {
    for (const size of sizes)
      writeFileSync(join(folder, `${basename(file, '.svg')}-${size}.png`), renderIcon(file, size))
  }
}
