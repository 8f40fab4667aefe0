import { FONT_STACK } from '../charts/draw.js'
import { STRENGTHS, STRONGEST_OPACITY } from '../charts/passage.js'
import { colourDeclarations } from '../palette.js'

function tints(): string {
  const rules: string[] = []
  for (let strength = 1; strength <= STRENGTHS; strength++) {
    const share = Math.round((strength / STRENGTHS) * STRONGEST_OPACITY * 100)
    rules.push(
      `.plus.t${strength}{background:color-mix(in srgb,var(--series1) ${share}%,transparent)}`,
      `.minus.t${strength}{background:color-mix(in srgb,var(--series2) ${share}%,transparent)}`,
    )
  }
  // A second line of a cell has to be read on every tint.
  rules.push('td.plus{padding-left:14px}', 'td.plus .interval{color:inherit}')
  return rules.join('\n')
}

const LAYOUT = `
*{box-sizing:border-box}
html{scroll-behavior:smooth;-webkit-text-size-adjust:100%}
@media (prefers-reduced-motion:reduce){html{scroll-behavior:auto}}
body{margin:0;background:var(--page);color:var(--ink);font:16px/1.55 ${FONT_STACK};overflow-wrap:anywhere}
main{max-width:1080px;margin:0 auto;padding:20px 32px 96px}
h1,h2,h3,p,ul,ol,dl,figure{margin:0}
ul,ol{padding:0;list-style:none}
a{color:var(--link)}
a:focus-visible,summary:focus-visible,.scroll:focus-visible{outline:3px solid var(--link);outline-offset:2px;border-radius:2px}
.sr{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.skip{position:absolute;left:-999px;padding:8px 12px;background:var(--page)}
.skip:focus{left:8px;top:8px;z-index:1}

.brand{color:var(--soft);font-size:14px}
.brand b{color:var(--ink);letter-spacing:.02em}
h1{font-size:30px;line-height:1.2;letter-spacing:-.012em;font-weight:700;margin-top:2px}
.facts{display:flex;flex-wrap:wrap;color:var(--soft);font-size:14px;margin-top:6px}
.facts li:not(:last-child)::after{content:"·";margin:0 8px}
.verdict{display:grid;grid-template-columns:auto 1fr;margin-top:14px;border-radius:8px;overflow:hidden;background:var(--panel)}
.verdict .word{display:grid;place-items:center;padding:12px 26px;font-size:30px;line-height:1.1;font-weight:800;letter-spacing:.01em;color:var(--page);background:var(--soft)}
.verdict.pass .word{background:var(--pass)}
.verdict.fail .word{background:var(--fail)}
.verdict.warn .word{background:var(--warn)}
.verdict .lead{margin:0;padding:10px 22px;align-self:center}
.lead{font-size:17px;line-height:1.45;margin-top:14px}
.why{display:block;color:var(--soft);font-size:14px;margin-top:2px}

h2{font-size:22px;line-height:1.3;letter-spacing:-.008em;font-weight:700;scroll-margin-top:16px}
header~section{margin-top:24px}
header~section>h2{font-size:18px;margin-bottom:10px}
.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(260px,1fr));gap:14px}
.card{border:1px solid var(--line);border-top:4px solid var(--soft);border-radius:6px;padding:12px 16px 14px;font-size:14.5px}
.card h3{font-size:16px;line-height:1.35;margin:2px 0 6px}
.card.pass{border-top-color:var(--pass)}
.card.warn{border-top-color:var(--warn)}
.card.fail{border-top-color:var(--fail)}
.card.error{border-top-color:var(--error)}
.card.insufficient{border-top-color:var(--insufficient)}
.card .action{margin-top:8px}
.tag{font-size:13px}
.status{font-weight:600}
.status.pass{color:var(--pass)}
.status.warn{color:var(--warn)}
.status.fail{color:var(--fail)}
.status.error{color:var(--error)}
.status.insufficient{color:var(--insufficient)}
.estimate{font-variant-numeric:tabular-nums}
.interval,.sources,.note,.missing,.bound,small,caption{color:var(--soft)}
.interval{white-space:nowrap}
.missing{font-style:italic}

table{border-collapse:collapse;width:100%;font-size:14.5px;line-height:1.4}
caption{text-align:left;font-size:13.5px;padding-bottom:8px}
th,td{text-align:left;vertical-align:top;padding:7px 14px 7px 0;border-top:1px solid var(--line);font-weight:400}
thead th{border-top:0;color:var(--soft);font-size:13px;white-space:nowrap}
tbody tr:last-child>*{border-bottom:1px solid var(--line)}
.numeric{text-align:right;font-variant-numeric:tabular-nums}
.gates th,.gates td{vertical-align:middle;padding-top:6px;padding-bottom:6px}
.gates tbody th{width:34%}
.gates tbody th{font-weight:600}
.gates small{font-weight:400;font-size:13px}
.gates .bound{white-space:nowrap}
.gates .bar{padding-right:0;width:230px}
.gates svg{display:block;max-width:100%;height:auto}
.scroll{overflow-x:auto;margin-top:14px}
.scroll td{min-width:9ch}
.scroll th,.scroll .numeric{white-space:nowrap;min-width:0}
.scroll tbody th{white-space:normal;min-width:12ch}

.answers{display:grid;grid-template-columns:220px minmax(0,720px);gap:56px;margin-top:56px;border-top:1px solid var(--line);padding-top:32px}
nav ol{position:sticky;top:24px;font-size:14px;line-height:1.4}
nav li+li{margin-top:10px}
nav a{color:var(--ink);text-decoration:none}
nav small{display:block;font-size:13px}
nav small .status{font-weight:700}
nav a:hover{color:var(--link);text-decoration:underline}
.column>section+section{margin-top:64px}
.answer{font-size:18px;line-height:1.5;margin-top:8px}
figure{margin-top:24px}
figcaption{font-weight:600;margin-bottom:10px}
figure svg{display:block;max-width:100%;height:auto;overflow:visible}
.narrow{display:none}
.passage{padding:16px 18px;background:var(--panel);border-radius:6px;line-height:1.9;white-space:pre-wrap}
.passage span,.passage-key span{padding:2px 0;border-radius:2px}
.passage-key span{padding:2px 6px;color:var(--ink)}
.minus{text-decoration:underline dotted 1px;text-underline-offset:4px}
.note{font-size:13.5px;margin-top:8px}
.findings{margin-top:24px;border-top:1px solid var(--line)}
.finding{padding:12px 0;border-bottom:1px solid var(--line)}
.finding .number,.finding .action{font-size:15px;margin-top:2px}
.finding .bound{margin-left:10px}
.sources{font-size:13px;margin-top:2px}
details{margin-top:18px}
summary{cursor:pointer;color:var(--link);font-size:14.5px;width:fit-content;padding:4px 0}
details h3{font-size:15px;margin:18px 0 6px}
details ul{list-style:disc;padding-left:20px;font-size:14.5px}
.column h3{font-size:16px;margin:22px 0 6px}
.column>section>ul:not(.findings){list-style:disc;padding-left:20px}
details h4{font-size:14.5px;margin:16px 0 4px;scroll-margin-top:16px}
.method{margin-top:4px;font-size:14.5px}
.method p,.method ul{margin-top:8px}
.method table{font-size:13.5px}
pre{margin:8px 0 0;padding:10px 12px;background:var(--panel);border-radius:6px;white-space:pre-wrap;font:13px/1.5 ui-monospace,Menlo,Consolas,'DejaVu Sans Mono',monospace}
dl{display:grid;grid-template-columns:minmax(110px,auto) 1fr;gap:6px 20px;margin-top:16px;font-size:14.5px}
dt{color:var(--soft)}
dd{margin:0;font-variant-numeric:tabular-nums}
.hashes{display:block}
.hashes dd{margin-bottom:10px}
code{font:13px/1.5 ui-monospace,Menlo,Consolas,'DejaVu Sans Mono',monospace}
`

