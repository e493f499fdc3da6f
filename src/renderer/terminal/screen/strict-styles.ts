/*
 * The policy of pages allows no style element and no style attribute, and xterm.js writes both. Its way of styling is led
 * through the object model here, which needs no exception: whoever could reach this could do as much without it.
 */

let isDone = false

/** From now on spans and style elements of this page can be styled by script, as all its other elements can. */
export function styleByObjectModel(): void {
  if (isDone) return
  isDone = true
  HTMLSpanElement.prototype.setAttribute = function (name: string, value: string): void {
    if (name === 'style') this.style.cssText = value
    else Element.prototype.setAttribute.call(this, name, value)
  }
  const create = document.createElement.bind(document)
  const createElement = (name: string, options?: ElementCreationOptions): HTMLElement =>
    name === 'style' ? sheetElement(create('template')) : create(name, options)
  Object.defineProperty(document, 'createElement', { configurable: true, value: createElement })
}

/** Stands where a style element would: its text becomes a sheet of the document, and goes with it. */
function sheetElement(element: HTMLElement): HTMLElement {
  const sheet = new CSSStyleSheet()
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet]
  Object.defineProperty(element, 'textContent', {
    set(text: string) {
      sheet.replaceSync(text)
    },
  })
  element.remove = () => {
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((one) => one !== sheet)
    Element.prototype.remove.call(element)
  }
  return element
}
