"""Phrases that speak for a topic, each group with its weight and where it is looked for; signs.py reads them.

A phrase is whole words without case and with straight apostrophes; `*` stands for any letters, a blank for a
blank or a dash. `start` is how a title begins, `filed` what the vendor files an announcement under. A group
counts once, however many of its phrases are found.
"""

# topic, weight, where, phrases
PHRASES = """
incident 7 title: outage*, elevated error*, degraded, downtime, post mortem, postmortem, quality reports,
    incident*, disruption, service disruption*, went wrong, security incident, data breach, breach,
    vulnerability disclosure, status update, critical flaw, malicious package, hackers hit, service down,
    leaks secrets, quality problems, vulnerability in, credential leak, was slow, root cause, what happened
    on, rollback, rolled back, degradation, service issues, unavailable
deprecation 7 title: deprecat*, retire, retires, retired, retiring, retirement, sunset*, shut down, shuts
    down, shutting down, shutdown, end of life, discontinu*, switched off, no longer maintained, no longer
    available, no longer supported, phasing out, turning off, removal of, moving away from, will be retired,
    will be removed, migration deadline, legacy models, leaves the api, last day of, will stop working,
    goodbye to, farewell to
funding 9 title: series a, series b, series c, series d, series e, series f, series g, series h, valuation,
    acquires, acquire, acquired, acquisition, ipo, seed round, funding round, raises, raised, acquiring,
    merger, merges with, takeover, investment round, strategic investment, invests in, funding to, secures $,
    completes investment, sold for, buys out, billion investment, million investment, valued at, tender offer,
    leads * round, round led by, term sheet, stake in, takes stake, goes public, secondary sale, spins out,
    spin off, team joins
funding 15 title: and investment, investment from
licence 9 title: licence*, license*, relicens*, legal protections, indemnit*, unsupported regions,
    restrictions of, supported countries, privacy policy, changes to our terms, updated terms, acceptable use
licence 20 title: terms of use, terms of service, consumer terms, commercial terms, usage policy
price 13 title: lower pric*, new pric*, cut pric*, cuts pric*, simple* pric*, price cut*, price change*, price
    drop*, pricing update, our pricing, api pricing, model pricing, cheaper, usage limits, increased usage,
    rate limits, discount*, pricing, price reduction*, free tier, pay as you go, usage based, free year, free
    month*, months free, complimentary, cutting prices, weekly limits, your bill, free for students, half the
    price, costs less, limit is reached, simpler plans, new plans, annual billing, monthly billing, billing
    changes, cost per token, price per token, raises prices, raising prices
weights 7 title: open weight, open weights, open release*, open sourcing, open source model*, open source *
    model*, open source foundation, publishes the weights, open sources, open sources its, an open model, an
    open * model, best open models, open foundation model*, open translation model*, open speech model*, the
    weights of, fully open, open to all, free to download, weights now on, open model that, permissively
    licensed, open vision, open language model*, open image model*, open multimodal model*, frontier open,
    open multimodal, open ocr, open source our, our smallest open model*, our open model*, apache licensed,
    mit licensed, openly licensed, open checkpoints
speed 5 title: latency, throughput, tokens per second, inference, kernel*, kv cache, decoding, quanti*,
    speedup*, disaggregat*, prefill, decode, load balancer, serving, optimized, optimised, optimization*,
    parallelism, attention, goodput, acceleration, mixture of experts, moe, speculation, ttft, batching,
    prefix caching, compiler, triton kernel*, sharding, low latency, inferencing, memory bandwidth, roofline,
    cold start*, autoscaling, chip, chips, silicon, data center*, data centre*, hyperscaler, lpu, gpu, gpus,
    tpu, tpus, rocm, blackwell, gb200, gb300, h100, h200, b200, hbm*, memory footprint, memory efficient,
    accelerator, accelerators, cuda, apple silicon, nvlink, twice as fast, first token, our chip, compute
    agreement, compute footprint, for compute, next accelerator, in memory compute, cuda graphs, offload*,
    wafer*, npu performance, asic*, chipmaker*, megawatt*, low precision, tensor parallel*, pipeline
    parallel*, memory bound, lora serving, batch invariant, model scheduling, torch.compile, fp8, fp4, nvfp4,
    low bit, weight loading, sleep mode, prefill decode, decode kernels, graph capture, memory transfer, moe
    inference, serve, at scale serving, trillion parameter, latency targets, high performance, high
    throughput, scheduling, zero overhead, flops, microseconds, milliseconds, sub second, speeds up,
    millisecond, tapes out, tape out, sparse attention, continuous batching, rack scale, nvl72, interconnect*,
    memory wall, on two gpus, on a single gpu, cluster, clusters, inference stack, inference engine
speed 2 title: fast, faster, fastest, speed, performance
speed 12 title: gigawatt*, compute deal, compute partner*, compute capacity, of compute, of new compute, next
    generation compute, speculative decoding, supercomputer*, compute cluster, data center footprint, of
    inference
research 4 title: paper, system card, alignment, misalignment, discoveries, discovering, mechanisms,
    measuring, quantifying, findings, eval, evals, evaluation, evaluations, rl, training, disease, diseases,
    genetic, molecular, aging, ageing, medicines, protein*, biolog*, algorithm, laws, circuits, teaching,
    manipulation, bias, persuasion, persuasiveness, sabotage, math*, olympiad, fusion, quantum, genom*,
    weather, reinforcement, how people, how users, benchmark suite, faithful*, sycophan*, jailbreak*,
    deception, deceptive, reward hacking, red teaming, chain of thought, neurons, neural, features,
    superposition, scaling laws, self supervised, unsupervised, representation*, cognitive, cells, chemistry,
    physics, materials, clinical, drug, simulation*, estimating, assessing, investigating, probing, auditing,
    detecting, evidence, analyzing, tracing, emergent, forecasting, geometry, proof*, brain, mind of, linear,
    personality, values, introspect*, monitorability, generaliz*, classifiers, poisoning, subliminal,
    benchmark, benchmarks, benchmarking, dataset, experimenting, test time, pretraining, predicts, predicting,
    prediction*, uncovering, drug discovery, cancer, dna, patients, clinicians, perception, robotics research,
    in language models, in large language models, reasoning models, language models are, language models can,
    combinatorics, toy models, researchers find, astronom*, patterns in, insights into, can models, do models,
    do language models, first results, factuality, mismatch, diffusion models, conversational dynamics,
    theor*, empirical, causal*, experiment, towards understanding, toward understanding, memoriz*, calibrat*,
    scheming, sandbagging, world models, self play, in context learning, few shot, zero shot, interpret*,
    mechanistic, ablation*, antibod*, vaccine*, molecule*, pathology, radiology, climate, cyclone*,
    earthquake*, species, whales, galax*, archaeolog*, linguistic*, embodied, optimizer*, language model,
    language models, index, jailbreaks, natural language, honesty, synthetic tasks, emotions, randomized
    trial, controlled trial, clinical trial, enzymes, watermarking, unlearning, robustness, adversarial,
    steering, weak supervision, trends in, early look, analysis of, dexterity, do agents, can agents, matrix
    multiplication, solved by, found by search, loneliness, public input, sample efficient, data efficient,
    scaling trends, graph neural, object detection, pose estimation, planning, tree search, verifier*, process
    supervision, reward model*, preference optimization, policy optimization, distill reasoning
research 9 title: economic index, study, technical report, dataset, datasets, report how
research 2 title: research
research 6 start: testing, modeling, modelling, progress from, progress in, uncovering, predicting, decoding,
    mapping the mind, experiments
research 13 start: how people use, how we compare, how we measure, how we evaluate, how we monitor
research 8 text: dataset, datasets, research artifacts, research artefacts
launch 7 start: announcing, meet, launch*, unveil*, open sourcing, new in
launch 7 title: introducing, now supports, now serving
launch 4 title: now, is live, is here, is available, are live, are here, are available, is open sourcing,
    generally available, arrive, arrives, arrived, public beta, launch, launches, day zero, integrates, can
    now, rolls out, rolling out, unveils, debuts, introduces, comes to, coming to, releases, released, joins *
    family, early access, research preview, for everyone, upgraded, in beta, expands to, available in,
    available on, has arrived, new benefits, works with, now works, new way to, better way to, a smarter, text
    to video, now supported, our best model, our smartest, most natural, next generation of, waitlist, in the
    app, more ways to, new ways to, more control, context window, lands in, goes live, out now, first look,
    rollout, is out, adds, gets a, open beta, self serve, release notes, text to image, image to video, speech
    translation, model picker, sign in with, our new plan, dark mode, rolling out to, arrives in, comes with,
    now in, for video input, saved prompts
launch 9 start: show hn
launch 6 title: on amazon *, on aws *, on azure *, on google cloud *, on vertex *, in amazon bedrock, model
    yet, best yet, most capable, most powerful
launch 3 title: api, apis, sdk, plugin, plugins, connector, connectors, beta, preview, mode, modes, support
    for, support in, the new, all new, meets, console, editor, integration, integrations, extension,
    extensions, environments, controls, settings, assistant, available, live, mini, nano, flash, lite, pro,
    ultra, turbo, ocr, tts, speech, app, apps, desktop, ios, android, windows, chrome, slack, excel, voice,
    function calling, tool calling, structured output*, citations, embed, embeddings, rerank*, image
    generation, image editing, text to speech, speech to text, transcription, cli, terminal, studio,
    workspace, workspaces, dashboard, marketplace, library, libraries, playground, agent mode, hooks, plug in,
    web search, code review, batches, projects, artifacts, toolkit, templates, sso, webhooks, websockets, for
    work, for teams, for enterprise, for students, for education, for government, for developers, for
    financial services, for finance, for life sciences, for nonprofits, for science, gallery, widget*,
    shortcut*, canvas, notebook*, calendar, inbox, spreadsheets, slides, browser, headphones, checkout,
    shopping, travel, voices, avatars, spaces, mcp server, sandbox*, code interpreter, deep research, computer
    use, web app, mobile app, whatsapp, teams, outlook, gmail, github, jetbrains, vs code, visual studio,
    xcode, notion, figma, copilot, semantic search, custom instructions, tool use, charts, diagrams,
    streaming, autofix, self hosted, worktrees, marketplaces, free users, pro users, max users, all users,
    every plan, all plans, subscribers, web interface, portal, explorer, viewer, debug mode, sync, sharing,
    history, notifications, reminders, themes, keyboard, autocomplete, multiplayer, import, export,
    permissions, roles, analytics, usage reports, service tiers, priority tier, regions, data residency,
    private cloud, on premises, vpc, byok, zero data retention, for every *, to everyone, to all users, for
    free, worldwide, in the us, in more countries, more languages, new languages
launch 3 start: generate, ask, share, shop, search, put, turn, automate, fine tune, collaborate, use, connect,
    run, extend, customize, tailor, audit, interact, simulate, understand, increase, bringing, redesigning,
    closing, supercharge, expanding, new, improved, improve, evaluate, discover, create, get to, build and,
    run *, try, explore, access, unlock, personalize, talk to, chat with, see, schedule, track, work with,
    control, deploy, manage, monitor, integrate, simplify, rolling out, releasing, previewing, say hello,
    power your, give your, find and, equip, dispatch, keep your, import your, put your, edit, search your,
    connect your
launch 3 text: available on, available in, available to, is available, are available, starting today, excited
    to announce, excited to introduce, excited to unveil, excited to release, thrilled to announce, thrilled
    to introduce, thrilled to present, proud to announce, happy to announce, we're announcing, we're
    introducing, we're launching, we're releasing, we're previewing, has announced, has introduced, has
    launched, has released, is launching, by launching, now support*, now available, now live, in preview,
    general availability, available to try
other 8 title: best practices, prompt engineering, guide, how to, lessons, tips, playbook, hackathon, recap,
    meetup, appoint*, name, names, named, recognized, recognised, office, offices, partner, partners,
    partnering, partnership, partnerships, collaborates, collaborating, mou, episode, team up, teams up,
    policy, lawsuit, interview, years of, readiness, endors*, customer story, lessons learned, getting
    started, tutorial, primer, checklist, faq, cookbook, recipes, podcast, webinar, keynote, fireside, ask me
    anything, takeaways, predictions, year in review, highlights
other 4 start: how, build a, build an, inside, behind, under the hood, beyond, what, why, get ready, from,
    everything, zero trust, statement, the, in conversation, lessons from, when, where, who, can, is, are, do,
    does, on the, understanding, an update on, our approach, meeting, protecting, preparing, strengthening,
    celebrating, reflections, ask hn, tell hn
other 3 title: how, security, safeguards, responsible, healthcare, health, medical, scientists, scientific,
    scientist, hospital*, bank, banks, banking, insurance, telecom*, retail, manufacturing, oncology, doctors,
    industry, industries, enterprises, businesses, organizations, leaders, cios, executives, managers, product
    management, engineers, engineering team, engineering teams, companies, company, rollout strategy,
    operating model, roi, return on investment, business value, use cases, use case, total cost of ownership,
    agentic era, ai native, digital transformation, change management, modernization, legacy
other 5 title: our, we, is using, are using, x, update, community, trust, action plan, thoughts on, response
    to, recommendations, statement, constitution, commitment*, tutorial, introduction to, deep dive,
    explained, debugging, examples, story, stories, america, american, adoption, transformation, strategy,
    happy, celebrat*, welcome*, at work, exploring, reimagining, rethinking, rebuilding, when, should, award*,
    donat*, gift, grants, selects, selected, chooses, adopts, opens, opening, hub, headquarters, memorandum,
    sovereign*, ministry, parliament, congress, department, uk, eu, europe*, japan*, korea*, india*,
    australia*, france, canad*, saudi, german*, africa*, brazil*, singapore, london, paris, tokyo, seoul,
    customers, education program*, impact, is a, is an, is the, is not, uses, builds with, built with, powered
    by, testimony, bill, regulation*, regulators, election*, export controls, governance, principles,
    compliance, soc 2, iso, hipaa, gdpr, certification, threat intelligence, misuse, countering, child safety,
    national security, federal, white house, future of, rise of, case for, path to, road to, vision for,
    choosing, comparing, versus, vs, ways to, things, steps, manifesto, jobs, workforce, economy, hiring,
    careers, culture, team, founders, joins as, students, university, universities, scholars, fellows,
    fellowship*, teachers, nonprofit*, government, governments, senate, minister, nation, national, china,
    mexico, israel, ukraine, rwanda, iceland, switzerland, italy, spain, taiwan, dubai, uae, qatar, bangalore,
    bengaluru, sydney, new york, zurich, munich, dublin, collaboration*, using, help, helps, helping,
    prompting, challenges, employees, across its, birthday, thank you, era of, the * era, partner network,
    economic growth, startup program, what's next, about us, core views, sues, sued, lawsuits, settle*,
    protest*, layoffs, equity, certified, new logo, trends, with local models, q&a, newsletter, anniversary,
    mistakes, pitfalls, myths, glossary, 101, ultimate guide, essential, landscape, explainer, journey,
    copyright, court, judge, antitrust, ban, bans, banned, privacy, executive order, hearing, lawmakers,
    politic*, democra*, war, military, pentagon, veterans, schools, classroom*, educators, literacy, kids,
    parents, teens, nurses, doctors, farmers, artists, musicians, journalists, newsroom*, lawyers, small
    businesses, startups, entrepreneurs, volunteers, humanitarian, sustainab*, carbon, emissions, mental
    health, wellbeing, well being, ethics, ethical, charter, mission, purpose, thailand, vietnam, indonesia,
    malaysia, philippines, poland, sweden, norway, denmark, finland, netherlands, belgium, austria, portugal,
    greece, turkey, egypt, kenya, nigeria, ghana, argentina, chile, colombia, peru, pakistan, bangladesh,
    kazakhstan, luxembourg, czech*, hungar*, estonia*, russia*, scotland, ireland, hong kong, mumbai, delhi,
    berlin, madrid, milan, amsterdam, stockholm, toronto, montreal, melbourne, nato, united nations, oecd,
    picks, pledges, strike, history of, questions for, notes on, handbook, reading list, letter of intent,
    residency, residents, chairs, open standards, code of conduct, spotlight, neighbours, neighbors, debates,
    debate, opinion on, unions, actors, hollywood, publishers, newspapers, rural, youth, women, teaching with,
    the trouble with, considered harmful, harder than, isn't, are not, aren't
research 4 text: new study, a study, study finds, this paper, our paper, we find, researchers, new research,
    breakthrough*, experimenting with, algorithm, generative ai research
other 3 text: learn how, this guide, tutorial, walkthrough, step by step, in this guide, in this post, in this
    article, best practices, news and insights, in this issue, case study
other 9 title: advisory board, advisory council, program, programme, cohort, chief, svp, officer, ceo, cto,
    join forces, alliance, conference, pledge, bug bounty, institute, accelerator, initiative, board of
    directors, summit, winners, vp, head of, president, board, general manager, managing director,
    competition, contest, awards, fund, curriculum, forum, scholarship*
weights 7 text: open weight, open weights, open source model for, open source models, open source * model for,
    open source * models, open source * * models, apache 2.0, open source models for, model weights, weights
    are available, weights available, open source * model, under apache, mit license, permissive license, on
    hugging face, we're open sourcing, we are open sourcing, we're releasing the weights, released the
    weights, release the weights, open model for, latest open model*, best open model*, new open model*, first
    open model*
speed 1 text: throughput, latency, kv cache, kernel, kernels, quanti*, speculative decoding, gpu, gpus, tpu,
    tpus, blackwell, nvfp4, fastest
speed 2 text: serving, inference
speed 3 title: efficiently, optimizing, scaling inference, hardware, faster than
funding 7 text: agreement to be acquired, funding round, we raised, we've raised
launch 1 text: new, now, introduc*, releas*
research 1 filed: research
research 4 filed: publication*, paper*, interpretability, alignment
research 3 title: multi agent, long horizon, post training, fine tuned, zero shot, reasoning traces, latent,
    tokenizer free, diffusion, autoencoders, representations, embeddings of, robotics, robots learn, agents
    learn, world model, generalization, cognition, mathematicians, conjecture*, physicists, biologists,
    chemists, virus*, disease*, hurricanes, satellites
launch 4 filed: product*, launch*, release*, update*, feature*, changelog
other 3 filed: policy, societal impact*, case stud*, customer*, event*, business, enterprise*, community,
    culture, press, partner*, people, tutorial*, guide*, engineering, security, responsible*, public sector,
    solutions
other 20 filed: team
other 2 filed: company, agents, coding, education
other 5 start: seven, six, five, four, three, ten, top, my, i, i'm, stop, don't, against, in defense, in
    praise, in search, migrating, securing, designing, writing, empowering, transforming, helping, shaping,
    thank you, goodbye, welcome to
"""
