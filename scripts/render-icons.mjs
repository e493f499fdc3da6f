import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { inProject } from './lib/project.mjs'
import { renderIcon } from './lib/render-icon.mjs'

/*
 * Renders the SVG icons to out/icons/NAME-SIZE.png, where the built app looks for them, because trays need
 * bitmaps. Sizes are those of common panels, at normal and high density. electron-vite empties only its own
 * folders in out/.
 */
const TRAY_SIZES_PX = [16, 22, 24, 32, 44, 48]
const APP_SIZES_PX = [256, 512]

const outputFolder = inProject('out/icons')
rmSync(outputFolder, { recursive: true, force: true })
mkdirSync(outputFolder, { recursive: true })

const tray = inProject('resources/tray')
if (existsSync(tray)) {
  const svgNames = readdirSync(tray).filter((name) => name.endsWith('.svg'))
  for (const name of svgNames) render(join(tray, name), TRAY_SIZES_PX)
}
const icon = inProject('resources/icon.svg')
if (existsSync(icon)) render(icon, APP_SIZES_PX)

function render(file, sizes) {
  for (const size of sizes)
    writeFileSync(join(outputFolder, `${basename(file, '.svg')}-${size}.png`), renderIcon(file, size))
}
