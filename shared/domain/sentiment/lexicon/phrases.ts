/** Phrases that mean something else than their words, by what they mean. The longest that fits is taken. */
export const PHRASES = {
  good: `
    price target raised|target raised|raises target|target price raised|raises price target|ups target|pt raised|target hiked
    raises dividend|dividend hike|hikes dividend|special dividend|bonus issue|interim dividend|swings to profit|swung to profit|swings to a profit|swung to a profit|turned to a profit|turned into a profit|turned to profit|bear fruit|bearing fruit|borne fruit
    back to profit|return to profit|returns to profit|returned to profit|turned profitable|back in black|in the black|turns profitable
    positive effect|positive impact|ahead of|above consensus|above estimates|above expectations|above forecast|better than expected
    better than feared|beats on|tops estimates|record high|record highs|all time high|week high|new high|fresh high|life high|lifetime high
    strong buy|have a buy|buy rating|rated buy|initiates buy|starts at buy|starts at outperform|starts at overweight|go long|long position
    market share gains|gain market share|gained market share|credit positive|outlook positive|outlook raised|raises outlook|raises guidance|raises forecast
    guidance raised|lifts forecast|lifts guidance|lifts outlook|ups forecast|raised its forecast|raised its guidance|upward revision|revised up
    cost savings|cost cutting|debt reduction|pays off debt|repays debt|settles lawsuit|wins approval|gets approval|gets nod|gets clearance
    wins order|bags order|wins contract|bags contract|won an order|won a contract|received an order|received orders|wins orders|order worth|signed a contract|awarded a contract
    share buyback|buy back|stock buyback|share repurchase|stock split|unusual calls|call buyers|calls active|insider buying|insider buys
    thumbs up|debt free|cost effective|win win|in good shape|well positioned|on track|top pick|top picks|in demand|gap up|moves up|pick up|picks up|picked up|turn around|turned around
    new record|best ever|largest ever|highest ever|highest since|exceeded expectations|exceeds expectations|well received|strong demand|high demand|no longer a risk
    rate cut hopes|trade deal|ease fears|fears ease|soft landing`,
  bad: `
    price target cut|target cut|cuts target|target lowered|lowers target|cuts price target|pt cut|target trimmed|target slashed
    profit warning|warns on profit|warns of|profit booking|profit taking|swings to loss|swung to loss|swings to a loss|swung to a loss|slips into loss|slipped into the red|into the red|in the red
    posts loss|posted a loss|turned to a loss|turned into a loss|dividend cut|cuts dividend|suspends dividend|no dividend|omits dividend
    below consensus|below estimates|below expectations|below forecast|worse than expected|less than expected|lower than expected|weaker than expected|short of|falls short|fell short
    record low|record lows|week low|month low|year low|new low|fresh low|all time low|lifetime low|lowest since|worst since|lowest level
    have a sell|sell rating|rated sell|starts at sell|starts at underperform|starts at underweight|go short|short position|short seller|stay away|book profits|book profit
    credit negative|outlook negative|outlook cut|cuts outlook|lowers outlook|cuts guidance|lowers guidance|cuts forecast|lowers forecast|guidance cut|withdraws guidance|pulls guidance|withdrew its guidance
    downward revision|revised down|revised downwards|job cuts|cut jobs|cuts jobs|job losses|lay off|lays off|laid off|laying off|personnel reductions|temporary reduce personnel|cut staff|staff cuts
    cutting jobs|axe jobs|terminate employment|codetermination negotiations|statutory negotiations|class action|files for bankruptcy|files for chapter|going concern|under fire|under pressure
    short supply|trade war|money laundering|insider trading|data breach|sell off|sell offs|bear market|death cross|dead cat|unusual puts|put buyers|puts active
    margin pressure|price war|price pressure|write down|write off|writes off|goodwill impairment|gap down|moves down|weigh on|weighs on|weighed on|hit by|hurt by|dragged by|dragged down
    steps down|stepping down|stepped down|shut down|shuts down|closing down|plant closure|loses contract|lost contract|rate hike fears|rate hike|supply disruption|production halt|halts production|force majeure
    weak demand|loss making|non performing|low demand|lack of demand|poor demand|thumbs down|rising costs|higher costs|cost overruns|rose costs|plans to cut|shares halted|missed expectations|misses expectations|negative impact|negative effect|adverse effect`,
  neutral: `
    profit margin|loss adjustment|in line|in line with|unchanged from|no change|remained unchanged|remains unchanged|no impact|no material impact|no significant impact|no material effect|flat at|little changed|at the same level
    results preview|earnings preview|earnings call|conference call|call transcript|annual general meeting|to hold|to host|to present|to report|to announce
    price not disclosed|not disclosed|was not disclosed|value of the transaction|terms of the deal|financial terms|risk factors|risk management|fire safety|buy or sell|sell or hold|stop loss
    fixed income|income tax|gross income|shares outstanding|shares of|stock exchange|stock market|market cap|per share|higher education|lower house|lower saxony|strike price
    a leading|the leading|leading provider|leading supplier|leading manufacturer|leading producer|leading global|leading companies|world leading|one of the leading|market leader in
    record date|record day|track record|bought back|meeting approved|expected to close|be closed on|will close|closing date|closing price|closed at|be completed|completed on|completed by
    cancellation of shares|cancellation of the shares|cancellation of own shares|shares were cancelled|effective from|effective as|effective immediately|effective on
    stock options|stock option|option rights|granted options|options granted|annual report|interim report|rights issue|directed share issue`,
  /** What may go up or down and says nothing by it. */
  indifferent: `
    share capital|number of shares|voting rights|share of votes|share of the votes|number of votes|holding of|holding in|stake in|stake of|ownership in|shareholding of|shareholding in|own shares|treasury shares|number of options|floor area`,
  // Words of the books that judge nothing where they stand.
  none: `
    before tax|before taxes|after tax|after taxes|pre tax|before interest|interest and tax|interest and taxes|loss adjustment expenses|including tax|excluding tax
    one time|long term|short term|year on year|year over year|quarter on quarter|month on month|at the end of|at the bottom of|at the top of|top management|top executive
    sign up|signs up|signed up|sets up|set up|setting up|make up|made up|start up|start ups|line up|follow up|wake up call|buy side|sell side|bottom line|top line|clean up|up to|up for grabs
    cut off|cut out|short list|step by step|more than|less than|no less than|no more than|over the next|over the past|over the last|under way|under the agreement|under the contract|under the terms|as well|well known
    rule of thumb|rate of interest|high speed|high tech|low cost|low voltage|high school|high street|top level|upper house|negative list|positive list|positive train control|good morning|best buy|lead manager
    the firm|a firm|law firm|research firm|investment firm|consulting firm|engineering firm|technology firm|firm of|firm said|firm has
    lift truck|lift trucks|lifting equipment|storage tank|storage tanks|fuel tank|fuel tanks|cutting edge|cutting tools|cutting tool|cutting machines
    first step|next step|large scale|small scale|full scale|in advance|recovery boiler|recovery boilers|heat recovery|energy recovery|waste recovery|growth company|growth companies|down payment
    low energy|low emission|low emissions|low carbon|low floor|under a|under an|under its|under the|under this|under which|under construction|under development|under contract
    waste management|waste water|provision of|in charge|free of charge|charge of|concerns the|concerns a|concerning the|concern the
    fire protection|fire fighting|fire resistant|bar code|bar codes|block of flats|blocks of flats|office block|fine paper|fine papers|fine chemicals|fine dining
    hard disk|hard drive|hard coal|soft drink|soft drinks|soft tissue|virus protection|anti virus|computer virus|computer viruses|by default|bears interest|bear interest
    high pressure|pressure vessel|pressure vessels|pressure sensitive|as well as|solid board|solid wood|solid fuel|solid fuels|solid waste|solid state|well being
    employee benefits|benefit plan|benefit plans|for the benefit of|hot water|hot rolled|reward system|premier league|great britain|competitive bidding|land area|land use|plot of land
    asset management|asset manager|asset managers|fund management|property management|investment bank|investment banking|investment banks|heat pump|heat pumps|loss adjuster`,
  /** Bad when they go up. */
  burdens: `
    combined ratio|cost ratio|loss ratio|gearing ratio|debt ratio|leverage ratio|cost income ratio|tax rate|tax rates|interest rate|interest rates|interest expense|interest expenses|interest costs
    unit cost|unit costs|labour costs|labor costs|fuel cost|fuel costs|fuel price|fuel prices|raw material price|raw material prices|raw material costs|raw materials prices|input prices|input costs|feedstock prices|energy prices|energy costs
    fuel consumption|energy use|energy consumption
    power consumption|consumer prices|consumer price index|wholesale price index|wpi inflation|cpi inflation|bond yields|bond yield|treasury yields|treasury yield|current account deficit|trade deficit|fiscal deficit|budget deficit|jobless claims|jobless rate|unemployment rate
    death toll|lead time|lead times|net debt|net cash outflow|working capital needs|days outstanding|short interest|default rate|operating expenses|operating costs|financing costs|funding costs|borrowing costs|bad bank`,
  /** The same, and bad news by themselves. */
  losses: `
    net loss|net losses|operating loss|operating losses|pretax loss|pretax losses|pre tax loss|credit loss|credit losses|loan loss|loan losses|quarterly loss|annual loss|full year loss
    bad loans|bad loan|bad debt|bad debts|gross npa|gross npas|net npa|net npas`,
  /** Good when they go up. */
  assets: `
    market share|net sales|net profit|operating profit|net income|operating income|gross margin|operating margin|interest income|order book|order intake|orders received|order backlog|net asset value|cash flow|free cash flow|earnings per share|credit rating|capital ratio|capital adequacy ratio
    load factor|occupancy rate|net interest margin|price target|target price|risk appetite|tax revenue|tax revenues|tax collection|tax collections|interest coverage|same store sales|like for like sales|consumer confidence|return on equity|return on capital|equity ratio`,
} as const
