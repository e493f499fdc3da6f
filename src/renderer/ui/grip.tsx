/** By which a row is dragged to another place. */
export const Grip = () => (
  <svg className="grip" width="10" height="14" viewBox="0 0 10 14" aria-hidden="true">
    {[3, 7, 11].flatMap((y) => [2, 7].map((x) => <circle key={`${x} ${y}`} cx={x} cy={y} r="1.2" />))}
  </svg>
)
