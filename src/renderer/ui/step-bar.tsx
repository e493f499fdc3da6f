const steps = { connect: 'Connect', watch: 'Watch', done: 'Done' } as const
export type FirstStep = keyof typeof steps

/** Where one is on the first run. */
export function StepBar({ step }: { readonly step: FirstStep }) {
  return (
    <ol className="steps" aria-label="Steps">
      {Object.entries(steps).map(([name, label], index) => (
        <li key={name} {...(name === step ? { 'aria-current': 'step' as const } : {})}>
          {`${index + 1} ${label}`}
        </li>
      ))}
    </ol>
  )
}
