import { verbForms, wordsOf } from './inflections.ts'

/** Words for going up. Whether that is good depends on what goes up. */
export const UPWARD: readonly string[] = [
  ...verbForms(`
    rise/rose/risen grow/grew/grown climb gain jump surge soar rally rebound advance increase expand leap/leapt/leaped spike
    skyrocket rocket zoom spurt swell/swelled/swollen accelerate double triple quadruple multiply escalate mount appreciate
    inch edge tick firm bounce recover widen raise lift boost hike elevate up* upgrade add bump push pump bolster
    strengthen quicken pick broaden deepen enlarge heighten intensify step ramp shoot/shot balloon bulge vault pop* scale`),
  ...wordsOf(`
    higher up upward upwards upside uptick upswing upturn upmove uptrend growth expansion appreciation acceleration recovery upgrade
    raised increased elevated bigger larger greater more highest upper wider heavier faster stronger upped peak peaks peaked
    northward doubled doubling tripled spurts hikes raises highs above over`),
]

/** Words for going down. Whether that is bad depends on what goes down. */
export const DOWNWARD: readonly string[] = [
  ...verbForms(`
    fall/fell/fallen drop* decline decrease slip* slide/slid sink/sank/sunk plunge plummet tumble slump crash dive/dived/dove dip* tank
    shrink/shrank/shrunk reduce cut/cut/cutting lower trim* slash shave shed/shed/shedding lose/lost weaken soften slow
    halve ease retreat recede drift crumble collapse nosedive depreciate dwindle diminish wane wither taper
    moderate pare prune curb decelerate narrow lessen minimise minimize downgrade skid* swoon buckle nurse subside cool tighten
    sag* crack melt crater sap* drain dent`),
  ...wordsOf(`
    lower down downward downwards downside downtick downturn downtrend contraction depreciation reduction reductions decline declines
    smaller fewer less lowest slower narrower lighter slowdown slowing weaker softer southward halved below under slippage contracted contracting
    cheaper cutback cutbacks lows bottom low shortfall cuts`),
]

/** Direction words that stand before what they move: `cut costs`, `higher profit`, `a rise in sales`. */
export const FORWARD: ReadonlySet<string> = new Set([
  ...verbForms(
    'raise lift boost hike cut/cut/cutting lower trim* slash reduce shed/shed/shedding pare prune curb lose/lost bolster minimise add halve',
  ),
  ...wordsOf(
    'higher lower bigger smaller larger fewer less more greater increased reduced reduction reductions slower faster weaker stronger upped wider narrower growth',
  ),
])
