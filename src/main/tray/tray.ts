import { join } from 'node:path'
import { Menu, type MenuItemConstructorOptions, type NativeImage, nativeImage, Tray } from 'electron'
import type { TrayModel, TrayState } from '../../core/view/tray/tray-model'
import type { TrayCommand, TrayMenuEntry } from '../../core/view/tray/tray-menu'

export interface AppTray {
  show(model: TrayModel): void
  destroy(): void
}

export interface TrayHandlers {
  onCommand(command: TrayCommand): void
  onClick(bounds: Electron.Rectangle): void
}

/** Pixel size of the icons at scale 1; twice that at scale 2. */
const ICON_SIZE = process.platform === 'darwin' ? 22 : process.platform === 'win32' ? 16 : 24

export function createTray(first: TrayModel, handlers: TrayHandlers): AppTray {
  const images = new Map<string, NativeImage>()
  const imageOf = ({ state, isDimmed }: TrayModel): NativeImage => {
    const name = isDimmed ? `${state}-dimmed` : state
    const image = images.get(name) ?? loadImage(state, isDimmed)
    images.set(name, image)
    return image
  }
  let shown = first
  const tray = new Tray(imageOf(first))
  tray.setToolTip(first.tooltip)
  // Other systems cannot show a title next to the icon.
  const setTitle = (title: string): void => {
    if (process.platform === 'darwin') tray.setTitle(title)
  }
  setTitle(first.title)
  tray.setContextMenu(buildMenu(first.menu, handlers))
  tray.on('click', (_event, bounds) => handlers.onClick(bounds))
  return {
    show(model) {
      if (model.state !== shown.state || model.isDimmed !== shown.isDimmed) tray.setImage(imageOf(model))
      if (model.tooltip !== shown.tooltip) tray.setToolTip(model.tooltip)
      if (model.title !== shown.title) setTitle(model.title)
      // On Linux menu items cannot change, so the menu is replaced, but only when it differs.
      if (JSON.stringify(model.menu) !== JSON.stringify(shown.menu))
        tray.setContextMenu(buildMenu(model.menu, handlers))
      shown = model
    },
    destroy: () => tray.destroy(),
  }
}

function buildMenu(entries: readonly TrayMenuEntry[], handlers: TrayHandlers): Menu {
  return Menu.buildFromTemplate(entries.map((entry) => itemOf(entry, handlers)))
}

function itemOf(entry: TrayMenuEntry, handlers: TrayHandlers): MenuItemConstructorOptions {
  switch (entry.kind) {
    case 'separator':
      return { type: 'separator' }
    case 'text':
      return { label: label(entry.text), enabled: false }
    case 'item':
      return { label: label(entry.text), click: () => handlers.onCommand(entry.command) }
    case 'submenu':
      return { label: label(entry.text), submenu: entry.entries.map((inner) => itemOf(inner, handlers)) }
  }
}

/** A single & would underline the next letter. */
const label = (text: string): string => text.replace(/&/g, '&&')

function loadImage(state: TrayState, isDimmed: boolean): NativeImage {
  const isTemplate = process.platform === 'darwin'
  const name = isTemplate ? `${state}-template` : state
  const load = (scaleFactor: number): NativeImage => {
    const size = ICON_SIZE * scaleFactor
    const image = nativeImage.createFromPath(join(__dirname, `../icons/${name}-${size}.png`))
    return isDimmed ? dimmed(image) : image
  }
  const image = load(1)
  image.addRepresentation({ scaleFactor: 2, buffer: load(2).toPNG() })
  image.setTemplateImage(isTemplate)
  return image
}

const DIMMED_OPACITY = 0.55

/** The four channels of each pixel are premultiplied by its opacity, so that all of them shrink. */
function dimmed(image: NativeImage): NativeImage {
  const pixels = image.toBitmap().map((channel) => Math.round(channel * DIMMED_OPACITY))
  return nativeImage.createFromBitmap(Buffer.from(pixels), image.getSize())
}
