/*
 * The content security policy forbids style elements and style attributes, but xterm.js writes both. This
 * redirects them to the CSSOM, which the policy allows, so that the policy needs no exception.
 */

let isInstalled = false

/** Lets scripts style spans and style elements of this page in spite of the policy. */
export function installCspSafeStyles(): void {
  if (isInstalled) return
  isInstalled = true
  HTMLSpanElement.prototype.setAttribute = function (name: string, value: string): void {
    if (name === 'style') this.style.cssText = value
    else Element.prototype.setAttribute.call(this, name, value)
  }
  const create = document.createElement.bind(document)
  const createElement = (name: string, options?: ElementCreationOptions): HTMLElement =>
    name === 'style' ? styleSheetElement(create('template')) : create(name, options)
  Object.defineProperty(document, 'createElement', { configurable: true, value: createElement })
}

/**
 * Stand-in for a style element: its text becomes an adopted style sheet, removed together with the element.
 */
function styleSheetElement(element: HTMLElement): HTMLElement {
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
