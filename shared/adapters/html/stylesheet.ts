/**
 * The one stylesheet of all pages. Text has a contrast of at least 4.5:1 and lines of charts at least 3:1 to what they stand
 * on, light and dark; tests/shared/adapters/html/in-browser.test.ts measures it.
 */

/** How many colours the series of charts have; then they begin again. */
export const SERIES_COLOURS = 12
/** How many depths a heat map has on each side of zero. */
export const HEAT_DEPTHS = 5

const LIGHT_SERIES = '#0b57a4 #c2410c #0b7a5b #8e3bb0 #8a6a00 #b0276b #0e7490 #57534e #4d7c0f #7a4a3a #4350b8 #6b7280'
const DARK_SERIES = '#6aaef5 #f59a5b #3fc49a #c88be8 #d6b53c #f07fb4 #4cc3de #b5b0aa #9cc94f #cf9b86 #96a3f7 #9aa3b0'

const numbered = (to: number, write: (n: number) => string) =>
  Array.from({ length: to }, (_, i) => write(i + 1)).join('')
const series = (colours: string) =>
  colours.split(' ').reduce((css, colour, i) => `${css}--series-${i + 1}:${colour};`, '')
const heat = (side: 'positive' | 'negative') =>
  numbered(HEAT_DEPTHS, (n) => {
    const mixed = (share: number) => `color-mix(in srgb,var(--heat-${side}) ${share}%,var(--surface))`
    // Numbers stand on backgrounds, nothing on fills: those can be deeper.
    return `.heat-${side}-${n}{background:${mixed(n * 12)};fill:${mixed(n * 20)}}\n`
  })

