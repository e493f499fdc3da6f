import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { defaultSettings } from '../../../../src/core/settings/settings'

const { resolve } = createRequire(import.meta.url)
const sourceOf = (name: string): string => readFileSync(resolve(name), 'utf8')

export interface BareOptions {
  readonly columns: number
  readonly rows: number
  /** With the app's colors, contrast and Unicode clusters, or with xterm.js defaults. */
  readonly isLikeOurs: boolean
}

/** The colors of the app's terminals. Imported dynamically because their types need the DOM library. */
async function themes(): Promise<unknown> {
  const file = join(import.meta.dirname, '../../../../src/renderer/terminal/screen/screen-themes.ts')
  const loaded = (await import(/* @vite-ignore */ file)) as { readonly screenThemes: unknown }
  return loaded.screenThemes
}

/** A plain xterm.js of the same version in a page of the app, covering everything. It receives no keyboard input. */
export async function openBareXterm(
  page: Page,
  { columns, rows, isLikeOurs }: BareOptions,
): Promise<BareXterm> {
  for (const name of ['@xterm/xterm', '@xterm/addon-unicode-graphemes']) await page.evaluate(sourceOf(name))
  const look = {
    cols: columns,
    rows,
    fontFamily: '"JetBrains Mono", ui-monospace, monospace',
    fontSize: defaultSettings.terminalFontPx,
    lineHeight: 1.2,
    scrollback: defaultSettings.terminalScrollbackLines,
    allowProposedApi: true,
    logLevel: 'off',
  }
  const ours = { minimumContrastRatio: 4.5, cursorInactiveStyle: 'outline' }
  await page.evaluate(`(() => {
    const place = document.createElement('div')
    place.id = 'bare-xterm'
    Object.assign(place.style, { position: 'fixed', inset: 0, zIndex: 1000, background: '#000' })
    document.body.append(place)
    const themes = ${JSON.stringify(isLikeOurs ? await themes() : {})}
    const theme = themes[matchMedia('(prefers-color-scheme: light)').matches ? 'light' : 'dark']
    const bare = new Terminal(${isLikeOurs ? `{ ...${JSON.stringify({ ...look, ...ours })}, theme }` : JSON.stringify(look)})
    if (${isLikeOurs}) bare.loadAddon(new (UnicodeGraphemesAddon.UnicodeGraphemesAddon ?? UnicodeGraphemesAddon)())
    bare.open(place)
    const bareAnswers = []
    bare.onData((text) => bareAnswers.push(text))
    Object.assign(globalThis, { bare, bareAnswers })
  })()`)
  return {
    write: (bytes) =>
      page.evaluate(
        `new Promise((done) => bare.write(Uint8Array.from(atob('${Buffer.from(bytes).toString('base64')}'), (one) => one.charCodeAt(0)), done))`,
      ),
    html: () => page.evaluate<string[]>(drawnRows('#bare-xterm')),
    answers: () => page.evaluate<string[]>('bareAnswers'),
    close: () => page.evaluate("bare.dispose(), document.querySelector('#bare-xterm').remove()"),
  }
}

export interface BareXterm {
  /** Resolves once the bytes are parsed. */
  write(bytes: Uint8Array): Promise<void>
  /** Its lines as drawn, except the cursor's shape, which depends on the focus, and hairline gaps between letters. */
  html(): Promise<readonly string[]>
  /** Replies to queries in the bytes so far. */
  answers(): Promise<readonly string[]>
  close(): Promise<void>
}

/** The lines of the app's terminal in the same format. */
export const drawnHtml = (page: Page): Promise<readonly string[]> => page.evaluate(drawnRows('.screen'))

const drawnRows = (
  place: string,
): string => `new Promise((done) => requestAnimationFrame(() => setTimeout(() => done(
  [...document.querySelectorAll('${place} .xterm-rows > div')].map((row) => row.innerHTML
    .replace(/xterm-cursor-(block|outline|blink|underline|bar)/g, '').replace(/ style="letter-spacing: [^;"]*;?"/g, '')
    .replace(/letter-spacing: [^;"]*; ?/g, '').replace(/ +(?=["' ])/g, '')),
))))`
