/** A share in percent, as everything that is read by people writes it: `0.123` → `12 %`. */
export function percent(share: number, digits = 0): string {
  return `${(100 * share)
    .toFixed(digits)
    .replace(/^-(?=0(?:\.0*)?$)/, '')
    .replace('-', '−')} %`
}