const SMALL = `
@media (max-width:1000px){
.answers{display:block;margin-top:40px;padding-top:24px}
nav{max-width:720px}
nav ol{position:static;margin-bottom:40px;padding:14px 18px;background:var(--panel);border-radius:6px}
nav li+li{margin-top:6px}
nav a{color:var(--link)}
.column{max-width:720px}
}
@media (max-width:640px){
main{padding:18px 16px 64px}
h1{font-size:25px}
.verdict{grid-template-columns:1fr}
.verdict .word{place-items:start;padding:12px 16px;font-size:26px}
.verdict .lead{padding:12px 16px}
.lead{font-size:16px}
.answer{font-size:17px}
.gates thead{display:none}
.gates,.gates tbody,.gates tr,.gates th,.gates td,.gates caption{display:block}
.gates th,.gates td{border:0;padding:0 0 4px}
.gates tbody tr{border-top:1px solid var(--line);padding:12px 0}
.gates tbody tr:last-child>*{border-bottom:0}
.gates .bound{padding-bottom:8px}
.gates .bound::before{content:"bound "}
.gates .bar,.gates tbody th{width:auto}
.scroll .numeric{white-space:normal}
.gates svg{width:100%}
.wide{display:none}
.narrow{display:block}
dl{display:block}
dd{margin-bottom:10px}
}`

