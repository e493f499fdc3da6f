import { webUtils } from 'electron'
import { dropAttributes, type FileDrop } from '../shared/file-drop'

/** Where a file is on this computer; empty for one that a page made. Electron 32 and newer have `webUtils`. */
function pathOf(file: File): string {
  const utils = webUtils as typeof webUtils | undefined
  if (utils !== undefined) return utils.getPathForFile(file)
  return (file as File & { readonly path?: string }).path ?? ''
}

const zoneOf = ({ target }: Event): Element | null =>
  target instanceof Element ? target.closest(`[${dropAttributes.podKey}]`) : null

/**
 * Hands files that a person drops on a marked element to main, which asks before it does anything. Only drops of the
 * system count: those that a script dispatches aren't trusted, and files that it makes have no path.
 */
export function watchFileDrops(page: Document, send: (drop: FileDrop) => void): void {
  let marked: Element | null = null
  const mark = (zone: Element | null): void => {
    if (marked === zone) return
    marked?.removeAttribute(dropAttributes.isOver)
    zone?.setAttribute(dropAttributes.isOver, '')
    marked = zone
  }
  const hasFiles = (event: DragEvent): boolean =>
    event.isTrusted && event.dataTransfer?.types.includes('Files') === true

  const onDragOver = (event: DragEvent): void => {
    if (!hasFiles(event) || event.dataTransfer === null) return
    const zone = zoneOf(event)
    mark(zone)
    event.preventDefault()
    event.stopPropagation()
    event.dataTransfer.dropEffect = zone === null ? 'none' : 'copy'
  }
  const onDragLeave = (event: DragEvent): void => {
    if (event.relatedTarget === null) mark(null)
  }
  const onDrop = (event: DragEvent): void => {
    mark(null)
    if (!hasFiles(event)) return
    event.preventDefault()
    event.stopPropagation()
    const zone = zoneOf(event)
    if (zone === null) return
    send({
      podKey: (zone.getAttribute(dropAttributes.podKey) ?? '') as FileDrop['podKey'],
      folder: zone.getAttribute(dropAttributes.folder),
      terminalId: zone.getAttribute(dropAttributes.terminalId),
      paths: [...(event.dataTransfer?.files ?? [])].map(pathOf).filter((path) => path !== ''),
      isShownThere: zone.hasAttribute(dropAttributes.isShownThere),
    })
  }
  page.addEventListener('dragenter', onDragOver, true)
  page.addEventListener('dragover', onDragOver, true)
  page.addEventListener('dragleave', onDragLeave, true)
  page.addEventListener('drop', onDrop, true)
  page.addEventListener('dragend', () => mark(null), true)
}