export const STYLESHEET = `
:root{color-scheme:light dark;
--surface:#fff;--raised:#f4f6f8;--ink:#1c2430;--muted:#55606e;--rule:#d5dae1;--grid:#e3e7ec;--link:#0b57a4;
--positive:#0b6b4f;--negative:#b3261e;--warning:#7a4d00;--heat-positive:#0b7a5b;--heat-negative:#c4473d;
--notice:#fff3cd;--notice-ink:#4a3500;${series(LIGHT_SERIES)}}
@media screen and (prefers-color-scheme:dark){:root{
--surface:#12161c;--raised:#1b212a;--ink:#e6e9ee;--muted:#a8b1bd;--rule:#39424e;--grid:#29313b;--link:#8cc0ff;
--positive:#4cc38a;--negative:#ff8f86;--warning:#f0b93a;--heat-positive:#1f8f63;--heat-negative:#c4473d;
--notice:#4a3800;--notice-ink:#ffe9a8;${series(DARK_SERIES)}}}
*{box-sizing:border-box}
html{font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;-webkit-text-size-adjust:100%}
body{margin:0 auto;max-width:76rem;padding:0 1rem 2rem;background:var(--surface);color:var(--ink);overflow-wrap:break-word}
h1{font-size:1.6rem;line-height:1.25;margin:1.25rem 0 .25rem}
h2{font-size:1.2rem;line-height:1.3;margin:2rem 0 .5rem}
h3{font-size:1rem;margin:1.25rem 0 .25rem}
p{margin:.5rem 0;max-width:46rem}
a{color:var(--link)}
a:focus-visible,button:focus-visible,input:focus-visible,select:focus-visible,summary:focus-visible,.scroll:focus-visible{
outline:3px solid var(--link);outline-offset:2px}
code,pre{font-family:ui-monospace,"Cascadia Mono","DejaVu Sans Mono",monospace;font-size:.9em}
pre{overflow:auto;padding:.75rem;background:var(--raised);border-radius:.25rem}
.lead,.note,.empty,figcaption .note{color:var(--muted)}
.note{font-size:.875rem}
.skip{position:absolute;left:-100rem}
.skip:focus{position:static}
.simulated{max-width:none;margin:0 -1rem;padding:.4rem 1rem;background:var(--notice);color:var(--notice-ink);
border-bottom:1px solid var(--rule);text-align:center}
nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;list-style:none;margin:0;padding:.75rem 0;border-bottom:1px solid var(--rule)}
nav a{display:inline-block;padding:.2rem 0;text-decoration:none}
nav a:hover{text-decoration:underline}
nav a[aria-current]{color:var(--ink);font-weight:600;border-bottom:2px solid var(--link)}
body>footer{margin-top:3rem;padding-top:.75rem;border-top:1px solid var(--rule);color:var(--muted);font-size:.875rem}
.positive{color:var(--positive)}.negative{color:var(--negative)}.neutral{color:inherit}
.badge{display:inline-block;padding:0 .5rem;border:1px solid currentColor;border-radius:1rem;font-size:.8125rem;white-space:nowrap;
color:var(--muted)}
.badge.good{color:var(--positive)}.badge.warning{color:var(--warning)}.badge.bad{color:var(--negative)}
.figures{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(10.5rem,calc(50% - .375rem)),1fr));gap:.75rem;margin:1rem 0}
.figures>div{padding:.6rem .75rem;background:var(--raised);border-radius:.25rem}
.figures dt{color:var(--muted);font-size:.875rem}
.figures dd{margin:0;font-size:1.2rem;font-variant-numeric:tabular-nums}
.figures dd.note{font-size:.8125rem}
table{border-collapse:separate;border-spacing:0;font-size:.9375rem;line-height:1.35;min-width:20rem}
.scroll{overflow:auto;max-width:100%;max-height:85vh;margin:.75rem 0}
caption,.caption,figcaption{text-align:left;font-weight:600;font-size:1rem;padding:.25rem 0;margin:0}
th,td{padding:.3rem .75rem .3rem 0;text-align:left;vertical-align:baseline;border-bottom:1px solid var(--grid)}
th:last-child,td:last-child{padding-right:.25rem}
thead th{position:sticky;top:0;z-index:2;background:var(--surface);border-bottom:1px solid var(--muted);font-weight:600;
vertical-align:bottom}
th[scope=row]{font-weight:500}
.scroll th[scope=row]{position:sticky;left:0;z-index:1;background:var(--surface)}
tfoot th,tfoot td{border-top:1px solid var(--muted);border-bottom:0;font-weight:600}
.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.center{text-align:center}
figure{margin:1.25rem 0;break-inside:avoid}
svg{display:block}
svg text{fill:var(--muted);font-size:12px;font-variant-numeric:tabular-nums}
.plot{width:100%;padding:0 1rem 0 3.25rem;overflow:visible}
.plot .halo{paint-order:stroke;stroke:var(--surface);stroke-width:4px;stroke-linejoin:round}
.grid{stroke:var(--grid)}.axis{stroke:var(--muted)}
.level{stroke:var(--negative);stroke-dasharray:6 4}
.line{fill:none;stroke-width:1.75;stroke-linejoin:round;stroke-linecap:round;vector-effect:non-scaling-stroke}
.dashed{stroke-dasharray:7 4;stroke-linecap:butt}.dotted{stroke-dasharray:2 3;stroke-linecap:butt}
.area{stroke:none;fill-opacity:.18}
.stack{stroke:var(--surface);stroke-width:1;vector-effect:non-scaling-stroke}
.sparkline{display:inline-block;vertical-align:middle;width:7.5rem;height:1.75rem}
.legend{display:flex;flex-wrap:wrap;gap:.1rem 1.1rem;list-style:none;margin:.1rem 0 .4rem;padding:0;font-size:.875rem}
.legend li{display:flex;align-items:center;gap:.4rem}
.legend .value{color:var(--muted);font-variant-numeric:tabular-nums}
.bars{width:100%}
.bars th[scope=row]{white-space:nowrap;width:1%}
.bars td{white-space:nowrap;width:1%}
.bars tbody th,.bars tbody td{vertical-align:middle}
.bars td.bar{width:97%;min-width:6rem;padding-top:0;padding-bottom:0;vertical-align:middle}
.bars td.bar svg{width:100%;overflow:visible}
.bar .positive{fill:var(--positive)}.bar .negative{fill:var(--negative)}
.bar .zero{stroke:var(--muted)}.bar .target{stroke:var(--ink);stroke-width:3}.bar .total{fill:var(--series-8)}
.bar .join{stroke:var(--muted);stroke-dasharray:2 2}
.heat td{text-align:right;padding:.3rem .5rem;font-variant-numeric:tabular-nums;white-space:nowrap;border:1px solid var(--surface)}
.heat thead th{text-align:right;padding-left:.5rem;padding-right:.5rem}
.heat td.apart,.heat th.apart{border-left:.5rem solid var(--surface);font-weight:600}
.heat-grid{width:100%;min-width:32rem;max-width:56rem}
.heat-grid text{font-size:9px}
.heat-grid path{stroke:var(--surface);stroke-width:.08}
.whole{max-height:none}
${heat('positive')}${heat('negative')}${numbered(SERIES_COLOURS, (n) => `.series-${n}{stroke:var(--series-${n});fill:var(--series-${n})}\n`)}.line{fill:none}
.stack{stroke:var(--surface)}.area{stroke:none}
.narrow{display:none;color:var(--muted);font-weight:400;white-space:nowrap}
@media (max-width:40rem){
.scroll{max-height:none}
.wide{display:none}
.narrow{display:block}
th,td{padding-right:.5rem}
.bars th[scope=row]{white-space:normal;width:auto}
.bars td.bar{width:50%;min-width:4rem}
.bars thead th{white-space:normal}
.plot{padding:0 .5rem 0 2.75rem}
}
@media print{
body{max-width:none;padding:0}
nav,.skip{display:none}
.scroll{max-height:none;overflow:visible}
thead th,.scroll th[scope=row]{position:static}
tr{break-inside:avoid}
*{print-color-adjust:exact;-webkit-print-color-adjust:exact}
}
`