const PRINT = `
@page{size:A4;margin:11mm 13mm}
@media print{
body{font-size:9.5pt;line-height:1.4;print-color-adjust:exact;-webkit-print-color-adjust:exact}
main{max-width:none;padding:0}
nav,.skip,details,.methods,.finding .sources{display:none}
.cards{grid-template-columns:repeat(3,1fr);gap:8pt}
.card{padding:4pt 8pt 5pt;font-size:8.5pt}
.card h3{font-size:9.5pt}
.card .action{margin-top:3pt}
header~section{margin-top:10pt}
h1{font-size:20pt}
header~section>h2{font-size:13pt}
.lead{font-size:11pt}
.gates th,.gates td{padding-top:3pt;padding-bottom:3pt}
.gates .bar{width:110pt}
/* Two columns, as a journal has them, with the drawings made for a phone: they fit a column and can be read in it. */
.answers{display:block;margin-top:12pt;padding-top:10pt}
.column{max-width:none;columns:2;column-gap:9mm}
.column>section+section{margin-top:14pt}
.wide{display:none}
.narrow{display:block}
h2,.column h3{font-size:11.5pt}
.answer{font-size:9.5pt;margin-top:3pt}
figure{margin-top:8pt}
figure svg{width:72%}
figure.long svg{width:auto;max-height:170mm}
figcaption{font-size:9pt;margin-bottom:4pt}
/* Its spans are what is looked at: they run on, so that lines of code do not fill a column. */
.passage{padding:4pt 6pt;font-size:7.5pt;line-height:1.35;white-space:normal}
.passage span{padding:0}
.findings{margin-top:8pt}
.finding{padding:2.5pt 0}
table,dl,.finding,.finding .number,.finding .action{font-size:8pt;line-height:1.3}
.scroll{overflow:visible;margin-top:6pt}
.scroll th,.scroll td,.scroll .numeric{white-space:normal;min-width:0;padding:1.5pt 5pt 1.5pt 0}
.scroll .interval{white-space:normal}
.scroll th,.scroll td{overflow-wrap:break-word}
dl{gap:2pt 10pt;margin-top:6pt}
.gates small,caption,.note{font-size:8pt}
h2,.column h3,figcaption,.answer,caption,thead{break-after:avoid}
h2,figure,.card,.finding,.answer,tr,.verdict{break-inside:avoid}
}`

/** The page's style sheet: colours by role, one column of text, phone and paper. */
export function styleSheet(): string {
  return [colourDeclarations(), LAYOUT, tints(), SMALL, PRINT].join('\n')
}
