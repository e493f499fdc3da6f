/*
 * The policy of pages allows no style element and no style attribute, and xterm.js writes both. This hands it a document
 * whose elements take the same way as its other styles: through the object model, which needs no exception.
 */

/** `real`, but for the elements that it creates. */
export function strictDocument(real: Document): Document {
  const methods = new Map<string | symbol, unknown>([['createElement', strictCreateElement(real)]])
  return new Proxy(real, {
    get(target, name) {
      const known = methods.get(name)
      if (known !== undefined) return known
      const value: unknown = Reflect.get(target, name, target)
      if (typeof value !== 'function') return value
      // Methods of a document work on a real one only.
      const bound: unknown = value.bind(target)
      methods.set(name, bound)
      return bound
    },
  })
}

/** Runs `work`, in which even who asks the page's own document gets such elements. */
export function withStrictElements(real: Document, work: () => void): void {
  Object.defineProperty(real, 'createElement', { configurable: true, value: strictCreateElement(real) })
  try {
    work()
  } finally {
    Reflect.deleteProperty(real, 'createElement')
  }
}

function strictCreateElement(real: Document) {
  const create = Document.prototype.createElement.bind(real)
  return (name: string): HTMLElement => {
    const element = create(name)
    if (element instanceof HTMLStyleElement) return withSheet(element, real)
    if (element instanceof HTMLSpanElement) element.setAttribute = setAttribute
    return element
  }
}

function setAttribute(this: HTMLElement, name: string, value: string): void {
  if (name === 'style') this.style.cssText = value
  else Element.prototype.setAttribute.call(this, name, value)
}

/** Its text becomes a sheet of the document, and goes with the element. */
function withSheet(element: HTMLStyleElement, real: Document): HTMLStyleElement {
  const sheet = new CSSStyleSheet()
  real.adoptedStyleSheets = [...real.adoptedStyleSheets, sheet]
  Object.defineProperty(element, 'textContent', {
    set(text: string) {
      sheet.replaceSync(text)
    },
  })
  element.remove = () => {
    real.adoptedStyleSheets = real.adoptedStyleSheets.filter((one) => one !== sheet)
    Element.prototype.remove.call(element)
  }
  return element
}
