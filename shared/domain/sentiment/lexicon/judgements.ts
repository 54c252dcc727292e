import { nounForms, verbForms, wordsOf } from './inflections.ts'

/** Words that are good news by themselves. */
export const GOOD: readonly string[] = [
  ...verbForms(`
    beat/beat/beaten top* exceed outperform outpace outshine surpass win/won/winning secure bag* clinch land award
    improve enhance strengthen thrive flourish shine/shone prosper delight please impress excel* succeed cheer
    upgrade reinstate resume restore revive revitalise revitalize rejuvenate rescue overcome/overcame settle resolve
    approve clear grant greenlight launch expand innovate partner collaborate benefit
    recover rebound rally surge soar skyrocket outbid reward applaud laud praise endorse back accelerate attract
    buoy brighten lure garner reaffirm reiterate achieve accomplish complete unveil simplify streamline modernise modernize optimise optimize
    capitalise capitalize monetise monetize bullish`),
  ...nounForms(`
    win success breakthrough milestone record achievement award accolade boon boom bull upgrade outperformer beat
    opportunity tailwind advantage strength turnaround windfall bonanza surplus synergy saving leader approval clearance
    nod contract agreement partnership alliance buyback bonus multibagger winner gainer optimism upside rebound recovery`),
  ...wordsOf(`
    bullish overweight outperform accumulate buy strong stronger strongest robust solid healthy upbeat positive favourable favorable
    good great better best excellent superb stellar impressive encouraging promising attractive profitable lucrative optimistic confident
    confidence buoyant resilient stable outstanding exceptional remarkable brisk rosy vibrant bright brighter successful successfully
    winning leading undervalued superior smooth swift efficient effective competitive satisfied pleased delighted happy
    reassuring reward rewarding green comeback thumbs love loves hot premier fastest biggest improved improvement improvements
    improving progress oversubscribed accretive cheapest innovative well ahead momentum hope hopes bargain breakout
    alltime strongly sustainable boosts boosted turnaround strengthens strengthening`),
]

/** Words that are bad news by themselves. */
export const BAD: readonly string[] = [
  ...verbForms(`
    miss disappoint underperform lag* fail struggle suffer hurt/hurt/hurting harm damage worsen deteriorate plague hamper hinder
    sue accuse allege probe investigate fine penalise penalize ban* bar* suspend halt block reject deny delay postpone defer* cancel* cancelled cancelling scrap*
    abandon terminate recall withdraw/withdrew/withdrawn quit/quit/quitting resign oust sack fire axe close shut/shut/shutting shutter
     downgrade warn caution threaten fear worry concern alarm weigh drag* burden pressure squeeze batter hammer pummel
    crash collapse plunge plummet tumble slump sink/sank/sunk tank crumble default bankrupt liquidate dump offload
    violate breach cheat defraud mislead/misled manipulate raid arrest convict jail charge slap* hit/hit/hitting
    dent erode undermine jeopardise jeopardize stall stumble falter flounder languish wobble shrink/shrank/shrunk
    protest strike/struck oppose criticise criticize slam* blame dispute contest overvalue bleed/bled dilute evade furlough idle
    curtail impair cripple doom spook rattle jolt sour plague dismiss exclude expel* boycott tarnish`),
  ...nounForms(`
    loss miss disappointment failure struggle damage crisis recession depression downturn slowdown crash collapse slump selloff
    bear bankruptcy insolvency default liquidation lawsuit litigation probe investigation inquiry fraud scam scandal corruption bribery
    penalty fine sanction ban suspension delay cancellation layoff redundancy closure shutdown strike protest dispute
    warning fear worry concern risk threat uncertainty turmoil turbulence panic woe trouble problem headwind weakness
    downgrade underperformer laggard loser victim casualty outage glitch breach hack cyberattack recall defect
    accident explosion fire death outbreak virus epidemic pandemic coronavirus shortage drought flood
    writedown impairment writeoff setback blow hurdle obstacle drag pain stress bubble shortfall deficit glut raid arrest
    allegation accusation violation backlash boycott jitter blues gloom rout bloodbath carnage meltdown correction fallout overhang`),
  ...wordsOf(`
    bearish underweight underperform sell weak weaker weakest poor poorer poorly bad worse worst dismal bleak grim gloomy disappointing
    lackluster lacklustre sluggish soft softer subdued muted tepid anaemic anemic negative unfavourable unfavorable adverse
    adversely disastrous dire severe severely painful troubled ailing embattled beleaguered struggling unprofitable insolvent
    bankrupt fraudulent illegal unlawful overvalued expensive risky volatile choppy uncertain unstable vulnerable fragile
    pessimistic pessimism cautious nervous anxious fearful angry upset unhappy stagnant unable unlikely lossmaking
    toxic distressed overbought slow slower hard tough challenging difficult difficulties turbulent
    red sour bloody rough unsustainable avoid exit worsening deteriorating lags lagging behind wary dud
    underwhelming underwhelm plunging tumbling crashing sinking tariffs unrest jobless furloughs jail guilty`),
]

/** Words that turn round what follows. */
export const NEGATIONS: readonly string[] = wordsOf(
  'not no never without nor neither hardly barely lack lacks lacked lacking denies denied deny avoids avoided averts averted unaffected despite',
)

/** Words by which something may or may not happen. */
export const HEDGES: readonly string[] = wordsOf(
  'may might could would should likely unlikely possible possibly potential potentially if whether seen expected expects plans plan planning consider considers considering mull mulls eye eyes eyeing seek seeks looking weigh weighs proposed proposes can will aims target targets hopes',
)

/** What results are measured against. */
export const EXPECTATIONS: readonly string[] = nounForms(
  'expectation estimate consensus forecast view prediction street analyst target guidance hope',
)

/** Words of corporate routine: something takes place, no direction is told. */
export const ROUTINE: readonly string[] = [
  ...nounForms(`
    conference presentation transcript webcast filing statement announcement meeting agenda appointment schedule calendar
    prospectus notice webinar interview podcast newsletter article video preview overview review analysis report update recap
    director chairman chairwoman president ceo cfo coo executive officer founder board secretary
    offering placement notes bond tender auction listing ipo prospectus headquarters office subsidiary location`),
  ...verbForms(
    'appoint name hire announce report present host hold/held file publish schedule provide operate manufacture supply employ base locate include comprise consist disclose describe discuss join attend participate convene propose elect',
  ),
]
