import { type ReactNode, type RefObject, useEffect, useRef, useState } from 'react'
import { Button, Dialog, type HoverEvent, Popover } from 'react-aria-components'
import type { DetailRow } from './strip-text'

/** How long pointer or keyboard rest on a part until its details open, and are away until they close, ms. */
const OPEN_AFTER_MS = 350
const CLOSE_AFTER_MS = 200

interface StripPartProps {
  /** What the details are about. */
  readonly label: string
  readonly className?: string
  readonly children: ReactNode
  /** Gets its button, for what else opens at it. */
  readonly anchor?: RefObject<HTMLButtonElement | null>
  /** Created when it opens. `close` closes it. */
  readonly details: (close: () => void) => ReactNode
}

/** One figure of the strip: a button that opens its details, which pointer and keyboard show where they rest. */
export function StripPart({ label, className = '', anchor, children, details }: StripPartProps) {
  const ownAnchor = useRef<HTMLButtonElement>(null)
  const button = anchor ?? ownAnchor
  const { opened, isPressed, open, close, hover, focus } = useOpened()
  return (
    <>
      <Button
        ref={button}
        className={`strip-part ${className}`}
        aria-haspopup="dialog"
        aria-expanded={opened === 'pressed'}
        onPress={open}
        onHoverStart={hover.onHoverStart}
        onHoverEnd={hover.onHoverEnd}
        onFocus={focus.onFocus}
        onBlur={focus.onBlur}
      >
        {children}
      </Button>
      <Popover
        className="menu-popover strip-details"
        triggerRef={button}
        placement="bottom start"
        offset={6}
        isOpen={opened !== null}
        onOpenChange={(isOpen) => !isOpen && close()}
        // What opened without a press takes no focus and hides nothing from a screen reader.
        isNonModal={!isPressed}
      >
        {isPressed ? (
          <Dialog className="details" aria-label={label}>
            {details(close)}
          </Dialog>
        ) : (
          <div className="details" onPointerEnter={hover.onHoverStart} onPointerLeave={hover.onHoverEnd}>
            {details(close)}
          </div>
        )}
      </Popover>
    </>
  )
}

/**
 * Whether the details are open, and whether a press opened them, which keeps them open wherever the pointer goes. While
 * they close they stay what they were, so that they take no focus then.
 */
function useOpened() {
  const [opened, setOpened] = useState<'pressed' | 'shown' | null>(null)
  const [last, setLast] = useState(opened)
  if (opened !== null && opened !== last) setLast(opened)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  /** The focus comes back from the details, and nobody asked for them again. */
  const isReturning = useRef(false)
  useEffect(() => () => clearTimeout(timer.current), [])
  // Without the focus, no other element hears of the key.
  useEffect(() => {
    if (opened !== 'shown') return undefined
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return
      // A dialog that has the focus is closed by the same key.
      if (!document.activeElement?.closest('[role="dialog"]')) event.stopPropagation()
      setOpened(null)
    }
    // Who presses elsewhere is done with them, and means that by the next Escape.
    const onPointerDown = ({ target }: PointerEvent) => {
      if (!(target instanceof Element) || target.closest('.strip-part, .strip-details') === null)
        setOpened(null)
    }
    window.addEventListener('keydown', onKey, { capture: true })
    window.addEventListener('pointerdown', onPointerDown, { capture: true })
    return () => {
      window.removeEventListener('keydown', onKey, { capture: true })
      window.removeEventListener('pointerdown', onPointerDown, { capture: true })
    }
  }, [opened])
  const after = (ms: number, change: (now: typeof opened) => typeof opened): void => {
    clearTimeout(timer.current)
    timer.current = setTimeout(() => setOpened(change), ms)
  }
  const set = (next: typeof opened) => {
    clearTimeout(timer.current)
    setOpened(next)
  }
  const hide = () => after(CLOSE_AFTER_MS, (now) => (now === 'shown' ? null : now))
  return {
    opened,
    isPressed: (opened ?? last) === 'pressed',
    open: () => {
      isReturning.current = true
      set('pressed')
    },
    close: () => set(null),
    hover: {
      onHoverStart: ({ pointerType }: Pick<HoverEvent, 'pointerType'> | React.PointerEvent) => {
        if (pointerType === 'mouse' || pointerType === 'pen') after(OPEN_AFTER_MS, (now) => now ?? 'shown')
      },
      onHoverEnd: hide,
    },
    focus: {
      onFocus: ({ target }: React.FocusEvent) => {
        if (!isReturning.current && target.matches(':focus-visible'))
          after(OPEN_AFTER_MS, (now) => now ?? 'shown')
        isReturning.current = false
      },
      onBlur: hide,
    },
  }
}

export function DetailRows({ rows }: { readonly rows: readonly DetailRow[] }) {
  return (
    <dl className="detail-rows">
      {rows.map(({ label, value, tone }) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd className={tone === undefined ? undefined : `${tone}-text`}>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
