import type { ReactNode } from 'react'
import { Button, Dialog, DialogTrigger, Popover } from 'react-aria-components'
import type { DetailRow } from './strip-text'

interface StripPartProps {
  /** What the details are about. */
  readonly label: string
  readonly className?: string
  readonly children: ReactNode
  /** Created when it opens. `close` closes it. */
  readonly details: (close: () => void) => ReactNode
}

/** One figure of the strip: a button that opens its details. */
export function StripPart({ label, className = '', children, details }: StripPartProps) {
  return (
    <DialogTrigger>
      <Button className={`strip-part ${className}`}>{children}</Button>
      <Popover className="menu-popover strip-details" placement="bottom start" offset={6}>
        <Dialog className="details" aria-label={label}>
          {({ close }) => details(close)}
        </Dialog>
      </Popover>
    </DialogTrigger>
  )
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
