import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

/**
 * axe-core as a script for a page. It measures a contrast once: a text isn't looked at again whose color, size and
 * weight, and the backgrounds down to the first opaque one, are those of a text that passed, also in an earlier state
 * of the window. Contrast is most of what axe-core spends, and depends on nothing else. A text that may lie over
 * something else than its ancestors, or that is blended with it, is always looked at.
 */
export function axeSource(): string {
  const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
  return `${axe}\n;(${REMEMBER_CONTRAST})()`
}

/** `matches` says whether a rule is about an element; axe-core gives it and `evaluate` one context per run. */
const REMEMBER_CONTRAST = `() => {
  const passed = (window.top.passedContrasts ??= new Set())
  const rule = axe._audit.rules.find(({ id }) => id === 'color-contrast')
  const check = axe._audit.checks['color-contrast']
  const { matches } = rule
  const { evaluate } = check
  const backgroundsOfRun = new WeakMap()
  const backgroundsOf = (element, known) => {
    if (element === null) return ''
    if (!known.has(element)) known.set(element, readBackgrounds(element, known))
    return known.get(element)
  }
  const readBackgrounds = (element, known) => {
    const style = getComputedStyle(element)
    const behind = backgroundsOf(element.parentElement, known)
    if (behind === null || style.opacity !== '1' || style.filter !== 'none' || style.mixBlendMode !== 'normal') return null
    if (style.backgroundImage !== 'none') return UNSURE
    if (style.backgroundColor.startsWith('rgb(')) return style.backgroundColor
    if (behind === UNSURE || !['static', 'relative'].includes(style.position)) return UNSURE
    return style.backgroundColor === 'rgba(0, 0, 0, 0)' ? behind : behind + style.backgroundColor
  }
  const UNSURE = 'unsure'
  const keyOf = (element, context) => {
    if (!backgroundsOfRun.has(context)) backgroundsOfRun.set(context, new Map())
    const backgrounds = backgroundsOf(element, backgroundsOfRun.get(context))
    if (backgrounds === null || backgrounds === UNSURE) return null
    const { color, fontSize, fontWeight, textShadow, webkitTextStroke } = getComputedStyle(element)
    return [color, fontSize, fontWeight, textShadow, webkitTextStroke, backgrounds].join()
  }
  const holdsText = ({ childNodes }) => [...childNodes].some((node) => node.nodeType === 3 && /\\S/.test(node.data))
  const isField = ({ tagName }) => /^(INPUT|SELECT|TEXTAREA)$/i.test(tagName)
  rule.matches = function (element, node, context) {
    if (!(isField(element) || holdsText(element)) || passed.has(keyOf(element, context))) return false
    return matches.call(this, element, node, context)
  }
  check.evaluate = function (element, options, node, context) {
    let measured
    const helper = Object.create(this, { data: { value: (data) => this.data((measured = data)) } })
    const result = evaluate.call(helper, element, options, node, context)
    if (result === true && measured?.bgColor !== undefined) {
      const key = keyOf(element, context)
      if (key !== null) passed.add(key)
    }
    return result
  }
}`
