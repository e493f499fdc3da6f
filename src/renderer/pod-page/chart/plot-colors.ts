import type { ChartLane } from './chart-data'

/** The colors of the page, which a canvas cannot look up itself. */
export function readColors(root: HTMLElement) {
  const style = getComputedStyle(root)
  const color = (name: string): string => style.getPropertyValue(name).trim()
  const [own, plain] = [color('--c') || color('--p1'), color('--p6')]
  const line = (metric: ChartLane['metric']): string =>
    metric === 'gpu' || metric === 'gpuMemory' ? own : plain
  const family = style.fontFamily
  return {
    line,
    area: (metric: ChartLane['metric']) => withAlpha(line(metric), '24'),
    band: (metric: ChartLane['metric']) => withAlpha(line(metric), '4d'),
    idle: color('--idle-fill'),
    idleHatch: color('--idle-hatch'),
    unobserved: color('--unobserved'),
    off: withAlpha(color('--bg'), '99'),
    base: color('--line-strong'),
    text: color('--text-3'),
    font: `500 11px ${family}`,
    fontAt: (ratio: number) => `500 ${11 * ratio}px ${family}`,
  }
}

const withAlpha = (color: string, alpha: string): string =>
  /^#[0-9a-f]{6}$/i.test(color) ? `${color}${alpha}` : color

const HATCH_PX = 6

/** Lines at 45°, which stand for idle time only. */
export function hatch(ctx: CanvasRenderingContext2D, color: string): CanvasPattern | null {
  const size = HATCH_PX * devicePixelRatio
  const tile = document.createElement('canvas')
  tile.width = size
  tile.height = size
  const pen = tile.getContext('2d')
  if (pen === null) return null
  pen.strokeStyle = color
  pen.lineWidth = size / 4
  for (const shift of [-size, 0, size]) {
    pen.beginPath()
    pen.moveTo(shift, size)
    pen.lineTo(shift + size, 0)
    pen.stroke()
  }
  return ctx.createPattern(tile, 'repeat')
}
