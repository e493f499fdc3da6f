import { withoutEnd } from '../base/text/without-end'
import type { LineStyle, StyledText, StyleName } from './log-line'

/*
 * Makes a line that a program printed safe to show: its colors become styles, and every other control sequence or
 * character is removed. Nothing a program prints can move the cursor, set a title, open a link or reverse text.
 */

/**
 * Control sequences, as ECMA-48 has them: CSI, then strings (OSC, DCS, APC, PM, SOS), which go to the end of the line
 * where they are not ended, then the short ones. Each part excludes what follows it, so that matching takes linear
 * time.
 */
const SEQUENCE =
  // oxlint-disable-next-line no-control-regex -- control characters are what it is about
  /(?:\u001b\[|\u009b)([\x30-\x3f]*)[\x20-\x2f]*([\x40-\x7e]?)|(?:\u001b[\]PX^_]|[\u0090\u0098\u009d-\u009f])[^\u0007\u001b\u009c]*(?:\u0007|\u001b\\|\u009c)?|\u001b[\x20-\x2f]*[\x30-\x7e]?/gu

/** Control characters but tabs, marks that turn the direction of text, and invisible ones without a use in a log. */
const INVISIBLE = /[\p{Cc}\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/gu
const LONE_SURROGATES = /\p{Cs}/gu

/** Programs that change color with every character cost as much as ordinary ones. */
const MAX_STYLES = 200

export function cleanLine(raw: string): StyledText {
  const line = lastOverwrite(raw)
  if (isPlain(line)) return { text: line, styles: [] }
  let text = ''
  let end = 0
  let names: readonly StyleName[] = []
  const styles: LineStyle[] = []
  const append = (piece: string): void => {
    const from = text.length
    text += piece
      .replace(INVISIBLE, (character) => (character === '\t' ? '\t' : ''))
      .replace(LONE_SURROGATES, '\ufffd')
    if (names.length > 0 && text.length > from && styles.length < MAX_STYLES)
      styles.push({ from, to: text.length, names })
  }
  for (const match of line.matchAll(SEQUENCE)) {
    append(line.slice(end, match.index))
    end = match.index + match[0].length
    if (match[2] === 'm') names = withSgr(names, match[1] ?? '')
  }
  append(line.slice(end))
  return { text, styles }
}

/** The same text without any style. */
export const cleanText = (raw: string): string => cleanLine(raw).text

const isPlain = (text: string): boolean => /^[\x20-\x7e\t]*$/.test(text)

/** A progress bar returns to the start of the line and prints over it; the last of what it printed counts. */
function lastOverwrite(raw: string): string {
  const ended = withoutEnd(raw, '\r\n')
  const line = ended.replace(/\n/g, ' ')
  return line.slice(line.lastIndexOf('\r') + 1)
}

const COLORS: readonly (StyleName | null)[] = [
  null,
  'red',
  'green',
  'yellow',
  'blue',
  'magenta',
  'cyan',
  null,
]
const ATTRIBUTES: Readonly<Record<number, StyleName>> = {
  1: 'bold',
  2: 'dim',
  3: 'italic',
  4: 'underline',
  9: 'strike',
}
const ENDED: Readonly<Record<number, readonly StyleName[]>> = {
  22: ['bold', 'dim'],
  23: ['italic'],
  24: ['underline'],
  29: ['strike'],
}

/** The styles after a sequence "select graphic rendition" with these parameters. */
function withSgr(names: readonly StyleName[], parameters: string): readonly StyleName[] {
  if (!/^[\d;:]*$/.test(parameters)) return names
  const codes = parameters.split(';').slice(0, 32)
  let next = names
  for (let index = 0; index < codes.length; index += 1) {
    const parts = (codes[index] ?? '').split(':').map(Number)
    const code = parts[0] ?? 0
    if (code === 38 || code === 48) {
      // "38;5;n" and "38;2;r;g;b" take their numbers from the codes that follow; with colons they have their own.
      const isOwn = parts.length > 1
      const mode = isOwn ? parts[1] : Number(codes[index + 1])
      // "38:2::r:g:b" names a color space, too.
      const ownValues = parts.slice(mode === 2 && parts.length > 5 ? 3 : 2)
      const values = isOwn ? ownValues : codes.slice(index + 2, index + 5).map(Number)
      if (!isOwn) index += mode === 5 ? 2 : mode === 2 ? 4 : 1
      if (code === 38) next = withColor(next, mode === 5 ? indexedColor(values[0]) : nearestColor(values))
    } else next = withCode(next, code)
  }
  return next
}

function withCode(names: readonly StyleName[], code: number): readonly StyleName[] {
  if (code === 0) return []
  const attribute = ATTRIBUTES[code]
  if (attribute !== undefined) return names.includes(attribute) ? names : [...names, attribute]
  const ended = ENDED[code]
  if (ended !== undefined) return names.filter((name) => !ended.includes(name))
  if (code === 39) return withColor(names, null)
  if (code >= 30 && code <= 37) return withColor(names, COLORS[code - 30] ?? null)
  if (code === 90) return withColor(names, 'dim')
  return code >= 91 && code <= 97 ? withColor(names, COLORS[code - 90] ?? null) : names
}

function withColor(names: readonly StyleName[], color: StyleName | null): readonly StyleName[] {
  const others = names.filter((name) => !COLORS.includes(name))
  return color === null || others.includes(color) ? others : [color, ...others]
}

/** Of the palette of 256 colors: 16 named ones, a cube of six steps for each of red, green and blue, and grays. */
function indexedColor(index = 0): StyleName | null {
  if (index < 16) return COLORS[index % 8] ?? null
  if (index > 231) return null
  const cube = index - 16
  return nearestColor([Math.floor(cube / 36), Math.floor(cube / 6) % 6, cube % 6].map((step) => step * 51))
}

/** By which of red, green and blue it has much; null for grays. */
function nearestColor([red = 0, green = 0, blue = 0]: readonly number[]): StyleName | null {
  const most = Math.max(red, green, blue)
  const least = Math.min(red, green, blue)
  if (most - least < 48) return null
  const half = (most + least) / 2
  const bits = (red > half ? 1 : 0) + (green > half ? 2 : 0) + (blue > half ? 4 : 0)
  return COLORS[bits] ?? null
}
