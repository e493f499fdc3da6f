import { readFileSync } from 'node:fs'
import { Resvg } from '@resvg/resvg-js'

/** The SVG in `file` as a PNG of this width. */
export function renderIcon(file, widthPx) {
  const image = new Resvg(readFileSync(file, 'utf8'), {
    fitTo: { mode: 'width', value: widthPx },
    font: { loadSystemFonts: false },
  })
  return image.render().asPng()
}
